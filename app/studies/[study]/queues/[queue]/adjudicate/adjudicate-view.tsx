"use client";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { Choice } from "@/components/branching/fields";
import { count, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import type { QueueView } from "@/server/core/views/judging";
import { queueCrumbs } from "../crumbs";
import { SettleScreen } from "./settle-screen";

/** Items on which judges differ, one after the other; settled ones can be looked at again. */
export function AdjudicateView({ queue: id }: { queue: string }) {
  const trpc = useTRPC();
  const queue = useQuery(trpc.queues.get.queryOptions({ queue: id }, { staleTime: 60_000 }));
  if (queue.data === undefined)
    return <Page>{queue.error && <Message tone="error">{queue.error.message}</Message>}</Page>;
  return <Content queue={queue.data} />;
}

function Content({ queue }: { queue: QueueView }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const params = useSearchParams();
  const which = params.get("which") === "settled" ? ("settled" as const) : ("open" as const);
  const wanted = params.get("item");
  const me = useQuery(trpc.people.me.queryOptions(undefined, { meta: { fixed: true }, staleTime: 60_000 }));
  const [said, setSaid] = useState("");
  const list = useInfiniteQuery(
    trpc.queues.differences.infiniteQueryOptions(
      { queue: queue.id, which },
      { initialCursor: 0, getNextPageParam: (page) => page.next },
    ),
  );
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.rows) ?? [], [list.data]);
  const counts = list.data?.pages.at(-1);
  const at = Math.max(
    0,
    rows.findIndex((r) => r.item.id === wanted),
  );
  const row = rows[at];
  const show = (item: string | undefined) =>
    replaceSearch((s) => (item === undefined ? s.delete("item") : s.set("item", item)));
  const settle = useMutation(
    trpc.queues.settle.mutationOptions({
      onSuccess: async (_, input) => {
        const settled = rows.find((r) => r.item.id === input.item);
        setSaid(`Item ${settled?.item.number ?? ""} is settled.`);
        show(rows[at + 1]?.item.id ?? rows.find((r) => r.item.id !== input.item)?.item.id);
        await queries.invalidateQueries({ queryKey: trpc.queues.pathKey() });
      },
      onError: () => queries.invalidateQueries({ queryKey: trpc.queues.differences.pathKey() }),
    }),
  );
  const go = (to: number) => {
    const next = rows[to];
    if (next !== undefined) {
      settle.reset();
      show(next.item.id);
      if (to >= rows.length - 2 && list.hasNextPage) void list.fetchNextPage();
    }
  };
  const crumbs = queueCrumbs(queue);
  const base = crumbs.at(-1)?.href ?? "";
  return (
    <Page wide crumbs={[...crumbs, { label: "differences", href: `${base}/adjudicate` }]}>
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <div>
          <h1 className="text-2xl">Differences</h1>
          <p className="text-sm text-soft" aria-live="polite">
            {said}{" "}
            {counts !== undefined &&
              `${plural(counts.open, "item is", "items are")} left to settle, ${count(counts.settled)} settled.`}
          </p>
        </div>
        <Choice
          label="Which items"
          value={which}
          options={[
            ["open", "To settle"],
            ["settled", "Settled"],
          ]}
          onValue={(next) =>
            replaceSearch((s) => {
              s.delete("item");
              if (next === "open") s.delete("which");
              else s.set("which", next);
            })
          }
        />
      </div>
      {me.data === null && (
        <Message>
          To settle, <Link href="/people">choose a name</Link> first.
        </Message>
      )}
      {list.error !== null && <Message tone="error">{list.error.message}</Message>}
      {row === undefined ? (
        !list.error && (
          <p className="max-w-prose text-faint">
            {list.isPending
              ? "Reading…"
              : which === "settled"
                ? "Nothing is settled yet."
                : "Nothing to settle: judges agree on every item that has all of its votes, and nobody has flagged one."}
          </p>
        )
      ) : (
        <SettleScreen
          key={row.item.id}
          row={row}
          queue={queue}
          keys={me.data?.keys ?? {}}
          off={me.data == null || settle.isPending}
          error={settle.error?.message ?? null}
          place={`${at + 1} of ${rows.length}${list.hasNextPage ? " and more" : ""}`}
          onMove={(by) => go(at + by)}
          onSettle={(choice) => settle.mutate(choice)}
          base={base}
        />
      )}
    </Page>
  );
}
