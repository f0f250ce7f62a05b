/** Problem sets under the names that people give these fields (method.md, "Data shapes"), and IMO-AnswerBench. */
import { has, optionalText, requireText } from "./fields";
import type { Fields, ImportedProblem, ImportFormat } from "./record";

export const ID = ["id", "problem_id", "unique_id", "uid"];
export const STATEMENT = ["problem", "question", "prompt", "statement"];
export const ANSWER = ["answer", "short_answer", "final_answer"];
export const REFERENCE = ["reference_solution", "solution", "reference"];
export const REFERENCE_SOURCE = ["reference_solution_source", "solution_source", "reference_source"];
export const DIFFICULTY = ["difficulty", "level", "pass_rate"];

/** The problem of a row by the aliases. @throws RowError without a statement or an answer. */
export function genericProblem(row: Fields): ImportedProblem {
  const statement = requireText(row, STATEMENT).trim();
  const answer = requireText(row, ANSWER).trim();
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

export const imoAnswerBench: ImportFormat = {
  id: "imo-answerbench",
  title: "IMO-AnswerBench problems",
  holds: "problems",
  reads: ["problem_id", "problem", "short_answer"],
  matches: (row) => has(row, "problem_id") && has(row, "problem") && has(row, "short_answer"),
  map: (row) => ({ problem: genericProblem(row), attempts: [] }),
};

export const genericProblems: ImportFormat = {
  id: "problems",
  title: "problems",
  holds: "problems",
  reads: PROBLEM_FIELDS,
  matches: (row) => has(row, ...STATEMENT) && has(row, ...ANSWER),
  map: (row) => ({ problem: genericProblem(row), attempts: [] }),
};
