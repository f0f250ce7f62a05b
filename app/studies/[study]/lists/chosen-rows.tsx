"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { attemptQueryOf, searchOf } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { BulkBar } from "@/components/tables/bulk-bar";
import { Button } from "@/components/ui/button";
import { plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import type { ListCount } from "@/server/core/lists/cells";
import type { Selection } from "@/server/core/lists/selection";
import { type ListName, specOf } from "@/server/core/lists/tables";

/** What is done with the rows of a list that somebody has chosen: tags, queues, files. */
export function ChosenRows(props: {
  study: string;
  list: ListName;
  base: string;
  selection: Selection;
  /** What the list's filters find. */
  found: ListCount | null;
  filters: string;
  tags: readonly string[];
  onAll: () => void;
  onNone: () => void;
}) {
  const { study, list, base, selection } = props;
  const spec = specOf(list);
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [done, setDone] = useState("");
  const judged = list === "attempts" || list === "proposals" ? list : null;
  const queues = useQuery(trpc.queues.list.queryOptions({ study }, { enabled: judged !== null }));
  // All of them are named by their exact number before anything is done with them.
  const exact = useQuery(
    trpc.lists.count.queryOptions({ study, list, search: props.filters, exact: true }, { enabled: selection.kind === "all" && props.found?.exact !== true }),
  );
  const all = props.found?.exact === true ? props.found : (exact.data ?? null);
  const chosen = selection.kind === "ticked" ? selection.ids.length : all === null ? null : Math.max(0, all.count - selection.except.length);
  const tag = useMutation(
    trpc.lists.tag.mutationOptions({
      onSuccess: async ({ changed }, { tag: name, on }) => {
        setDone(`${plural(changed, spec.one, spec.many)} ${on ? "got" : "lost"} the tag “${name}”.`);
        await queries.invalidateQueries({ queryKey: trpc.lists.pathKey() });
      },
    }),
  );
  const add = useMutation(
    trpc.lists.addToQueue.mutationOptions({
      onSuccess: async ({ added, had }) => {
        setDone(`${plural(added, "item")} added${had > 0 ? `; ${had} stood in the queue already` : ""}.`);
        await queries.invalidateQueries({ queryKey: trpc.queues.pathKey() });
      },
    }),
  );
  const error = tag.error ?? add.error;
  const open = (queues.data ?? []).filter((q) => q.closedAt === null && (list === "attempts" || q.subject === "proposal"));
  return (
    <div className="space-y-2">
      <BulkBar
        one={spec.one}
        many={spec.many}
        chosen={chosen}
        all={selection.kind === "ticked" && props.found !== null && props.found.count > selection.ids.length ? props.found : null}
        onAll={props.onAll}
        onNone={props.onNone}
        tags={props.tags}
        onTag={(name, on) => tag.mutate({ study, list, selection, tag: name, on })}
        queues={judged === null ? null : open}
        newQueue={
          judged === "attempts" && (
            <p>
              <Link href={newQueueHref(base, selection.search)}>Make a new queue of what the filters find</Link>
            </p>
          )
        }
        onQueue={(queue) => judged !== null && add.mutate({ study, list: judged, selection, queue })}
        files={<Files study={study} list={list} selection={selection} />}
        busy={tag.isPending || add.isPending}
      />
      <p role="status" className="text-sm text-soft empty:hidden">
        {tag.isPending || add.isPending ? "Writing…" : error === null ? done : ""}
      </p>
      {error !== null && <Message tone="error">{error.message}</Message>}
    </div>
  );
}

/** The form of a new queue with those of the list's filters that it knows. */
function newQueueHref(base: string, search: string): string {
  const known = searchOf(attemptQueryOf(new URLSearchParams(search)));
  known.set("new", "1");
  return `${base}/queues?${known.toString()}`;
}

/** Forms, not links: thousands of ids fit, and the browser saves what comes while it comes. */
function Files({ study, list, selection }: { study: string; list: ListName; selection: Selection }) {
  return (
    <form method="post" action={`/api/lists/${encodeURIComponent(study)}/${list}`} className="flex gap-2">
      <input type="hidden" name="selection" value={JSON.stringify(selection)} />
      <Button type="submit" name="file" value="csv" title="The columns shown, as CSV">
        CSV
      </Button>
      <Button type="submit" name="file" value="jsonl" title="The columns shown, a JSON object for each row">
        JSON lines
      </Button>
    </form>
  );
}
