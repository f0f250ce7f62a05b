"use client";
import { Dialog } from "@base-ui/react/dialog";
import { buttonClass } from "../ui/button";

export const KEYS = [
  ["j  k", "next, previous step"],
  ["n  N", "next, previous mark (first error, intervention, unclear verdict)"],
  ["g  G", "first, last step"],
  ["v", "next verification sample"],
  ["d", "word diff of the replaced step"],
  ["r", "text as the model wrote it"],
  ["]  [", "next, previous attempt"],
  ["?", "this list"],
] as const;

/** The list of keys. */
export function KeysDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Dialog.Trigger className={buttonClass("quiet")}>Keys</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-ink/25" />
        <Dialog.Popup className="fixed top-1/3 left-1/2 z-50 w-[min(26rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/3 rounded-sm border border-edge bg-raised p-5 shadow-lg">
          <Dialog.Title className="mb-3 text-lg">Keys</Dialog.Title>
          <dl className="grid grid-cols-[5rem_1fr] gap-y-1.5 text-sm">
            {KEYS.map(([key, what]) => (
              <div key={key} className="contents">
                <dt className="flex gap-1">
                  {key.split("  ").map((k) => (
                    <kbd
                      key={k}
                      className="min-w-6 rounded-xs border border-edge px-1.5 text-center font-mono text-xs leading-5"
                    >
                      {k}
                    </kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <div className="mt-4 text-end">
            <Dialog.Close className={buttonClass()}>Close</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
