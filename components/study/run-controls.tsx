"use client";
import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { RunState } from "@/server/core/run-state";
import { Button, buttonClass } from "../ui/button";

export type RunCommand = "pause" | "resume" | "cancel";

/** Pause, resume and cancel of a whole run. Cancelling asks first: it cannot be undone. */
export function RunControls(props: { state: RunState; busy: boolean; onCommand: (command: RunCommand) => void }) {
  const over = props.state === "done" || props.state === "failed" || props.state === "cancelled";
  if (over) return null;
  return (
    <div className="flex gap-2" role="group" aria-label="Control the run">
      {props.state === "paused" ? (
        <Button disabled={props.busy} onClick={() => props.onCommand("resume")}>
          Resume
        </Button>
      ) : (
        <Button disabled={props.busy} onClick={() => props.onCommand("pause")}>
          Pause
        </Button>
      )}
      <AlertDialog.Root>
        <AlertDialog.Trigger className={buttonClass()} disabled={props.busy}>
          Cancel…
        </AlertDialog.Trigger>
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-ink/25" />
          <AlertDialog.Popup className="fixed top-1/3 left-1/2 z-50 w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 rounded-sm border border-edge bg-raised p-5 shadow-lg">
            <AlertDialog.Title className="mb-2 text-lg">Cancel this run?</AlertDialog.Title>
            <AlertDialog.Description className="text-soft">
              Every stage stops within a few seconds. What has been sampled stays; what has not will not be made. This
              cannot be undone.
            </AlertDialog.Description>
            <div className="mt-5 flex justify-end gap-2">
              <AlertDialog.Close className={buttonClass()}>Keep running</AlertDialog.Close>
              <AlertDialog.Close className={buttonClass("danger")} onClick={() => props.onCommand("cancel")}>
                Cancel the run
              </AlertDialog.Close>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </div>
  );
}
