"use client";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { AttemptHead } from "@/components/attempt/attempt-head";
import { topOfText } from "@/components/attempt/list-rows";
import { ProblemText } from "@/components/attempt/problem-text";
import { Rail } from "@/components/attempt/rail";
import { Steps, WHOLE } from "@/components/attempt/steps";
import type { StepValue } from "@/components/attempt/values";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Message } from "@/components/ui/message";
import type { AttemptView } from "@/server/core/views/attempt";
import type { PanelEntry, StepAction } from "./panel-props";
import { SidePanels } from "./side-panels";
import { Toolbar } from "./toolbar";
import type { Reader } from "./use-reader";

interface Props {
  attempt: AttemptView;
  reader: Reader;
  panels: readonly PanelEntry[];
  actions: readonly StepAction[];
  /** V(t), ascending by step; null while there are none. */
  values: readonly StepValue[] | null;
  /** Addresses of the neighbours in the list that the reader came from. */
  previous: string | null;
  next: string | null;
  /** Why what is shown may be out of date; "" when it is not. */
  problem: string;
}

/** Whether only part of the attempt is in the document. */
export const isWindowed = (attempt: AttemptView) => attempt.steps.length > WHOLE;

/** One attempt to read: problem, steps with the rail and the verification, the replaced step, and panels beside them. */
export function AttemptReading(props: Props) {
  const { attempt, reader } = props;
  const { place, set } = reader;
  const text = useTextTop();
  return (
    <>
      <AttemptHead attempt={attempt} previous={props.previous} next={props.next} />
      {props.problem !== "" && (
        <Message tone="uncertainty">What you see may be out of date. {props.problem}</Message>
      )}
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
          <Toolbar attempt={attempt} reader={reader} windowed={isWindowed(attempt)} panels={props.panels} />
          <Reading {...props} />
        </div>
      </div>
    </>
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
function Reading({ attempt, reader, panels, actions: offered, values }: Props) {
  const { place, look, search, set } = reader;
  const now = search.hits[search.at] ?? null;
  const found = useMemo(() => ({ query: place.query, byStep: search.byStep, now }), [place.query, search.byStep, now]);
  const actions = useCallback(
    (step: number) =>
      offered.length === 0 ? null : (
        <p className="mt-1 flex flex-wrap gap-x-4">
          {offered.map((a) => (
            <Button key={a.label} tone="quiet" onClick={() => a.act(reader, step)}>
              {a.label}
            </Button>
          ))}
        </p>
      ),
    [offered, reader],
  );
  const wide = panels.some((p) => p.id === (place.panel ?? panels[0]?.id) && p.wide?.(reader) === true);
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
        <SidePanels attempt={attempt} reader={reader} panels={panels} />
      </div>
    </div>
  );
}
