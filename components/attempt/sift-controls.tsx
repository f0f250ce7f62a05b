"use client";
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { useId } from "react";
import { OUTCOMES, type Outcome } from "@/server/core/arms";
import type { ContinuationMark } from "@/server/core/views/attempt";
import { Button } from "../ui/button";
import { LabelledSelect } from "../ui/select";
import { OUTCOME_WORD, OutcomeMark } from "./outcome-mark";
import { EVERYTHING, leavesOut, ORDERS, type Order, type Sift, siftMarks } from "./sift";

const FIELD = "min-h-7 rounded-sm border border-edge bg-raised px-1.5 text-sm";
const ORDER_WORD: Record<Order, string> = { sample: "sample", outcome: "outcome", length: "length" };

/** Which continuations the strips show, in which order; also the legend of their marks. */
export function SiftControls(props: { marks: readonly ContinuationMark[]; sift: Sift; onSift: (sift: Sift) => void }) {
  const { marks, sift, onSift } = props;
  const id = useId();
  const counts = new Map<Outcome, number>();
  for (const m of marks) counts.set(m.outcome, (counts.get(m.outcome) ?? 0) + 1);
  const shown = siftMarks(marks, sift).length;
  return (
    <div className="mb-4 space-y-1.5 text-sm">
      <ToggleGroup
        multiple
        aria-label="Show only these outcomes"
        value={[...sift.outcomes]}
        onValueChange={(value) => onSift({ ...sift, outcomes: OUTCOMES.filter((o) => value.includes(o)) })}
        className="flex flex-wrap gap-1"
      >
        {OUTCOMES.map((o) => (
          <Toggle
            key={o}
            value={o}
            disabled={!counts.has(o) && !sift.outcomes.includes(o)}
            className="flex min-h-7 items-center gap-1.5 rounded-sm border border-rule px-2 text-soft hover:text-ink data-disabled:opacity-50 data-pressed:border-ink data-pressed:bg-raised data-pressed:text-ink"
          >
            <OutcomeMark outcome={o} />
            {OUTCOME_WORD[o]} <span className="text-faint">{counts.get(o) ?? 0}</span>
          </Toggle>
        ))}
      </ToggleGroup>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-soft">
        <LabelledSelect label="Order by" value={sift.order} options={ORDERS.map((o) => [o, ORDER_WORD[o]] as const)} onChange={(order) => onSift({ ...sift, order })} />
        <span className="flex items-center gap-1.5">
          <label htmlFor={`${id}-min`}>Tokens from</label>
          <Bound id={`${id}-min`} value={sift.shortest} onValue={(shortest) => onSift({ ...sift, shortest })} />
          <label htmlFor={`${id}-max`}>to</label>
          <Bound id={`${id}-max`} value={sift.longest} onValue={(longest) => onSift({ ...sift, longest })} />
        </span>
        {leavesOut(sift) && (
          <span className="flex items-center gap-2">
            <output className="text-uncertainty">
              {shown} of {marks.length} shown
            </output>
            <Button tone="quiet" onClick={() => onSift({ ...EVERYTHING, order: sift.order })}>
              Show all
            </Button>
          </span>
        )}
      </div>
    </div>
  );
}

function Bound(props: { id: string; value: number | null; onValue: (value: number | null) => void }) {
  return (
    <input
      id={props.id}
      inputMode="numeric"
      pattern="[0-9]*"
      className={`${FIELD} w-14`}
      value={props.value ?? ""}
      onChange={(e) => {
        const text = e.target.value.trim();
        if (/^\d{0,7}$/.test(text)) props.onValue(text === "" ? null : Number(text));
      }}
    />
  );
}
