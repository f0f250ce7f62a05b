import Link from "next/link";
import type { StudyCard } from "@/server/core/views/study";
import { count, moment, plural } from "../ui/format";
import { StateWord } from "../ui/state-word";

/** The studies, newest first; when there are none, how to make one. */
export function StudyList({ studies }: { studies: readonly StudyCard[] }) {
  if (studies.length === 0) return <NoStudies />;
  return (
    <ul className="divide-y divide-rule border-t border-ink" aria-label="Studies">
      {studies.map((s) => (
        <li key={s.id} className="grid gap-x-8 gap-y-1 py-4 md:grid-cols-[minmax(14rem,1fr)_14rem_minmax(18rem,1.2fr)]">
          <div>
            <Link href={`/studies/${encodeURIComponent(s.name)}`} className="font-serif text-xl font-semibold">
              {s.name}
            </Link>
            <p className="mt-0.5 text-sm text-faint">
              {s.kind === "lab" ? "The built-in lab: its own world, its own model, its own figures" : s.note || `Since ${moment(s.createdAt)}`}
            </p>
          </div>
          <p className="text-sm text-soft">
            {plural(s.problems, "problem")}
            <br />
            {plural(s.attempts, "attempt")}
          </p>
          <ul className="text-sm" aria-label={`Runs of ${s.name}`}>
            {s.pipelines.length === 0 && <li className="text-faint">no run yet</li>}
            {s.pipelines.slice(0, 3).map((p) => (
              <li key={p.id} className="flex flex-wrap items-baseline gap-x-4">
                <StateWord state={p.state} />
                <span className="text-soft">
                  {RECIPES[p.recipe] ?? p.recipe}, {count(p.done)} of {count(p.total)} rows
                </span>
                <span className="text-faint">{moment(p.createdAt)}</span>
              </li>
            ))}
            {s.pipelines.length > 3 && <li className="text-faint">and {s.pipelines.length - 3} earlier</li>}
          </ul>
        </li>
      ))}
    </ul>
  );
}

/** Recipes as people call them. */
export const RECIPES: Record<string, string> = { int: "intervention training" };

function NoStudies() {
  return (
    <div className="max-w-prose border-t border-ink pt-4">
      <p className="font-serif text-lg">There is no study yet.</p>
      <p className="mt-3">
        Start the built-in lab, a small world with a model of its own that runs on this machine. It takes a few minutes:
      </p>
      <Command>npm run intervene -- run int --study lab</Command>
      <p className="mt-3">Or import problems, attempts or traces of your own (JSONL or CSV; the format is recognised):</p>
      <Command>npm run intervene -- import FILE --study NAME</Command>
      <p className="mt-3 text-sm text-faint">Type either in a second terminal while this page is running. It shows up here by itself.</p>
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
