"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { ProblemText } from "@/components/attempt/problem-text";
import { EventList, EventText } from "@/components/judging/event-list";
import { ItemReading } from "@/components/judging/item-reading";
import { saidAt } from "@/components/judging/replay";
import { ItemFacts } from "@/components/judging/votes";
import { Button } from "@/components/ui/button";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import type { ItemHistory, QueueView } from "@/server/core/views/judging";
import { queueCrumbs } from "../../crumbs";

/** Everything that was decided about an item, to be replayed one row after the other. */
export function HistoryView({ queue: queueId, item }: { queue: string; item: string }) {
  const trpc = useTRPC();
  const queue = useQuery(trpc.queues.get.queryOptions({ queue: queueId }));
  const history = useQuery(trpc.queues.history.queryOptions({ item }, { refetchInterval: 15_000 }));
  const error = queue.error ?? history.error;
  if (queue.data === undefined || history.data === undefined)
    return <Page>{error && <Message tone="error">{error.message}</Message>}</Page>;
  return <Content queue={queue.data} history={history.data} />;
}

function Content({ queue, history }: { queue: QueueView; history: ItemHistory }) {
  const { item, events } = history;
  const asked = Number.parseInt(useSearchParams().get("event") ?? "", 10);
  /** How many of the rows have happened. */
  const at = asked >= 1 && asked <= events.length ? asked : events.length;
  const show = (n: number) =>
    replaceSearch((s) => (n === events.length ? s.delete("event") : s.set("event", String(n))));
  const [current, setCurrent] = useState<number | null>(null);
  const [goes, setGoes] = useState(0);
  const said = useMemo(() => saidAt(events, at), [events, at]);
  const crumbs = queueCrumbs(queue);
  const base = crumbs.at(-1)?.href ?? "";
  const event = events[at - 1];
  return (
    <Page wide crumbs={[...crumbs, { label: `item ${item.number}`, href: `${base}/items/${item.id}` }]}>
      <h1 className="text-2xl">Item {item.number}</h1>
      <p className="mt-1 mb-4 text-soft">
        {item.state === "open" ? "still open" : item.state}
        {history.hidden && "; other people’s decisions are hidden until it has all of its own"}
        {item.state === "complete" && item.visible.decisions && (
          <>
            ; <Link href={`${base}/adjudicate?item=${item.id}`}>settle it</Link>
          </>
        )}
      </p>
      {events.length === 0 ? (
        <p className="mb-6 text-faint">
          Nothing has been decided about it{history.hidden && ", as far as you may see"}.
        </p>
      ) : (
        <section aria-label="What happened" className="mb-6">
          <div className="mb-2 flex flex-wrap items-center gap-x-4">
            <Button disabled={at <= 1} onClick={() => show(at - 1)}>
              Before
            </Button>
            <Button disabled={at >= events.length} onClick={() => show(at + 1)}>
              After
            </Button>
            <span className="text-sm text-faint tabular-nums" aria-live="polite">
              after {at} of {events.length} {events.length === 1 ? "row" : "rows"}
            </span>
          </div>
          <EventList events={events} at={at} schema={queue.schema} onShow={show} />
        </section>
      )}
      {event !== undefined && <EventText of={event} proposal={item.proposal?.content ?? null} />}
      <h2 className="sr-only">The item</h2>
      <ProblemText problem={{ ...item.problem, referenceSource: "" }} open={{ problem: true, reference: false }} />
      <ItemReading
        item={item}
        current={current}
        goes={goes}
        onGo={(step) => {
          setCurrent(step);
          setGoes((n) => n + 1);
        }}
        onPick={setCurrent}
        diff
        marks={said}
        aside={<ItemFacts item={{ ...item, others: null }} schema={queue.schema} />}
      />
    </Page>
  );
}
