"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { useAddress } from "@/app/address";
import { LiveProvider, useLiveState } from "@/app/live";
import { attemptQueryOf, searchOf, withMark } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { AttemptTextsProvider } from "@/components/attempt/texts";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import type { AttemptView } from "@/server/core/views/attempt";
import { AttemptReading, isWindowed } from "./attempt-reading";
import { PANELS, STEP_ACTIONS } from "./panels";
import { useTextsOfStudy } from "./texts-of-study";
import { useReader } from "./use-reader";
import { useStepValues } from "./use-step-values";

/** One attempt: problem, steps with the rail and the verification, the replaced step, and what was sampled from there. */
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

const KEYS = Object.fromEntries(PANELS.map((p) => [p.key, p.id]));

function Content({ attempt, problem }: { attempt: AttemptView; problem: string }) {
  const live = useLiveState();
  const { base, back, previous, next } = useNeighbours(attempt);
  const address = useAddress();
  const texts = useTextsOfStudy(attempt.study.name);
  const values = useStepValues(attempt);
  const reader = useReader({ attempt, address, previous, next, panels: KEYS, windowed: isWindowed(attempt) });
  return (
    <Page
      wide
      crumbs={[
        ...(back.startsWith(`${base}/`) ? [{ label: attempt.study.name, href: base }, { label: "attempts", href: back }] : [{ label: attempt.study.name, href: back }]),
        {
          label: `attempt ${attempt.problem.ordinal + 1}.${attempt.sampleIndex + 1}`,
          href: `${base}/attempts/${attempt.id}`,
        },
      ]}
      status={<LiveMark state={live} />}
    >
      <AttemptTextsProvider value={texts}>
        <AttemptReading
          attempt={attempt}
          reader={reader}
          panels={PANELS}
          actions={STEP_ACTIONS}
          values={values}
          previous={previous}
          next={next}
          problem={problem}
        />
      </AttemptTextsProvider>
    </Page>
  );
}

/** The attempts before and after this one in the list that the reader came from, and the way back to it. */
function useNeighbours(attempt: AttemptView) {
  const trpc = useTRPC();
  const params = useSearchParams();
  const query = useMemo(() => attemptQueryOf(new URLSearchParams(params)), [params]);
  const study = attempt.study.name;
  // The list of attempts hands on its whole question; the study's page only the few words that its section knows.
  const asked = params.get("list");
  const ofSection = useQuery(
    trpc.attempts.neighbours.queryOptions({ study, attempt: attempt.id, query }, { enabled: asked === null }),
  );
  const ofList = useQuery(
    trpc.lists.neighbours.queryOptions({ study, attempt: attempt.id, search: asked ?? "" }, { enabled: asked !== null }),
  );
  const neighbours = asked === null ? ofSection : ofList;
  const base = `/studies/${encodeURIComponent(study)}`;
  const list = asked === null ? withMark(searchOf(query)) : `?list=${encodeURIComponent(asked)}`;
  const back = asked === null ? `${base}${list}` : `${base}/attempts?${asked}`;
  const hrefOf = (id: string | null | undefined) => (id ? `${base}/attempts/${id}${list}` : null);
  return { base, back, previous: hrefOf(neighbours.data?.previous), next: hrefOf(neighbours.data?.next) };
}
