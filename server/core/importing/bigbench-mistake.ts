/**
 * BIG-Bench Mistake (WHGTyen/BIG-Bench-Mistake): traces of a real model in steps, the first mistake located by people.
 * `mistake_index` is 0-based and null for none; a label here is the 1-based step: first_error = mistake_index + 1.
 */
import { joinSteps } from "../steps";
import { asText, describe, requireText } from "./fields";
import { type Fields, type ImportFormat, RowError } from "./record";

/** The model the traces were sampled from, as their paper (Tyen et al. 2023) names it. */
const MODEL = "PaLM 2-L (BIG-Bench Mistake)";
export const BIGBENCH_LABEL = "people (BIG-Bench Mistake)";

function stepsOf(row: Fields): string[] {
  const { steps } = row;
  if (!Array.isArray(steps) || steps.length === 0) {
    throw new RowError("steps", `must be a list of steps, but is ${describe(steps)}`);
  }
  return steps.map((s: unknown, i) => {
    // A blank line inside a step would split it in two and shift the label.
    const text = asText(s, `steps[${i}]`)
      .trim()
      .replace(/\s*\n\s*\n\s*/g, "\n");
    if (text === "") throw new RowError(`steps[${i}]`, "is empty");
    return text;
  });
}

function firstError(row: Fields, steps: number): number | null {
  const value = row.mistake_index;
  if (value === null) return null;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new RowError("mistake_index", value === undefined ? "is missing" : "must be a whole number or null");
  }
  if (value < 0 || value >= steps) throw new RowError("mistake_index", `${value} is outside of the ${steps} steps`);
  return value + 1;
}

export const bigbenchMistake: ImportFormat = {
  id: "bigbench-mistake",
  title: "BIG-Bench Mistake traces",
  holds: "traces",
  answerRule: 'field "answer"',
  reads: ["input", "steps", "answer", "target", "mistake_index"],
  matches: (row) => typeof row.input === "string" && Array.isArray(row.steps) && "mistake_index" in row,
  map(row) {
    const steps = stepsOf(row);
    return {
      problem: {
        key: null,
        statement: requireText(row, ["input"]).trim(),
        answer: requireText(row, ["target"]).trim(),
        reference: "",
        referenceSource: "",
        difficulty: "",
      },
      attempts: [
        {
          model: MODEL,
          text: joinSteps(steps),
          finalAnswer: row.answer === null || row.answer === undefined ? null : asText(row.answer, "answer").trim(),
          verdict: null,
          label: { source: BIGBENCH_LABEL, firstError: firstError(row, steps.length) },
          verification: null,
          proposal: null,
        },
      ],
    };
  },
};
