import type { ReactNode } from "react";
import { isOver, type RunState } from "@/server/core/run-state";
import { Button } from "../ui/button";
import { count, moment, plural } from "../ui/format";
import { Message } from "../ui/message";
import { StateWord } from "../ui/state-word";
import { RunControls, type RunCommand } from "./run-controls";

/** A whole task as it stands in a list of those that were asked for. */
export interface TaskRun {
  state: RunState;
  done: number;
  total: number;
  message: string;
  createdAt: Date;
}

/** Its title, how far it is, what to do about it; below, what has come of it. */
export function TaskItem(props: {
  title: string;
  run: TaskRun;
  /** What it counts: "row". */
  unit: string;
  /** What is said of a failure that gives no reason. */
  failure: string;
  busy: boolean;
  onCommand: (command: RunCommand) => void;
  onRetry: () => void;
  children: ReactNode;
}) {
  const { run, unit } = props;
  const share = run.total > 0 ? Math.min(1, run.done / run.total) : 0;
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h3 className="min-w-0 font-medium break-words">{props.title}</h3>
        <p className="flex items-baseline gap-3 text-sm text-faint">
          {moment(run.createdAt)}
          <StateWord state={run.state} />
        </p>
      </div>
      {!isOver(run.state) && (
        <>
          <div
            role="progressbar"
            aria-label={`${unit[0]?.toUpperCase()}${unit.slice(1)}s written`}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(share * 100)}
            className="h-2 overflow-hidden rounded-full bg-sunken ring-1 ring-rule ring-inset"
          >
            <div className="h-full bg-ink transition-[width] duration-500" style={{ width: `${share * 100}%` }} />
          </div>
          <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
            <p className="text-sm text-faint" aria-live="polite">
              {run.state === "queued"
                ? "waits for a worker of this machine; npm start starts one"
                : `${count(run.done)} of ${plural(run.total, unit)}${run.message === "" ? "" : `, ${run.message}`}`}
            </p>
            <RunControls state={run.state} busy={props.busy} onCommand={props.onCommand} />
          </div>
        </>
      )}
      {run.state === "failed" && (
        <Message
          tone="error"
          action={
            <Button disabled={props.busy} onClick={props.onRetry}>
              Try again
            </Button>
          }
        >
          {run.message || props.failure}
        </Message>
      )}
      {props.children}
    </div>
  );
}
