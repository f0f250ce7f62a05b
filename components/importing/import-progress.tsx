"use client";
import type { ImportView } from "@/server/core/views/imports";
import { type RunCommand, RunControls } from "../study/run-controls";
import { Button } from "../ui/button";
import { cx } from "../ui/cx";
import { count } from "../ui/format";
import { Message } from "../ui/message";
import { Section } from "../ui/section";
import { StateWord } from "../ui/state-word";
import { bytesOf } from "./bytes";

/** How far an import is, and the commands to it. */
export function ImportProgress(props: {
  of: ImportView;
  busy: boolean;
  onCommand: (command: RunCommand) => void;
  onRetry: () => void;
}) {
  const { of: run } = props;
  const over = run.endedAt !== null;
  const known = run.total > 0;
  const share = known ? Math.min(1, run.done / run.total) : 0;
  const { report } = run;
  const seconds = report?.seconds ?? 0;
  return (
    <Section title="Progress" aside={<RunControls state={run.state} busy={props.busy} onCommand={props.onCommand} />}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <p aria-live="polite">
          <b className="font-semibold">{count(run.done)}</b>
          {known && !over && <span className="text-faint"> of about {count(run.total)}</span>} {run.done === 1 ? "row" : "rows"} read
        </p>
        <StateWord state={run.state} />
      </div>
      <div
        role="progressbar"
        aria-label="Rows read"
        aria-valuemin={0}
        aria-valuemax={100}
        {...(known || over ? { "aria-valuenow": Math.round(share * 100) } : {})}
        className="mt-2 h-2 overflow-hidden rounded-full bg-sunken ring-1 ring-rule ring-inset"
      >
        <div className={cx("h-full transition-[width] duration-500", run.state === "cancelled" ? "bg-faint" : "bg-ink")} style={{ width: `${share * 100}%` }} />
      </div>
      <p className="mt-1.5 flex min-h-5 flex-wrap gap-x-4 text-sm text-faint">
        {seconds > 0 && report !== null && <span>{count(report.rows.read / seconds)} rows/s</span>}
        {seconds > 0 && over && report !== null && <span>{bytesOf(report.bytes / seconds)}/s</span>}
        {run.state === "queued" && <span>waits for a worker of this machine; npm start starts one</span>}
        {run.message !== "" && run.state !== "failed" && <span className="text-uncertainty">{run.message}</span>}
      </p>
      {run.state === "failed" && (
        <div className="mt-3">
          <Message tone="error" action={<Button disabled={props.busy} onClick={props.onRetry}>Go on from there</Button>}>
            {run.message || "The import failed."} What was read stays.
          </Message>
        </div>
      )}
    </Section>
  );
}
