"use client";
import { Dialog } from "@base-ui/react/dialog";
import { buttonClass } from "../ui/button";

type Keys = readonly (readonly [keys: string, what: string])[];

const STEPS: Keys = [
  ["j  k  ↓  ↑", "next, previous step"],
  ["n  N", "next, previous mark (first error, intervention, unclear verdict)"],
  ["g  G", "first, last step"],
  ["/", "search the attempt; Enter and Shift Enter for the hits"],
];
const TEXT: Keys = [
  ["v", "next verification sample"],
  ["d", "changed words of the replaced step"],
  ["r", "text as the model wrote it"],
  ["z", "unfold thinking"],
  [".  ,", "next, previous continuation"],
  ["]  [", "next, previous attempt"],
  ["?", "this list"],
];

/** The list of keys. `more`: keys that open panels, and the panels' names. */
export function KeysDialog(props: { open: boolean; onOpenChange: (open: boolean) => void; more?: Keys }) {
  const panels = (props.more ?? []).map(([key, name]) => [key, `panel: ${name}`] as const);
  return (
    <Dialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Dialog.Trigger className={buttonClass("quiet")}>Keys</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-ink/25" />
        <Dialog.Popup className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[min(44rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-sm border border-edge bg-raised p-5 shadow-lg">
          <Dialog.Title className="mb-3 text-lg">Keys</Dialog.Title>
          <div className="grid gap-x-8 gap-y-1.5 text-sm sm:grid-cols-2">
            <KeyList keys={[...STEPS, ...TEXT]} />
            <KeyList keys={panels} narrow />
          </div>
          <div className="mt-4 text-end">
            <Dialog.Close className={buttonClass()}>Close</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function KeyList({ keys, narrow = false }: { keys: Keys; narrow?: boolean }) {
  return (
    <dl className={`grid content-start gap-y-1.5 ${narrow ? "grid-cols-[2.5rem_1fr]" : "grid-cols-[6.5rem_1fr]"}`}>
      {keys.map(([key, what]) => (
        <div key={key} className="contents">
          <dt className="flex gap-1">
            {key.split("  ").map((k) => (
              <kbd
                key={k}
                className="h-fit min-w-5 rounded-xs border border-edge px-1 text-center font-mono text-xs leading-5"
              >
                {k}
              </kbd>
            ))}
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
