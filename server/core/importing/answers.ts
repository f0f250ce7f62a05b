import { extractAnswer } from "../grading/extract";

/** An answer without the \boxed{} that some sets put around it. */
export function unboxed(answer: string): string {
  const text = answer.trim();
  if (!text.includes("\\boxed")) return text;
  return extractAnswer(text, { bareAnswers: false })?.answer ?? text;
}
