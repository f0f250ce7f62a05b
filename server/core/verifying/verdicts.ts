export const VERDICTS = ["correct", "incorrect", "unclear"] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface StepVerdict {
  /** 1-based. */
  step: number;
  verdict: Verdict;
  /** What the log says about the step, shortened. */
  note: string;
}
