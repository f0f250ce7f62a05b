import type { Outcome } from "../arms";
import { extractAnswer } from "./extract";
import { sameAnswer } from "./normalise";

/** Changes whenever a grade could come out differently; part of every grade's natural key. */
export const GRADER_VERSION = "exact@1";

export interface GradeOptions {
  /** Accept an answer that is not in \boxed{}: after "####", after "the answer is", or a line that is one expression. */
  bareAnswers: boolean;
  /** Why sampling ended: "length" means the token limit. */
  finishReason: string;
}

export interface AnswerGrade {
  reward: 0 | 1;
  /** The answer taken from the text, as written; null when there was none. */
  extracted: string | null;
  /** Which rule decided, for people. */
  reason: string;
  outcome: Outcome;
}

/**
 * Grade a whole answer against the reference answer: 1 when its final answer is equal after normalisation, else 0.
 * An answer that cannot be read is never equal to anything, another unreadable one included.
 */
export function gradeAnswer(text: string, answer: string, o: GradeOptions): AnswerGrade {
  const found = extractAnswer(text, { bareAnswers: o.bareAnswers });
  if (found === null) {
    return o.finishReason === "length"
      ? { reward: 0, extracted: null, reason: "stopped at the token limit without a final answer", outcome: "cut_off" }
      : { reward: 0, extracted: null, reason: "no final answer found", outcome: "no_answer" };
  }
  const same = sameAnswer(found.answer, answer);
  return {
    reward: same.equal ? 1 : 0,
    extracted: found.answer,
    reason: `${found.rule}; ${same.reason}`,
    outcome: same.equal ? "success" : "failure",
  };
}
