"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/app/trpc/client";
import { JudgesTable, QueueNumbers } from "@/components/judging/queue-progress";
import { ruleWords } from "@/components/judging/queue-table";
import { Button, buttonClass } from "@/components/ui/button";
import { count, moment, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { Section } from "@/components/ui/section";
import type { QueueView as View } from "@/server/core/views/judging";
import { AgreementSection } from "./agreement-section";
import { queueCrumbs } from "./crumbs";
import { MineSection } from "./mine-section";
import { RulesSection } from "./rules-section";

/** One queue: how far it is, who is at work, how far its judges agree. */
export function QueueView({ queue: id }: { queue: string }) {
  const trpc = useTRPC();
  const queue = useQuery(trpc.queues.get.queryOptions({ queue: id }, { refetchInterval: 5_000 }));
  if (queue.data === undefined)
    return <Page>{queue.error && <Message tone="error">{queue.error.message}</Message>}</Page>;
  return <Content queue={queue.data} problem={queue.error?.message ?? ""} />;
}

function Content({ queue, problem }: { queue: View; problem: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const progress = useQuery(trpc.queues.progress.queryOptions({ queue: queue.id }, { refetchInterval: 5_000 }));
  const me = useQuery(trpc.people.me.queryOptions());
  const close = useMutation(
    trpc.queues.close.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.queues.pathKey() }),
    }),
  );
  const base = queueCrumbs(queue).at(-1)?.href ?? "";
  const closed = queue.closedAt !== null;
  const files = `/api/queues/${queue.id}/decisions`;
  return (
    <Page crumbs={queueCrumbs(queue)}>
      <div className="space-y-12">
        <div>
          <h1 className="text-2xl">{queue.name}</h1>
          <p className="mt-1 flex flex-wrap gap-x-3 text-soft">
            <span>
              {plural(queue.items, queue.subject)}, {ruleWords(queue)}
            </span>
            <span className="text-faint">
              {queue.createdBy === "" ? "made" : `made by ${queue.createdBy}`} {moment(queue.createdAt)}
              {queue.closedAt !== null && `, closed ${moment(queue.closedAt)}`}
            </span>
          </p>
          <div className="mt-4 flex flex-wrap items-center gap-x-5 gap-y-2">
            {!closed && (me.data == null || queue.mine.left > 0) && (
              <Link href={`${base}/judge`} className={buttonClass("plain", "border-ink font-medium no-underline")}>
                {me.data == null ? "Judge" : `Judge (${count(queue.mine.left)} left for you)`}
              </Link>
            )}
            {!closed && me.data != null && queue.mine.left === 0 && (
              <span className="text-soft">
                Nothing is left for you. <Link href={`${base}/judge`}>Take a decision back</Link>
              </span>
            )}
            <Link href={`${base}/adjudicate`}>
              Settle differences{queue.differing > 0 && ` (${count(queue.differing)})`}
            </Link>
            <span className="text-soft">
              Decisions as <a href={`${files}?format=csv`}>CSV</a> or <a href={`${files}?format=jsonl`}>JSONL</a>
            </span>
            <Button
              tone="quiet"
              disabled={close.isPending}
              onClick={() => close.mutate({ queue: queue.id, closed: !closed })}
            >
              {closed ? "Open it again" : "Close the queue"}
            </Button>
          </div>
          {close.error !== null && <Message tone="error">{close.error.message}</Message>}
        </div>
        {problem !== "" && <Message tone="uncertainty">What you see may be out of date. {problem}</Message>}
        {closed && <Message>The queue is closed: nobody is asked any more, and everything in it can be seen.</Message>}
        <Section title="Progress">
          {progress.error !== null && <Message tone="error">{progress.error.message}</Message>}
          {progress.data !== undefined && (
            <>
              <QueueNumbers of={progress.data} closed={closed} />
              <JudgesTable judges={progress.data.judges} me={me.data?.id ?? null} />
            </>
          )}
        </Section>
        <AgreementSection queue={queue} />
        {me.data != null && <MineSection queue={queue} base={base} />}
        <RulesSection key={queue.frozen === null ? "free" : "frozen"} queue={queue} />
      </div>
    </Page>
  );
}
