/** Attempts of any model under common names: a problem, its answer, the text, and who wrote it. */
import { describe, has, optionalText, pick, requireText } from "./fields";
import { ANSWER, genericProblem, PROBLEM_FIELDS, STATEMENT } from "./problems";
import { type Fields, type ImportFormat, RowError } from "./record";

const TEXT = ["attempt", "response", "completion", "output", "generation"];
const MODEL = ["model", "generator", "model_name"];
const VERDICT = ["is_correct", "correct", "final_answer_correct", "reward"];

function verdictOf(row: Fields): boolean | null {
  const found = pick(row, VERDICT);
  if (!found) return null;
  const { value, name } = found;
  if (value === true || value === 1 || value === "1" || value === "true") return true;
  if (value === false || value === 0 || value === "0" || value === "false") return false;
  throw new RowError(name, `must be true or false, but is ${describe(value)}`);
}

export const genericAttempts: ImportFormat = {
  id: "attempts",
  title: "attempts",
  holds: "attempts",
  bareAnswers: true,
  reads: [...PROBLEM_FIELDS, ...TEXT, ...MODEL, ...VERDICT],
  matches: (row) => has(row, ...STATEMENT) && has(row, ...ANSWER) && has(row, ...TEXT),
  map: (row) => ({
    problem: genericProblem(row),
    attempts: [
      {
        model: optionalText(row, MODEL).trim() || "model not named",
        text: requireText(row, TEXT).trim(),
        finalAnswer: undefined,
        verdict: verdictOf(row),
        label: null,
        verification: null,
        proposal: null,
      },
    ],
  }),
};
