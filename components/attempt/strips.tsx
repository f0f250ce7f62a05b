import { ARM_LABEL, type Outcome } from "@/server/core/arms";
import type { ArmStrip, ContinuationMark } from "@/server/core/views/attempt";
import { Whisker } from "../study/whisker";
import { cx } from "../ui/cx";
import { roughPercent } from "../ui/format";
import { OUTCOME_WORD, OutcomeMark } from "./outcome-mark";

/** Per arm: one mark per continuation, the rate and its interval. */
export function Strips(props: {
  strips: readonly ArmStrip[];
  open: string | null;
  onOpen: (mark: ContinuationMark) => void;
}) {
  if (props.strips.length === 0) {
    return <p className="text-faint">No continuation has been sampled for this attempt.</p>;
  }
  return (
    <div>
      <ul className="space-y-3">
        {props.strips.map((strip) => (
          <li key={strip.arm} data-arm={strip.arm}>
            <div className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
              <h3 className={cx("font-sans text-sm font-medium", strip.arm === "intervention" && "text-intervention")}>
                {ARM_LABEL[strip.arm]}
              </h3>
              <p>
                <b className="font-semibold">
                  {strip.correct}/{strip.marks.length}
                </b>
                {strip.rate !== null && (
                  <span className="text-faint">
                    {" "}
                    {roughPercent(strip.rate.value)}, {Math.round(100 * strip.rate.low)} to{" "}
                    {roughPercent(strip.rate.high)}
                  </span>
                )}
              </p>
            </div>
            {strip.rate !== null && (
              <Whisker of={strip.rate} max={1} tone={strip.arm === "intervention" ? "intervention" : "ink"} />
            )}
            <div role="group" aria-label={`Continuations from ${ARM_LABEL[strip.arm]}`} className="flex flex-wrap">
              {strip.marks.map((mark) => (
                <button
                  key={mark.id}
                  type="button"
                  aria-pressed={props.open === mark.id}
                  aria-label={`Sample ${mark.sampleIndex + 1}: ${OUTCOME_WORD[mark.outcome]}, ${mark.tokens} tokens`}
                  title={`${mark.sampleIndex + 1}: ${OUTCOME_WORD[mark.outcome]}, ${mark.tokens} tokens`}
                  onClick={() => props.onOpen(mark)}
                  className={cx(
                    "flex size-6 items-center justify-center rounded-sm hover:bg-sunken",
                    props.open === mark.id && "bg-sunken ring-1 ring-ink ring-inset",
                  )}
                >
                  <OutcomeMark outcome={mark.outcome} />
                </button>
              ))}
            </div>
          </li>
        ))}
      </ul>
      <Legend present={new Set(props.strips.flatMap((s) => s.marks.map((m) => m.outcome)))} />
    </div>
  );
}

function Legend({ present }: { present: ReadonlySet<Outcome> }) {
  return (
    <p className="mt-3 flex flex-wrap gap-x-4 text-xs text-faint">
      {(["success", "failure", "no_answer", "cut_off"] as const)
        .filter((o) => present.has(o))
        .map((o) => (
          <span key={o} className="flex items-center gap-1.5">
            <OutcomeMark outcome={o} />
            {OUTCOME_WORD[o]}
          </span>
        ))}
      <span>bars: 95 % Wilson intervals</span>
    </p>
  );
}
