import { equalAnswers } from "../../core/grading/equal";
import type { Verdict } from "../../core/grading/expressions";
import { type AnswerGrade, type GradeOptions, gradeWith } from "../../core/grading/grade";
import { NeedsMathematics } from "../../core/grading/single";
import { GradingPool } from "./pool";

const pool = new GradingPool();

/** Are two final answers the same? Numbers, words and identical texts are decided here and now; the rest in a thread with a time limit. */
export async function equalSafely(gold: string, pred: string): Promise<Verdict> {
  try {
    return equalAnswers(gold, pred, null);
  } catch (error) {
    if (error instanceof NeedsMathematics) return pool.equal(gold, pred);
    throw error;
  }
}

/** Grade a whole answer against the reference answer: 1 when its final answer is equal to it, else 0. */
export function gradeAnswer(text: string, answer: string, o: GradeOptions): Promise<AnswerGrade> {
  return gradeWith(equalSafely, text, answer, o);
}
