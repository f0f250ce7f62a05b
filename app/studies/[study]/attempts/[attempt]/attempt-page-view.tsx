"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { LiveProvider, useLiveState } from "@/app/live";
import { attemptQueryOf, searchOf, withMark } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { AttemptHead } from "@/components/attempt/attempt-head";
import { topOfText } from "@/components/attempt/list-rows";
import { ProblemText } from "@/components/attempt/problem-text";
import { Rail } from "@/components/attempt/rail";
import { Steps, WHOLE } from "@/components/attempt/steps";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import type { AttemptView } from "@/server/core/views/attempt";
import { PANELS, STEP_ACTIONS } from "./panels";
import { SidePanels } from "./side-panels";
import { Toolbar } from "./toolbar";
import { type Reader, useReader } from "./use-reader";
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
  const { base, list, previous, next } = useNeighbours(attempt);
  const windowed = attempt.steps.length > WHOLE;
  const reader = useReader({ attempt, previous, next, panels: KEYS, windowed });
  const { place, set } = reader;
  const text = useTextTop();
  return (
    <Page
      wide
      crumbs={[
        { label: attempt.study.name, href: `${base}${list}` },
        {
          label: `attempt ${attempt.problem.ordinal + 1}.${attempt.sampleIndex + 1}`,
          href: `${base}/attempts/${attempt.id}`,
        },
      ]}
      status={<LiveMark state={live} />}
    >
      <AttemptHead attempt={attempt} previous={previous} next={next} />
      {problem !== "" && <Message tone="uncertainty">What you see may be out of date. {problem}</Message>}
      <div className="mt-4 min-[112rem]:flex min-[112rem]:gap-10">
        <div className="max-w-[64rem] min-[112rem]:sticky min-[112rem]:top-16 min-[112rem]:max-h-[calc(100dvh-5rem)] min-[112rem]:w-[23rem] min-[112rem]:shrink-0 min-[112rem]:self-start min-[112rem]:overflow-y-auto">
          <ProblemText
            problem={attempt.problem}
            raw={place.raw}
            open={{ problem: place.problem, reference: place.reference }}
            onOpen={set}
          />
        </div>
        <div ref={text} className="min-w-0 flex-1 [--text-top:6.75rem]">
          <Toolbar attempt={attempt} reader={reader} windowed={windowed} />
          <Reading attempt={attempt} reader={reader} />
        </div>
      </div>
    </Page>
  );
}

/** Tells the style below an element where the text begins under the bars that stick (--text-top); they wrap and grow. */
function useTextTop() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const tell = () => element.style.setProperty("--text-top", `${topOfText()}px`);
    const observer = new ResizeObserver(tell);
    for (const bar of document.querySelectorAll("[data-sticks]")) observer.observe(bar);
    return () => observer.disconnect();
  }, []);
  return place;
}

/** Rail, steps and panels side by side. */
function Reading({ attempt, reader }: { attempt: AttemptView; reader: Reader }) {
  const { place, look, search, set } = reader;
  const values = useStepValues(attempt);
  const now = search.hits[search.at] ?? null;
  const found = useMemo(() => ({ query: place.query, byStep: search.byStep, now }), [place.query, search.byStep, now]);
  const actions = useCallback(
    (step: number) =>
      STEP_ACTIONS.length === 0 ? null : (
        <p className="mt-1 flex flex-wrap gap-x-4">
          {STEP_ACTIONS.map((a) => (
            <Button key={a.label} tone="quiet" onClick={() => a.act(reader, step)}>
              {a.label}
            </Button>
          ))}
        </p>
      ),
    [reader],
  );
  const wide = PANELS.some((p) => p.id === (place.panel ?? PANELS[0]?.id) && p.wide?.(reader) === true);
  return (
    <div
      className={cx(
        "grid grid-cols-[auto_minmax(0,1fr)] gap-x-1 sm:gap-x-2 lg:gap-x-6",
        wide
          ? "lg:grid-cols-[auto_minmax(0,2fr)_minmax(0,3fr)]"
          : "lg:grid-cols-[auto_minmax(0,1fr)_minmax(19rem,26.5rem)]",
      )}
    >
      <div className="sticky top-16 max-sm:-ms-3 h-[calc(100dvh-9rem)] self-start md:top-[var(--text-top)] md:h-[calc(100dvh-var(--text-top)-4rem)] lg:-me-4 lg:h-[calc(100dvh-var(--text-top)-1.5rem)]">
        <Rail steps={look.steps} current={place.step} onGo={reader.go} values={values} hits={search.byStep} />
      </div>
      <section aria-label="Attempt" className="min-w-0">
        <Steps
          look={look}
          proposal={look.proposal}
          current={place.step}
          goes={reader.goes}
          raw={place.raw}
          diff={place.diff}
          onPick={reader.pick}
          unfolded={place.thinking}
          onUnfold={(thinking) => set({ thinking })}
          values={values}
          search={found}
          actions={actions}
        />
      </section>
      <div className="lg:sticky lg:top-[var(--text-top)] lg:h-[calc(100dvh-var(--text-top)-1rem)] lg:self-start">
        <SidePanels attempt={attempt} reader={reader} />
      </div>
    </div>
  );
}

/** The attempts before and after this one in the list that the reader came from, and the way back to it. */
function useNeighbours(attempt: AttemptView) {
  const trpc = useTRPC();
  const params = useSearchParams();
  const query = useMemo(() => attemptQueryOf(new URLSearchParams(params)), [params]);
  const study = attempt.study.name;
  const neighbours = useQuery(trpc.attempts.neighbours.queryOptions({ study, attempt: attempt.id, query }));
  const base = `/studies/${encodeURIComponent(study)}`;
  const list = withMark(searchOf(query));
  const hrefOf = (id: string | null | undefined) => (id ? `${base}/attempts/${id}${list}` : null);
  return { base, list, previous: hrefOf(neighbours.data?.previous), next: hrefOf(neighbours.data?.next) };
}
