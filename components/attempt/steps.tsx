"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ProposalView } from "@/server/core/views/attempt";
import type { StepLook } from "./prepare";
import { Replacement } from "./replacement";
import { Step } from "./step";

interface Props {
  steps: readonly StepLook[];
  proposal: ProposalView | null;
  current: number | null;
  /** Changes when the reader asks to go to `current` (and not when it is merely named). */
  goes: number;
  raw: boolean;
  diff: boolean;
  onPick: (n: number) => void;
}

/** Attempts with more steps keep only those near the window in the document. */
const WHOLE = 60;
/** Room for the header and the toolbar above a step that was gone to. */
const TOP = 104;

/** The steps of an attempt, in order, each with its margin. */
export function Steps(props: Props) {
  return props.steps.length > WHOLE ? <Windowed {...props} /> : <Whole {...props} />;
}

function Whole(props: Props) {
  const { current, goes } = props;
  useEffect(() => {
    if (current === null || goes === 0) return;
    const element = document.getElementById(`step-${current}`);
    if (element !== null) window.scrollTo({ top: element.getBoundingClientRect().top + window.scrollY - TOP });
  }, [current, goes]);
  return (
    <ol aria-label="Steps of the attempt" data-testid="steps">
      {props.steps.map((s) => (
        <li key={s.n} id={`step-${s.n}`} data-first-error={s.firstError || undefined}>
          <One {...props} step={s} />
        </li>
      ))}
    </ol>
  );
}

function Windowed(props: Props) {
  const list = useRef<HTMLOListElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const measure = () =>
      setMargin(list.current === null ? 0 : list.current.getBoundingClientRect().top + window.scrollY);
    measure();
    // Unfolding the problem or the reference moves the list.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: props.steps.length,
    estimateSize: (i) => 52 + 26 * Math.ceil((props.steps[i]?.text.length ?? 0) / 70),
    overscan: 8,
    scrollMargin: margin,
    scrollPaddingStart: TOP,
    initialRect: { width: 1200, height: 1600 },
  });
  const { current, goes } = props;
  useEffect(() => {
    if (current !== null && goes > 0) virtualizer.scrollToIndex(current - 1, { align: "start" });
  }, [current, goes, virtualizer]);
  const items = virtualizer.getVirtualItems();
  return (
    <ol
      ref={list}
      aria-label={`Steps of the attempt (${props.steps.length}; those near the window are in the page)`}
      data-testid="steps"
      className="relative"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {items.map((item) => {
        const s = props.steps[item.index];
        if (s === undefined) return null;
        return (
          <li
            key={s.n}
            id={`step-${s.n}`}
            ref={virtualizer.measureElement}
            data-index={item.index}
            data-first-error={s.firstError || undefined}
            aria-posinset={s.n}
            aria-setsize={props.steps.length}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start - virtualizer.options.scrollMargin}px)` }}
          >
            <One {...props} step={s} />
          </li>
        );
      })}
    </ol>
  );
}

function One(props: Props & { step: StepLook }) {
  const { step, proposal, current, raw, diff, onPick } = props;
  const replaced = step.replaced && proposal !== null;
  return (
    <>
      <Step step={step} current={step.n === current} raw={raw} onPick={onPick}>
        {replaced ? <Replacement original={step.text} proposal={proposal} diff={diff} raw={raw} /> : undefined}
      </Step>
      {replaced && step.n < props.steps.length && (
        <p className="my-2 flex items-center gap-3 ps-12 text-sm text-faint after:h-px after:flex-1 after:bg-rule">
          what follows is dropped when the intervention takes this step’s place
        </p>
      )}
    </>
  );
}
