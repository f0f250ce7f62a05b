"use client";
import type { KeyboardEvent } from "react";
import { ARM_LABEL } from "@/server/core/arms";
import type { ArmStrip, ContinuationMark } from "@/server/core/views/attempt";
import { Whisker } from "../study/whisker";
import { cx } from "../ui/cx";
import { roughPercent } from "../ui/format";
import { OUTCOME_WORD, OutcomeMark } from "./outcome-mark";
import { EVERYTHING, type Sift, siftMarks } from "./sift";

interface Props {
  strips: readonly ArmStrip[];
  /** Which marks are shown, and in which order; the rates are over all of them. */
  sift?: Sift;
  open: string | null;
  /** The continuation that is compared with the open one. */
  compared?: string | null;
  onOpen: (mark: ContinuationMark) => void;
}

/** Per arm: one mark per continuation, the rate and its interval. */
export function Strips(props: Props) {
  if (props.strips.length === 0) {
    return <p className="text-faint">No continuation has been sampled for this attempt.</p>;
  }
  const longest = Math.max(1, ...props.strips.flatMap((s) => s.marks.map((m) => m.tokens)));
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
            <Marks {...props} strip={strip} longest={longest} />
          </li>
        ))}
      </ul>
      <p className="mt-3 text-xs text-faint">
        A mark per sample; the line below it is its length. Bars: 95 % Wilson intervals over all samples.
      </p>
    </div>
  );
}

/** One tab stop; arrows move between the marks. */
function Marks(props: Props & { strip: ArmStrip; longest: number }) {
  const { strip, open, compared = null } = props;
  const marks = siftMarks(strip.marks, props.sift ?? EVERYTHING);
  const stop = marks.find((m) => m.id === open || m.id === compared)?.id ?? marks[0]?.id;
  if (marks.length === 0)
    return <p className="text-sm text-faint">None of its {strip.marks.length} samples is like that.</p>;
  return (
    <div
      role="group"
      aria-label={`Continuations from ${ARM_LABEL[strip.arm]}`}
      className="flex flex-wrap"
      onKeyDown={moveFocus}
    >
      {marks.map((mark) => (
        <button
          key={mark.id}
          type="button"
          data-sample={mark.sampleIndex + 1}
          data-outcome={mark.outcome}
          tabIndex={mark.id === stop ? 0 : -1}
          aria-pressed={open === mark.id || compared === mark.id}
          aria-label={`Sample ${mark.sampleIndex + 1}: ${OUTCOME_WORD[mark.outcome]}, ${mark.tokens} tokens`}
          title={`${mark.sampleIndex + 1}: ${OUTCOME_WORD[mark.outcome]}, ${mark.tokens} tokens`}
          onClick={() => props.onOpen(mark)}
          className={cx(
            "flex h-7 w-6 flex-col items-center justify-center gap-0.5 rounded-sm hover:bg-sunken",
            open === mark.id && "bg-sunken ring-1 ring-ink ring-inset",
            compared === mark.id && "bg-sunken ring-2 ring-edge ring-inset",
          )}
        >
          <OutcomeMark outcome={mark.outcome} />
          <span className="h-0.5 w-4" aria-hidden>
            <span
              className="block h-full bg-edge"
              style={{ width: `${Math.max(8, (100 * mark.tokens) / props.longest)}%` }}
            />
          </span>
        </button>
      ))}
    </div>
  );
}

function moveFocus(e: KeyboardEvent<HTMLElement>): void {
  const buttons = [...e.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const last = buttons.length - 1;
  const to = {
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: last,
  }[e.key];
  if (at === -1 || to === undefined || e.ctrlKey || e.metaKey || e.altKey) return;
  e.preventDefault();
  buttons[Math.min(last, Math.max(0, to))]?.focus();
}
