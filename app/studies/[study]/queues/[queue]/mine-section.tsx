"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/app/trpc/client";
import { decisionWords } from "@/components/judging/words";
import { duration, moment } from "@/components/ui/format";
import { Section } from "@/components/ui/section";
import type { QueueView } from "@/server/core/views/judging";

/** A person's own decisions, each leading to the history of its item. */
export function MineSection({ queue, base }: { queue: QueueView; base: string }) {
  const trpc = useTRPC();
  const mine = useQuery(trpc.queues.mine.queryOptions({ queue: queue.id, limit: 50 }, { refetchInterval: 15_000 }));
  if (mine.data === undefined || mine.data.length === 0) return null;
  return (
    <Section title="Your decisions" note={mine.data.length === 50 ? "the newest 50" : undefined}>
      <ol className="max-w-4xl divide-y divide-rule border-y border-rule text-sm">
        {mine.data.map((d) => (
          <li key={d.id} className="flex flex-wrap items-baseline gap-x-4 py-1">
            <Link href={`${base}/items/${d.item.id}`} className="w-20 shrink-0">
              Item {d.item.number}
            </Link>
            <span className={`min-w-0 flex-1 ${d.counts ? "" : "text-faint"}`}>{decisionWords(d, queue.schema)}</span>
            <span className="text-faint">
              {d.seconds > 0 && `${duration(d.seconds)}, `}
              {moment(d.createdAt)}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
