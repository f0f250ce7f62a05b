"use client";
import { choiceWords } from "@/server/core/publishing/request";
import type { PublicationView } from "@/server/core/views/publication";
import { isOver } from "@/server/core/run-state";
import { bytesOf } from "../importing/bytes";
import type { RunCommand } from "../study/run-controls";
import { RemoveTask } from "../study/remove-task";
import { TaskItem } from "../study/task-item";
import { plural } from "../ui/format";

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
  return (
    <TaskItem
      title={title(run)}
      run={run}
      unit="attempt"
      failure="Publishing failed."
      busy={actions.busy}
      onCommand={(c) => actions.onCommand(run, c)}
      onRetry={() => actions.onRetry(run)}
    >
      {run.result !== null && <Written run={run} result={run.result} actions={actions} />}
      {isOver(run.state) && <RemoveTask what="with its files" busy={actions.busy} onRemove={() => actions.onRemove(run)} />}
    </TaskItem>
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
