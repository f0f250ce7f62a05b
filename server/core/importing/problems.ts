/** Problem sets under the names that people give these fields (method.md, "Data shapes"). */
import { unboxed } from "./answers";
import { has, optionalText, pick, requireText } from "./fields";
import type { Fields, ImportedProblem, ImportFormat, Target } from "./record";

export const ID = ["id", "problem_id", "unique_id", "uid", "uuid"];
export const STATEMENT = ["problem", "question", "prompt", "statement"];
export const ANSWER = ["answer", "short_answer", "final_answer", "expected_answer", "gold_answer", "ground_truth"];
export const REFERENCE = ["reference_solution", "solution", "reference"];
export const REFERENCE_SOURCE = ["reference_solution_source", "solution_source", "reference_source"];
export const DIFFICULTY = ["difficulty", "level", "pass_rate"];

/** The problem of a row by the aliases. @throws RowError without a statement or an answer. */
export function genericProblem(row: Fields): ImportedProblem {
  const statement = requireText(row, STATEMENT).trim();
  const answer = unboxed(requireText(row, ANSWER));
  const reference = optionalText(row, REFERENCE).trim();
  return {
    key: optionalText(row, ID).trim() || null,
    statement,
    answer,
    reference,
    referenceSource: reference === "" ? "" : optionalText(row, REFERENCE_SOURCE).trim() || "the file",
    difficulty: optionalText(row, DIFFICULTY).trim(),
  };
}

export const PROBLEM_FIELDS = [...ID, ...STATEMENT, ...ANSWER, ...REFERENCE, ...REFERENCE_SOURCE, ...DIFFICULTY];

const ALIASES: Partial<Record<Target, readonly string[]>> = {
  id: ID,
  problem: STATEMENT,
  answer: ANSWER,
  solution: REFERENCE,
  solution_source: REFERENCE_SOURCE,
  difficulty: DIFFICULTY,
};

/** Which field of the row feeds each of ours, by aliases. */
export function takenBy(aliases: Partial<Record<Target, readonly string[]>>, row: Fields): Partial<Record<Target, string>> {
  const out: Partial<Record<Target, string>> = {};
  for (const [target, names] of Object.entries(aliases)) {
    const found = pick(row, names) ?? (names.some((n) => n in row) ? { name: names.find((n) => n in row) ?? "" } : null);
    if (found) out[target as Target] = found.name;
  }
  return out;
}

/** Which fields feed a problem. */
export const problemTakes = (row: Fields) => takenBy(ALIASES, row);

/** A problem set of a known name whose fields the aliases read. */
export function problemFormat(
  known: Pick<ImportFormat, "id" | "title" | "matches"> & { map?: (row: Fields) => ImportedProblem; reads?: readonly string[]; takes?: Partial<Record<Target, string>> },
): ImportFormat {
  const { map = genericProblem, reads = PROBLEM_FIELDS, takes, ...rest } = known;
  return { ...rest, holds: "problems", reads, map: (row) => ({ problem: map(row), attempts: [] }), takes: (row) => takes ?? problemTakes(row) };
}

export const genericProblems: ImportFormat = problemFormat({
  id: "problems",
  title: "problems",
  matches: (row) => has(row, ...STATEMENT) && has(row, ...ANSWER),
});
