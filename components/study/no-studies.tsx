import Link from "next/link";
import { Button } from "../ui/button";

/** What to do in an empty database. */
export function NoStudies(props: { busy: boolean; onStartLab: () => void }) {
  return (
    <div className="max-w-prose border-t border-ink pt-4">
      <p className="font-serif text-lg">There is no study yet.</p>
      <p className="mt-3">
        The built-in lab is a small world with a model of its own. Its whole run takes a few minutes on this machine.
      </p>
      <p className="mt-2">
        <Button disabled={props.busy} onClick={props.onStartLab}>
          Start the lab study
        </Button>
      </p>
      <p className="mt-6">
        Problems, attempts or traces of your own <Link href="/import">come in through a page</Link> (the format is
        recognised), or from a second terminal:
      </p>
      <Command>npm run intervene -- import FILE --study NAME</Command>
      <p className="mt-3">and a run is started there as well:</p>
      <Command>npm run intervene -- run int --study NAME</Command>
      <p className="mt-3 text-sm text-faint">What you import or start shows up here by itself.</p>
    </div>
  );
}

function Command({ children }: { children: string }) {
  return (
    <pre className="mt-2 overflow-x-auto rounded-xs bg-sunken px-3 py-2 font-mono text-sm" tabIndex={0}>
      {children}
    </pre>
  );
}
