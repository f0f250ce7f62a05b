import { type AnswerGrade, gradeAnswer } from "../grading/grade";
import { sameAnswer } from "../grading/normalise";
import type { ImportedAttempt, ImportFormat } from "./record";

/**
 * Grade an imported attempt with this project's grader. Where the format says where the final answer stands, that one
 * is compared, as no imported text was written for \boxed{}; else the grader looks for it in the text.
 */
export function gradeImported(format: ImportFormat, attempt: ImportedAttempt, answer: string): AnswerGrade {
  const { finalAnswer, text } = attempt;
  if (finalAnswer === undefined) {
    return gradeAnswer(text, answer, { bareAnswers: format.bareAnswers === true, finishReason: "imported" });
  }
  const rule = format.answerRule ?? "the file's own answer";
  if (finalAnswer === null) {
    return { reward: 0, extracted: null, reason: `no final answer (${rule})`, outcome: "no_answer" };
  }
  const same = sameAnswer(finalAnswer, answer);
  return {
    reward: same.equal ? 1 : 0,
    extracted: finalAnswer,
    reason: `${rule}; ${same.reason}`,
    outcome: same.equal ? "success" : "failure",
  };
}
