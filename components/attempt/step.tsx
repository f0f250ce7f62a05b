import { memo } from "react";
import { ModelText } from "../text/model-text";
import { cx } from "../ui/cx";
import type { StepLook } from "./prepare";

/** One step with what the verification says of it in the margin. */
export const Step = memo(function Step(props: {
  step: StepLook;
  current: boolean;
  raw: boolean;
  onPick: (n: number) => void;
  /** What stands in place of the text (the wrong step beside its replacement). */
  children?: React.ReactNode;
}) {
  const { step: s } = props;
  return (
    <div
      className={cx(
        "grid gap-x-6 gap-y-2 border-s-2 py-2.5 ps-2 sm:ps-3",
        // A replaced step needs the width of the margin for its two sides.
        props.children === undefined && "xl:grid-cols-[minmax(0,1fr)_14rem]",
        props.current ? "border-ink" : "border-transparent",
        s.dropped && "text-faint",
      )}
    >
      <div className="grid min-w-0 grid-cols-[1.75rem_minmax(0,1fr)] sm:grid-cols-[2.25rem_minmax(0,1fr)]">
        <button
          type="button"
          onClick={() => props.onPick(s.n)}
          aria-label={`Step ${s.n}`}
          className={cx(
            "h-7 self-start text-start text-sm hover:text-ink",
            s.firstError ? "font-semibold text-error" : "text-faint",
          )}
        >
          {s.n}
        </button>
        <div className="min-w-0">{props.children ?? <ModelText text={s.text} raw={props.raw} />}</div>
      </div>
      <Margin step={s} below={props.children !== undefined} />
    </div>
  );
});

const WORD = { correct: "correct", incorrect: "incorrect", unclear: "unclear" } as const;
const TONE = { correct: "text-success", incorrect: "text-error", unclear: "text-uncertainty" } as const;

/** The verdict and what the log says, beside the step. */
function Margin({ step: s, below }: { step: StepLook; below: boolean }) {
  if (s.verdict === null && s.people.length === 0 && !s.firstError) return null;
  return (
    <aside
      aria-label={`Verification of step ${s.n}`}
      className={cx("min-w-0 ps-7 text-sm sm:ps-9", !below && "xl:ps-0 xl:pt-1")}
    >
      <p className="flex flex-wrap gap-x-3">
        {s.verdict !== null && (
          <span className={cx("font-medium", TONE[s.verdict])}>
            <VerdictMark verdict={s.verdict} /> {WORD[s.verdict]}
          </span>
        )}
        {s.firstError && <span className="font-medium text-error">first error</span>}
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
