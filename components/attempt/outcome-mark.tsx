import type { Outcome } from "@/server/core/arms";

export const OUTCOME_WORD: Record<Outcome, string> = {
  success: "right",
  failure: "wrong",
  no_answer: "no answer",
  cut_off: "cut off",
};

export const OUTCOME_TONE: Record<Outcome, string> = {
  success: "text-success",
  failure: "text-error",
  no_answer: "text-uncertainty",
  cut_off: "text-uncertainty",
};

/** How a continuation ended: a shape each, so that colour is not needed. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  return (
    <svg
      width="13"
      height="13"
      viewBox="0 0 14 14"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      className={OUTCOME_TONE[outcome]}
    >
      {outcome === "success" && <circle cx="7" cy="7" r="5" fill="currentColor" stroke="none" />}
      {outcome === "failure" && <path d="m3.5 3.5 7 7m0-7-7 7" />}
      {outcome === "no_answer" && <circle cx="7" cy="7" r="4.5" strokeDasharray="2 1.6" />}
      {outcome === "cut_off" && <path d="M2 7h5M8.5 2.5v9" />}
    </svg>
  );
}
