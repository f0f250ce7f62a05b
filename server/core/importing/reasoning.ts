/**
 * Long reasoning of stronger models ("R1 think"), as sets publish it: OpenR1-Math (generations[] with correctness_math_verify[]
 * and finish_reasons[]), OpenMathReasoning (generated_solution, generation_model, expected_answer), and rows that hold the
 * thinking in a field beside the answer. An attempt is the whole answer, <think>…</think> included; datasets of the
 * thinking or of the summary alone are cut from it. Source: the datasets' cards.
 */
import { finishOf, MODEL, UNNAMED } from "./attempts";
import { has, optionalText, pick, requireText, yesOrNo } from "./fields";
import { ANSWER, genericProblem, PROBLEM_FIELDS, problemTakes, STATEMENT } from "./problems";
import { withThought } from "./prompts";
import { type Fields, type ImportedAttempt, type ImportFormat, plainAttempt, RowError } from "./record";

const LISTS = ["generations"];
const THOUGHTS = ["thinking", "reasoning_content", "reasoning", "think"];
const ANSWERS = ["response", "content", "output", "attempt", "completion", "final_response"];
/** OpenR1-Math's generations are DeepSeek-R1's. */
const OPEN_R1 = "DeepSeek-R1 (OpenR1-Math)";

function generations(row: Fields): ImportedAttempt[] {
  const list = row.generations;
  if (!Array.isArray(list) || list.length === 0) throw new RowError("generations", "must be a list of texts");
  const at = (name: string, i: number): unknown => (Array.isArray(row[name]) ? (row[name] as unknown[])[i] : undefined);
  const model = optionalText(row, MODEL).trim() || ("correctness_math_verify" in row ? OPEN_R1 : UNNAMED);
  return list.map((text: unknown, i) => ({
    ...plainAttempt(model, requireText({ [`generations[${i}]`]: text }, [`generations[${i}]`]).trim()),
    verdict: yesOrNo(at("correctness_math_verify", i)),
    ...finishOf(at("finish_reasons", i)),
  }));
}

function single(row: Fields): ImportedAttempt[] {
  const thought = optionalText(row, THOUGHTS);
  const text = withThought(thought, requireText(row, ANSWERS).trim());
  return [plainAttempt(optionalText(row, MODEL).trim() || UNNAMED, text)];
}

export const reasoning: ImportFormat = {
  id: "reasoning",
  title: "reasoning of a stronger model",
  holds: "attempts",
  bareAnswers: true,
  reads: [...PROBLEM_FIELDS, ...LISTS, ...THOUGHTS, ...ANSWERS, ...MODEL, "correctness_math_verify", "finish_reasons"],
  takes: (row) => ({
    ...problemTakes(row),
    attempt: Array.isArray(row.generations) ? "generations" : `${pick(row, THOUGHTS)?.name ?? "thinking"} and ${pick(row, ANSWERS)?.name ?? "response"}`,
    ...("correctness_math_verify" in row ? { verdict: "correctness_math_verify" } : {}),
  }),
  matches: (row) =>
    has(row, ...STATEMENT) &&
    has(row, ...ANSWER) &&
    (Array.isArray(row.generations) || (pick(row, THOUGHTS) !== null && pick(row, ANSWERS) !== null)),
  map: (row) => ({ problem: genericProblem(row), attempts: Array.isArray(row.generations) ? generations(row) : single(row) }),
};
