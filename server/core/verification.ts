export const VERDICTS = ["correct", "incorrect", "unclear"] as const;
export type Verdict = (typeof VERDICTS)[number];

export const VERIFICATION_OUTCOMES = ["proposed", "no_error", "unparsed", "out_of_range", "cut_off"] as const;
export type VerificationOutcome = (typeof VERIFICATION_OUTCOMES)[number];

export interface StepVerdict {
  /** 1-based. */
  step: number;
  verdict: Verdict;
  /** What the log says about the step, shortened. */
  note: string;
}

/** A verification output as the product understands it. */
export interface ParsedVerification {
  /** In the order of the log, at most one per step. */
  verdicts: StepVerdict[];
  /** 1-based step of the first critical error; null when the output names none. */
  firstError: number | null;
  /** Set exactly when outcome is "proposed"; location is in 1..steps. */
  proposal: { content: string; location: number } | null;
  outcome: VerificationOutcome;
  /** What had to be repaired or could not be read, for people; "" when clean. */
  note: string;
}

export function parseVerification(text: string, o: { steps: number; finishReason: string }): ParsedVerification {
  const body = [...text.matchAll(/<intervention>([\s\S]*?)(?:<\/intervention>|$)/g)].at(-1)?.[1];
  const none = { verdicts: [], firstError: null, proposal: null };
  if (body === undefined) {
    return { ...none, outcome: o.finishReason === "length" ? "cut_off" : "unparsed", note: "no <intervention> tag" };
  }
  const content = /"content"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1]?.replaceAll("\\\\", "\\") ?? "";
  const location = Number(/"location"\s*:\s*"?\D*(\d+)/.exec(body)?.[1] ?? 0);
  if (content === "") return { ...none, outcome: "no_error", note: "" };
  if (location < 1 || location > o.steps) return { ...none, outcome: "out_of_range", note: `location ${location}` };
  return { ...none, firstError: location, proposal: { content, location }, outcome: "proposed", note: "" };
}
