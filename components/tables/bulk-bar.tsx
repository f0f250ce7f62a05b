"use client";
import { type ReactNode, useState } from "react";
import { Button } from "../ui/button";
import { count, plural } from "../ui/format";
import { Pop } from "../ui/pop";
import { Select } from "../ui/select";

export interface OpenQueue {
  id: string;
  name: string;
  subject: "attempt" | "proposal";
  items: number;
}

/** What can be done with the rows that are chosen. */
export function BulkBar(props: {
  one: string;
  many: string;
  /** How many are chosen; null while they are being counted. */
  chosen: number | null;
  /** How many the question finds, when not all of them are chosen; null when it is not known or they are. */
  all: { count: number; exact: boolean } | null;
  onAll: () => void;
  onNone: () => void;
  tags: readonly string[];
  onTag: (tag: string, on: boolean) => void;
  /** Queues that these rows can go into; null: such rows are not judged. */
  queues: readonly OpenQueue[] | null;
  newQueue: ReactNode;
  onQueue: (queue: string) => void;
  /** Buttons of forms that download files. */
  files: ReactNode;
  busy: boolean;
}) {
  const { chosen, all } = props;
  return (
    <div
      role="region"
      aria-label="Chosen rows"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-s-2 border-ink bg-sunken px-3 py-2 text-sm"
    >
      <p aria-live="polite" className="font-medium">
        {chosen === null ? "Counting…" : `${plural(chosen, props.one, props.many)} chosen`}
      </p>
      {all !== null && (
        <Button tone="quiet" onClick={props.onAll}>
          Choose all {all.exact ? "" : "about "}
          {count(all.count)} that match
        </Button>
      )}
      <Pop label="Tag…" title="Tag" disabled={props.busy}>
        {(close) => <TagForm tags={props.tags} onTag={(tag, on) => { close(); props.onTag(tag, on); }} />}
      </Pop>
      {props.queues !== null && (
        <Pop label="Add to queue…" title="Add to a queue" disabled={props.busy}>
          {(close) => (
            <QueueForm queues={props.queues ?? []} newQueue={props.newQueue} onQueue={(queue) => { close(); props.onQueue(queue); }} />
          )}
        </Pop>
      )}
      {props.files}
      <Button tone="quiet" onClick={props.onNone}>
        Choose none
      </Button>
    </div>
  );
}

function TagForm(props: { tags: readonly string[]; onTag: (tag: string, on: boolean) => void }) {
  const [tag, setTag] = useState("");
  const name = tag.trim();
  return (
    <form
      className="space-y-3 text-sm"
      onSubmit={(e) => {
        e.preventDefault();
        if (name !== "") props.onTag(name, true);
      }}
    >
      <label className="block text-faint">
        A word, new or used before
        <input
          value={tag}
          list="tags-used"
          maxLength={60}
          onChange={(e) => setTag(e.target.value)}
          className="mt-1 h-8 w-full rounded-sm border border-edge bg-raised px-2 text-ink"
        />
      </label>
      <datalist id="tags-used">
        {props.tags.map((t) => (
          <option key={t} value={t} />
        ))}
      </datalist>
      <div className="flex gap-2">
        <Button type="submit" disabled={name === ""}>
          Put it on
        </Button>
        <Button disabled={name === "" || !props.tags.includes(name)} onClick={() => props.onTag(name, false)}>
          Take it off
        </Button>
      </div>
    </form>
  );
}

function QueueForm(props: { queues: readonly OpenQueue[]; newQueue: ReactNode; onQueue: (queue: string) => void }) {
  const [queue, setQueue] = useState(props.queues[0]?.id ?? "");
  return (
    <div className="space-y-3 text-sm">
      {props.queues.length === 0 ? (
        <p className="text-faint">No queue of this study is open for such rows.</p>
      ) : (
        <form
          className="space-y-3"
          onSubmit={(e) => {
            e.preventDefault();
            if (queue !== "") props.onQueue(queue);
          }}
        >
          <label className="block text-faint">
            Queue
            <Select
              value={queue}
              options={props.queues.map((q) => [q.id, `${q.name} (${plural(q.items, q.subject)})`] as const)}
              onChange={setQueue}
              className="mt-1 w-full"
            />
          </label>
          <p className="text-faint">
            What it has already stays as it is. In a queue of proposals, an attempt stands for its chosen proposal.
          </p>
          <Button type="submit">Add</Button>
        </form>
      )}
      {props.newQueue}
    </div>
  );
}
