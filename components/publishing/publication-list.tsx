"use client";
import { useState } from "react";
import { choiceWords } from "@/server/core/publishing/request";
import type { PublicationView } from "@/server/core/views/publication";
import { bytesOf } from "../importing/bytes";
import { RunControls, type RunCommand } from "../study/run-controls";
import { Button } from "../ui/button";
import { count, moment, plural } from "../ui/format";
import { Message } from "../ui/message";
import { StateWord } from "../ui/state-word";

export interface PublicationActions {
  busy: boolean;
  fileHref: (run: string, file: string) => string;
  onCommand: (run: PublicationView, command: RunCommand) => void;
  onRetry: (run: PublicationView) => void;
  onRemove: (run: PublicationView) => void;
}

/** Publications that were asked for, newest first. */
export function PublicationList(props: { publications: readonly PublicationView[]; actions: PublicationActions }) {
  return (
    <ul className="divide-y divide-rule">
      {props.publications.map((run) => (
        <li key={run.id} className="py-4 first:pt-0" data-state={run.state} data-testid="publication">
          <Item run={run} actions={props.actions} />
        </li>
      ))}
    </ul>
  );
}

function title({ request: r }: PublicationView): string {
  const more = [r.anonymous && "anonymous", r.decisions && (r.names ? "with decisions by name" : "with decisions")].filter(Boolean);
  return [choiceWords(r), ...more].join(", ");
}

function Item({ run, actions }: { run: PublicationView; actions: PublicationActions }) {
  const over = run.state === "done" || run.state === "failed" || run.state === "cancelled";
  const share = run.total > 0 ? Math.min(1, run.done / run.total) : 0;
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h3 className="min-w-0 font-medium break-words">{title(run)}</h3>
        <p className="flex items-baseline gap-3 text-sm text-faint">
          {moment(run.createdAt)}
          <StateWord state={run.state} />
        </p>
      </div>
      {!over && (
        <>
          <div
            role="progressbar"
            aria-label="Attempts written"
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
                : `${count(run.done)} of ${plural(run.total, "attempt")}${run.message === "" ? "" : `, ${run.message}`}`}
            </p>
            <RunControls state={run.state} busy={actions.busy} onCommand={(c) => actions.onCommand(run, c)} />
          </div>
        </>
      )}
      {run.state === "failed" && (
        <Message
          tone="error"
          action={
            <Button disabled={actions.busy} onClick={() => actions.onRetry(run)}>
              Try again
            </Button>
          }
        >
          {run.message || "Publishing failed."}
        </Message>
      )}
      {run.result !== null && <Written run={run} result={run.result} actions={actions} />}
      {over && <Remove run={run} actions={actions} />}
    </div>
  );
}

function Written(props: {
  run: PublicationView;
  result: NonNullable<PublicationView["result"]>;
  actions: PublicationActions;
}) {
  const { run, actions } = props;
  const { counts, bytes, files, digest } = props.result.manifest;
  return (
    <div className="space-y-2 text-sm">
      <p className="text-soft">
        {plural(counts.attempts, "attempt")} at {plural(counts.problems, "problem")},{" "}
        {plural(counts.continuations, "continuation")}
        {counts.decisions > 0 && `, ${plural(counts.decisions, "decision")}`}
        {counts.withheldDecisions > 0 && ` · ${plural(counts.withheldDecisions, "decision")} of open blind queues held back`}
        {` · ${plural(files, "file")}, ${bytesOf(bytes)}`}
      </p>
      {run.there ? (
        <p className="flex flex-wrap gap-x-5 gap-y-1">
          <a href={actions.fileHref(run.id, "index.html")} target="_blank" rel="noreferrer">
            Look at it
          </a>
          <a href={actions.fileHref(run.id, "all.zip")} download className="font-medium">
            Download it (.zip)
          </a>
          <a href={actions.fileHref(run.id, "all.tar")} download>
            .tar
          </a>
        </p>
      ) : (
        <p className="text-faint">Its files are gone.</p>
      )}
      <p className="min-w-0 font-mono text-xs break-all text-faint" title="SHA-256 over files.sha256, which holds the digests of all files">
        SHA-256 {digest}
      </p>
    </div>
  );
}

/** Removing asks once, in its own place. */
function Remove({ run, actions }: { run: PublicationView; actions: PublicationActions }) {
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <Button tone="quiet" onClick={() => setAsked(true)}>
        Remove…
      </Button>
    );
  return (
    <span className="flex items-center gap-3">
      <Button tone="danger" disabled={actions.busy} onClick={() => actions.onRemove(run)}>
        Remove with its files
      </Button>
      <Button tone="quiet" onClick={() => setAsked(false)}>
        Keep
      </Button>
    </span>
  );
}
