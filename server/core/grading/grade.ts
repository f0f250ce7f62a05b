import type { Outcome } from "../arms";
import type { Verdict } from "./expressions";
import { extractAnswer } from "./extract";

/** Changes whenever a grade could come out differently; part of every grade's natural key. */
export const GRADER_VERSION = "intervene@2";

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

/** How two final answers are compared: the expected one first. */
export type Equality = (gold: string, pred: string) => Promise<Verdict>;

/**
 * Grade a whole answer against the reference answer: 1 when its final answer is equal to it, else 0. An answer that cannot
 * be read is never equal to anything but its own spelling.
 */
export async function gradeWith(equal: Equality, text: string, answer: string, o: GradeOptions): Promise<AnswerGrade> {
  const found = extractAnswer(text, { bareAnswers: o.bareAnswers });
  if (found === null) {
    return o.finishReason === "length"
      ? { reward: 0, extracted: null, reason: "stopped at the token limit without a final answer", outcome: "cut_off" }
      : { reward: 0, extracted: null, reason: "no final answer found", outcome: "no_answer" };
  }
  return gradeFound(equal, found.answer, answer, found.rule);
}

/** Grade an answer that was found by a rule. */
export async function gradeFound(equal: Equality, found: string, answer: string, rule: string): Promise<AnswerGrade> {
  const same = await equal(answer, found);
  return {
    reward: same.equal ? 1 : 0,
    extracted: found,
    reason: `${rule}; ${same.reason}`,
    outcome: same.equal ? "success" : "failure",
  };
}
