"use client";
import { type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import type { ProposalView } from "@/server/core/views/attempt";
import { clearHits, highlightHits } from "./highlight";
import { type Look, type Row, rowsOf } from "./prepare";
import { Replacement } from "./replacement";
import type { Hit } from "./search";
import { Step } from "./step";
import { Thought } from "./thought";
import type { StepValue } from "./values";
import { WholeList } from "./whole-list";
import { WindowedList } from "./windowed-list";

export interface StepsProps {
  look: Pick<Look, "steps" | "thoughts">;
  proposal: ProposalView | null;
  current: number | null;
  /** Changes when the reader asks to go to `current` (and not when it is merely named). */
  goes: number;
  raw: boolean;
  diff: boolean;
  onPick: (n: number) => void;
  /** Whether blocks of thinking are unfolded. */
  unfolded?: boolean;
  onUnfold?: (unfolded: boolean) => void;
  values?: readonly StepValue[] | null;
  search?: { query: string; byStep: ReadonlyMap<number, number>; now: Hit | null };
  /** What can be done from the step that is named. */
  actions?: (step: number) => ReactNode;
  /** What stands in place of a replaced step's text, where that is not `proposal` beside it. */
  replacement?: (step: number) => ReactNode;
}

/** Attempts with more steps keep only those near the window in the document. */
export const WHOLE = 60;

const NO_HITS: ReadonlyMap<number, number> = new Map();

/** The steps of an attempt, in order, each with its margin. */
export function Steps(props: StepsProps) {
  const { look, unfolded = true, onUnfold, values, search, current } = props;
  const rows = useMemo(() => rowsOf(look, unfolded), [look, unfolded]);
  const byStep = useMemo(() => new Map(values?.map((v) => [v.step, v])), [values]);
  const hits = search?.byStep ?? NO_HITS;
  const list = useRef<HTMLDivElement>(null);
  useHighlights(list, search);

  const draw = useCallback(
    (row: Row): ReactNode => {
      if (row.kind === "thought")
        return <Thought range={row.range} unfolded={unfolded} onUnfold={onUnfold} hits={hits} />;
      return <OneStep {...props} row={row} hits={hits.get(row.step.n) ?? 0} value={byStep.get(row.step.n)} />;
    },
    [props, unfolded, onUnfold, hits, byStep],
  );
  const at =
    current === null
      ? -1
      : rows.findIndex((r) =>
          r.kind === "step" ? r.step.n === current : r.range.from <= current && current <= r.range.to && !unfolded,
        );
  const keeps = useMemo(
    () => rows.flatMap((r, i) => (i === at || (r.kind === "step" && r.step.replaced) ? [i] : [])),
    [rows, at],
  );
  const List = rows.length > WHOLE ? WindowedList : WholeList;
  return (
    <div ref={list} className="@container">
      <List rows={rows} steps={look.steps.length} at={at} goes={props.goes} keeps={keeps} draw={draw} />
    </div>
  );
}

function OneStep(props: StepsProps & { row: Row & { kind: "step" }; hits: number; value: StepValue | undefined }) {
  const { proposal, current, raw, diff, onPick, actions } = props;
  const { step } = props.row;
  const own = step.replaced ? props.replacement?.(step.n) : undefined;
  const replaced = step.replaced && (proposal !== null || own !== undefined);
  const named = step.n === current;
  return (
    <>
      <Step
        step={step}
        current={named}
        raw={raw}
        onPick={onPick}
        hits={props.hits}
        value={props.value}
        actions={named ? actions?.(step.n) : undefined}
      >
        {own ??
          (replaced && proposal !== null ? (
            <Replacement original={step.text} proposal={proposal} diff={diff} raw={raw} />
          ) : undefined)}
      </Step>
      {replaced && step.n < props.look.steps.length && (
        <p className="my-2 flex items-center gap-3 ps-12 text-sm text-faint after:h-px after:flex-1 after:bg-rule">
          what follows is dropped when the intervention takes this step’s place
        </p>
      )}
    </>
  );
}

/** Keep the hits marked while rows come and go with the scrolling. */
function useHighlights(list: React.RefObject<HTMLDivElement | null>, search: StepsProps["search"]): void {
  const query = search?.query ?? "";
  const now = search?.now ?? null;
  useEffect(() => {
    const root = list.current;
    if (root === null || query.trim() === "") return;
    let frame = 0;
    const mark = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => highlightHits(root, query, now));
    };
    mark();
    const observer = new MutationObserver(mark);
    observer.observe(root, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      clearHits();
    };
  }, [list, query, now]);
}
