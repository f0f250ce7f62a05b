"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { LiveProvider, useLiveState } from "@/app/live";
import { attemptQueryOf, searchOf, withMark } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { AttemptHead } from "@/components/attempt/attempt-head";
import { Rail } from "@/components/attempt/rail";
import { Steps } from "@/components/attempt/steps";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import type { AttemptView } from "@/server/core/views/attempt";
import { ContinuationsPanel } from "./continuations-panel";
import { Toolbar } from "./toolbar";
import { useReader } from "./use-reader";

/** One attempt: its steps with the rail and the verification, the replaced step, and what was sampled from there. */
export function AttemptPageView({ study, attempt }: { study: string; attempt: string }) {
  const trpc = useTRPC();
  const read = useQuery(trpc.attempts.get.queryOptions({ study, attempt }));
  if (read.data === undefined) return <Page>{read.error && <Message tone="error">{read.error.message}</Message>}</Page>;
  return (
    <LiveProvider study={read.data.study.id}>
      <Content attempt={read.data} problem={read.error?.message ?? ""} />
    </LiveProvider>
  );
}

function Content({ attempt, problem }: { attempt: AttemptView; problem: string }) {
  const trpc = useTRPC();
  const live = useLiveState();
  const params = useSearchParams();
  const query = useMemo(() => attemptQueryOf(new URLSearchParams(params)), [params]);
  const study = attempt.study.name;
  const neighbours = useQuery(trpc.attempts.neighbours.queryOptions({ study, attempt: attempt.id, query }));
  const base = `/studies/${encodeURIComponent(study)}`;
  const list = withMark(searchOf(query));
  const hrefOf = (id: string | null | undefined) => (id ? `${base}/attempts/${id}${list}` : null);
  const previous = hrefOf(neighbours.data?.previous);
  const next = hrefOf(neighbours.data?.next);

  const reader = useReader({ attempt, previous, next });
  const { place, look } = reader;
  return (
    <Page
      wide
      crumbs={[
        { label: study, href: `${base}${list}` },
        {
          label: `attempt ${attempt.problem.ordinal + 1}.${attempt.sampleIndex + 1}`,
          href: `${base}/attempts/${attempt.id}`,
        },
      ]}
      status={<LiveMark state={live} />}
    >
      <AttemptHead attempt={attempt} previous={previous} next={next} />
      {problem !== "" && <Message tone="uncertainty">What you see may be out of date. {problem}</Message>}
      <Toolbar attempt={attempt} reader={reader} />
      <div className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-1 sm:grid-cols-[1.75rem_minmax(0,1fr)] sm:gap-x-2 lg:grid-cols-[1.75rem_minmax(0,1fr)_minmax(19rem,25rem)] lg:gap-x-6">
        <div className="sticky top-16 h-[calc(100dvh-6rem)] self-start md:top-24 md:h-[calc(100dvh-7.5rem)]">
          <Rail steps={look.steps} current={place.step} onGo={reader.go} />
        </div>
        <section aria-label="Attempt" className="min-w-0">
          <Steps
            steps={look.steps}
            proposal={look.proposal}
            current={place.step}
            goes={reader.goes}
            raw={place.raw}
            diff={place.diff}
            onPick={reader.pick}
          />
        </section>
        <div className="col-span-full mt-8 lg:sticky lg:top-24 lg:col-span-1 lg:mt-0 lg:max-h-[calc(100dvh-7.5rem)] lg:self-start lg:overflow-y-auto lg:pe-1">
          <ContinuationsPanel attempt={attempt} reader={reader} />
        </div>
      </div>
    </Page>
  );
}
