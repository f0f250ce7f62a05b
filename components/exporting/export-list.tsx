"use client";
import { nameOf } from "@/server/core/exporting/request";
import type { ExportResult } from "@/server/core/exporting/task";
import type { ExportView } from "@/server/core/views/exports";
import { isOver } from "@/server/core/run-state";
import { bytesOf } from "../importing/bytes";
import type { RunCommand } from "../study/run-controls";
import { RemoveTask } from "../study/remove-task";
import { TaskItem } from "../study/task-item";
import { Disclosure } from "../ui/disclosure";
import { count, plural } from "../ui/format";
import { CopyText } from "./copy-text";
import { PushForm, type PushInput } from "./push-form";

export interface ExportActions {
  busy: boolean;
  hub: string;
  hasToken: boolean;
  fileHref: (run: string, file: string) => string;
  onCommand: (run: ExportView, command: RunCommand) => void;
  onRetry: (run: ExportView) => void;
  onPush: (run: ExportView, push: PushInput) => void;
  onRemove: (run: ExportView) => void;
}

/** Exports that were asked for, newest first. */
export function ExportList({ exports, actions }: { exports: readonly ExportView[]; actions: ExportActions }) {
  return (
    <ul className="divide-y divide-rule">
      {exports.map((run) => (
        <li key={run.id} className="py-4 first:pt-0">
          <ExportItem run={run} actions={actions} />
        </li>
      ))}
    </ul>
  );
}

/** What a task is, in words: "int as trl-tokenised", "push to team/rows". */
function title({ task, result }: ExportView): string {
  if (task.task === "write") return `${nameOf(task.request.what)} as ${task.request.format}`;
  const of = result === null ? "" : ` of ${nameOf(result.manifest.what)} as ${result.manifest.format.id}`;
  return `push${of} to ${task.push.repo}`;
}

function ExportItem({ run, actions }: { run: ExportView; actions: ExportActions }) {
  return (
    <TaskItem
      title={title(run)}
      run={run}
      unit="row"
      failure="The export failed."
      busy={actions.busy}
      onCommand={(c) => actions.onCommand(run, c)}
      onRetry={() => actions.onRetry(run)}
    >
      {run.result !== null && <Written run={run} result={run.result} actions={actions} />}
      {isOver(run.state) && run.result === null && <Remove run={run} actions={actions} />}
    </TaskItem>
  );
}

function Written({ run, result, actions }: { run: ExportView; result: ExportResult; actions: ExportActions }) {
  const { counts, digest } = result.manifest;
  const total = result.files.reduce((sum, f) => sum + f.bytes, 0);
  const href = (file: string) => actions.fileHref(run.id, file);
  return (
    <div className="space-y-2 text-sm">
      <p className="text-soft">
        {plural(counts.rows, "row")}, {bytesOf(total)}
        {counts.skipped.map((s) => ` · ${count(s.count)} left out: ${s.reason}`)}
        {counts.withheldDecisions > 0 && ` · ${plural(counts.withheldDecisions, "decision")} of open blind queues held back`}
      </p>
      {result.pushed !== null && (
        <p>
          Pushed to{" "}
          <a href={result.pushed.url} className="break-all">
            {result.pushed.repo}
          </a>
          <span className="text-faint"> (commit {result.pushed.commit.slice(0, 10)})</span>
        </p>
      )}
      {run.there ? (
        <ul className="flex flex-wrap gap-x-5 gap-y-1">
          {result.files.map((f) => (
            <li key={f.name} className="whitespace-nowrap">
              <a href={href(f.name)} download>
                {f.name}
              </a>{" "}
              <span className="text-faint">{bytesOf(f.bytes)}</span>
            </li>
          ))}
          <li>
            <a href={href("all.zip")} download className="font-medium">
              all of it (.zip)
            </a>{" "}
            <a href={href("all.tar")} download className="text-faint" aria-label="all of it (.tar)">
              .tar
            </a>
          </li>
        </ul>
      ) : (
        <p className="text-faint">Its files are gone.</p>
      )}
      {run.task.task === "write" && run.there && (
        <>
          <Disclosure title="Load it">
            <CopyText text={result.load} label="Code that loads it" />
          </Disclosure>
          <Disclosure title="Push it to the hub">
            <PushForm
              hub={actions.hub}
              hasToken={actions.hasToken}
              busy={actions.busy}
              submit="Push"
              onPush={(push) => actions.onPush(run, push)}
            />
          </Disclosure>
        </>
      )}
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <p className="min-w-0 font-mono text-xs break-all text-faint" title="SHA-256 over the digests of the data files">
          SHA-256 {digest}
        </p>
        <Remove run={run} actions={actions} />
      </div>
    </div>
  );
}

function Remove({ run, actions }: { run: ExportView; actions: ExportActions }) {
  const what = run.task.task === "write" ? "with its files" : "from the list";
  return <RemoveTask what={what} busy={actions.busy} onRemove={() => actions.onRemove(run)} />;
}
