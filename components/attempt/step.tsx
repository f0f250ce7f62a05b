import { memo } from "react";
import { ModelText } from "../text/model-text";
import { withoutTags } from "../text/think";
import { cx } from "../ui/cx";
import type { StepLook } from "./prepare";
import type { StepValue } from "./values";

/** One step with what the verification says of it in the margin. */
export const Step = memo(function Step(props: {
  step: StepLook;
  current: boolean;
  raw: boolean;
  /** How often what is searched for stands here. */
  hits?: number;
  value?: StepValue;
  onPick: (n: number) => void;
  /** What can be done from here; shown while the step is named. */
  actions?: React.ReactNode;
  /** What stands in place of the text (the wrong step beside its replacement). */
  children?: React.ReactNode;
}) {
  const { step: s, hits = 0 } = props;
  return (
    <div
      className={cx(
        "grid gap-x-6 gap-y-2 border-s-2 py-2.5 ps-2 sm:ps-3",
        // A replaced step needs the width of the margin for its two sides.
        props.children === undefined && "@3xl:grid-cols-[minmax(0,1fr)_14rem]",
        props.current ? "border-ink" : "border-transparent",
        s.dropped && "text-faint",
        s.thought && "text-soft",
      )}
    >
      <div className="grid min-w-0 grid-cols-[1.75rem_minmax(0,1fr)] sm:grid-cols-[2.25rem_minmax(0,1fr)]">
        <button
          type="button"
          onClick={() => props.onPick(s.n)}
          aria-label={`Step ${s.n}`}
          aria-current={props.current ? "step" : undefined}
          className={cx(
            "h-7 self-start justify-self-start rounded-xs pe-1 text-start text-sm hover:text-ink",
            s.firstError ? "font-semibold text-error" : "text-faint",
            hits > 0 && "bg-uncertainty-wash text-uncertainty",
          )}
        >
          {s.n}
        </button>
        <div className="min-w-0">
          {props.children ?? (
            <div data-hits>
              <ModelText text={s.thought ? withoutTags(s.text) : s.text} raw={props.raw} />
            </div>
          )}
          {props.current && props.actions}
        </div>
      </div>
      <Margin step={s} value={props.value} below={props.children !== undefined} />
    </div>
  );
});

const WORD = { correct: "correct", incorrect: "incorrect", unclear: "unclear" } as const;
const TONE = { correct: "text-success", incorrect: "text-error", unclear: "text-uncertainty" } as const;

/** The verdict and what the log says, beside the step. */
function Margin({ step: s, value, below }: { step: StepLook; value: StepValue | undefined; below: boolean }) {
  if (s.verdict === null && s.people.length === 0 && !s.firstError && value === undefined) return null;
  return (
    <aside
      aria-label={`Verification of step ${s.n}`}
      className={cx("min-w-0 ps-7 text-sm sm:ps-9", !below && "@3xl:ps-0 @3xl:pt-1")}
    >
      <p className="flex flex-wrap gap-x-3">
        {s.verdict !== null && (
          <span className={cx("font-medium", TONE[s.verdict])}>
            <VerdictMark verdict={s.verdict} /> {WORD[s.verdict]}
          </span>
        )}
        {s.firstError && <span className="font-medium text-error">first error</span>}
        {value !== undefined && (
          <span className="text-soft" title={`V(${s.n}): right answers among fresh continuations from after this step`}>
            <i className="font-serif">V</i> {value.value.toFixed(2)}{" "}
            <span className="text-faint">
              {value.interval.low.toFixed(2)} to {value.interval.high.toFixed(2)}
            </span>
          </span>
        )}
      </p>
      {s.people.map((source) => (
        <p key={source} className="font-medium text-ink">
          <span aria-hidden>¶ </span>first error, by {source}
        </p>
      ))}
      {s.note !== "" && (
        <div className="mt-0.5 text-soft">
          <ModelText text={s.note} small />
        </div>
      )}
    </aside>
  );
}

function VerdictMark({ verdict }: { verdict: "correct" | "incorrect" | "unclear" }) {
  return (
    <svg
      width="10"
      height="10"
      viewBox="0 0 10 10"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      className="inline"
    >
      {verdict === "correct" && <path d="m1.5 5.5 2.5 2.5 4.5-6" />}
      {verdict === "incorrect" && <path d="m2 2 6 6m0-6-6 6" />}
      {verdict === "unclear" && <path d="M1 5c1.3-3 2.7-3 4 0s2.7 3 4 0" />}
    </svg>
  );
}
