/** Attempts of any model under common names: a problem, its answer, the text, and who wrote it. */
import { describe, has, optionalText, pick, requireText, yesOrNo } from "./fields";
import { ANSWER, genericProblem, PROBLEM_FIELDS, problemTakes, STATEMENT, takenBy } from "./problems";
import { type Fields, type ImportFormat, plainAttempt, RowError } from "./record";

export const TEXT = ["attempt", "response", "completion", "output", "generation", "generated_solution"];
export const MODEL = ["model", "generator", "model_name", "generation_model"];
export const VERDICT = ["is_correct", "correct", "final_answer_correct", "reward"];
const FINISH = ["finish_reason"];

/** What a model without a name is called. */
export const UNNAMED = "model not named";

/** Whether the file calls the attempt right. @throws RowError for a value that says neither. */
export function verdictOf(row: Fields, names: readonly string[] = VERDICT): boolean | null {
  const found = pick(row, names);
  if (!found) return null;
  const verdict = yesOrNo(found.value);
  if (verdict === null) throw new RowError(found.name, `must be true or false, but is ${describe(found.value)}`);
  return verdict;
}

/** Why sampling ended, in our words; nothing when the file does not say. */
export function finishOf(value: unknown): { finishReason?: "stop" | "length" } {
  if (value === "length" || value === "max_tokens" || value === "model_length") return { finishReason: "length" };
  return value === "stop" || value === "eos" || value === "end_turn" ? { finishReason: "stop" } : {};
}

export const genericAttempts: ImportFormat = {
  id: "attempts",
  title: "attempts",
  holds: "attempts",
  bareAnswers: true,
  reads: [...PROBLEM_FIELDS, ...TEXT, ...MODEL, ...VERDICT, ...FINISH],
  takes: (row) => ({ ...problemTakes(row), ...takenBy({ attempt: TEXT, model: MODEL, verdict: VERDICT, finish_reason: FINISH }, row) }),
  matches: (row) => has(row, ...STATEMENT) && has(row, ...ANSWER) && has(row, ...TEXT),
  map: (row) => ({
    problem: genericProblem(row),
    attempts: [
      {
        ...plainAttempt(optionalText(row, MODEL).trim() || UNNAMED, requireText(row, TEXT).trim()),
        verdict: verdictOf(row),
        ...finishOf(row.finish_reason),
      },
    ],
  }),
};
