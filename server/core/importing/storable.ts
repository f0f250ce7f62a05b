/** The last look at a row before it is written: what the database cannot hold must cost that row alone. */
import { checkText } from "./fields";
import { type ImportedAttempt, type ImportedRow, RowError } from "./record";

/** Names and ids stand in indexes, which take some 2,700 bytes. Characters. */
const LONGEST_NAME = 500;
const LARGEST_INT = 2_147_483_647;

/** @throws RowError for U+0000, half a surrogate pair, a name that is too long, a number that is too large. */
export function checkStorable({ problem, attempts }: ImportedRow): void {
  if ("ids" in problem) for (const id of problem.ids) checkName(id, problem.field);
  else {
    if (problem.key !== null) checkName(problem.key, "id");
    checkText(problem.statement, "problem");
    checkText(problem.answer ?? "", "answer");
    checkText(problem.reference, "solution");
    checkText(problem.referenceSource, "solution_source");
    checkText(problem.difficulty, "difficulty");
  }
  for (const attempt of attempts) checkAttempt(attempt);
}

function checkAttempt(a: ImportedAttempt): void {
  checkName(a.model, "model");
  checkText(a.text, "attempt");
  checkText(a.finalAnswer ?? "", "final_answer");
  checkText(a.verification ?? "", "verification");
  checkText(a.proposal?.content ?? "", "intervention");
  if (a.label) checkName(a.label.source, "label_source");
  const { tokens = 0 } = a;
  if (!Number.isInteger(tokens) || tokens < 0 || tokens > LARGEST_INT) throw new RowError("tokens", "must be a whole number from 0 to 2,147,483,647");
}

function checkName(text: string, field: string): void {
  checkText(text, field);
  if (text.length > LONGEST_NAME) throw new RowError(field, `is a name of ${text.length} characters; the longest may have ${LONGEST_NAME}`);
}
