import { type AnswerGrade, type Equality, gradeFound, gradeWith } from "../grading/grade";
import type { ImportedAttempt, ImportFormat } from "./record";

/**
 * Grade an imported attempt with this project's grader. Where the format says where the final answer stands, that one
 * is compared, as no imported text was written for \boxed{}; else the grader looks for it in the text.
 */
export async function gradeImported(
  equal: Equality,
  format: ImportFormat,
  attempt: ImportedAttempt,
  answer: string,
): Promise<AnswerGrade> {
  const { finalAnswer, text } = attempt;
  if (finalAnswer === undefined) {
    return gradeWith(equal, text, answer, { bareAnswers: format.bareAnswers === true, finishReason: "imported" });
  }
  const rule = format.answerRule ?? "the file's own answer";
  if (finalAnswer === null) {
    return { reward: 0, extracted: null, reason: `no final answer (${rule})`, outcome: "no_answer" };
  }
  return gradeFound(equal, finalAnswer, answer, rule);
}
