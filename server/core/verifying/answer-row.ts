/** One answer of a model that located a first error elsewhere, as a line of a file holds it. */
export interface AnswerRow {
  /** Which attempt: its id; or its problem (key or statement) and, where that has several attempts, which sample (from 1). */
  target: { attempt: string } | { problem: string; sample: number | null };
  /** 1-based step; null for no error; "unparsed" where the model's output could not be read. */
  firstError: number | null | "unparsed";
  /** The model's output, where the file has it; "" otherwise. */
  text: string;
}

const PROBLEM_FIELDS = ["problem", "input", "question", "statement", "key", "id"] as const;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Read a line. The answer is `first_error` (1-based, null for none) or ProcessBench's `prediction` (0-based, −1 for none);
 * "unparsed" stands for an output that could not be read, as `prediction: null` does in ProcessBench's own files.
 * @returns the row, or the field that cannot be used and why.
 */
export function readAnswerRow(row: Readonly<Record<string, unknown>>): AnswerRow | { field: string; reason: string } {
  const target = targetOf(row);
  if ("reason" in target) return target;
  const firstError = answerOf(row);
  if (typeof firstError === "object" && firstError !== null) return firstError;
  return { target, firstError, text: typeof row.text === "string" ? row.text : "" };
}

function targetOf(row: Readonly<Record<string, unknown>>): AnswerRow["target"] | { field: string; reason: string } {
  if (row.attempt !== undefined) {
    const { attempt } = row;
    return typeof attempt === "string" && UUID.test(attempt)
      ? { attempt: attempt.toLowerCase() }
      : { field: "attempt", reason: "is not an attempt's id" };
  }
  const field = PROBLEM_FIELDS.find((f) => typeof row[f] === "string" && row[f] !== "");
  if (field === undefined)
    return { field: "attempt", reason: `is missing, and so is a problem (${PROBLEM_FIELDS.join(", ")})` };
  const { sample = null } = row;
  if (sample !== null && (typeof sample !== "number" || !Number.isInteger(sample) || sample < 1))
    return { field: "sample", reason: "must be a whole number from 1 on" };
  return { problem: String(row[field]).trim(), sample };
}

function answerOf(row: Readonly<Record<string, unknown>>): AnswerRow["firstError"] | { field: string; reason: string } {
  if (row.first_error !== undefined) {
    const value = row.first_error;
    if (value === null || value === "unparsed") return value;
    return typeof value === "number" && Number.isInteger(value) && value >= 1
      ? value
      : { field: "first_error", reason: "must be a step from 1 on, null for no error, or \"unparsed\"" };
  }
  if (row.prediction === undefined) return { field: "first_error", reason: "is missing, and so is prediction" };
  const value = row.prediction;
  if (value === null || value === "unparsed") return "unparsed";
  if (typeof value !== "number" || !Number.isInteger(value) || value < -1)
    return { field: "prediction", reason: "must be a step from 0 on, -1 for no error, or null where nothing could be read" };
  return value === -1 ? null : value + 1;
}
