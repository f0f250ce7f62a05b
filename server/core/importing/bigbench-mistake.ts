/**
 * BIG-Bench Mistake (WHGTyen/BIG-Bench-Mistake): traces of a real model in steps, the first mistake located by people.
 * `mistake_index` is 0-based and null for none; a label here is the 1-based step: first_error = mistake_index + 1.
 */
import { joinSteps } from "../steps";
import { asText, requireText } from "./fields";
import { type ImportFormat, plainAttempt, RowError } from "./record";
import { fromIndex, stepList } from "./step-list";

/** The model the traces were sampled from, as their paper (Tyen et al. 2023) names it. */
const MODEL = "PaLM 2-L (BIG-Bench Mistake)";
export const BIGBENCH_LABEL = "people (BIG-Bench Mistake)";

export const bigbenchMistake: ImportFormat = {
  id: "bigbench-mistake",
  title: "BIG-Bench Mistake traces",
  holds: "traces",
  answerRule: 'field "answer"',
  reads: ["input", "steps", "answer", "target", "mistake_index"],
  takes: () => ({ problem: "input", answer: "target", attempt: "steps", final_answer: "answer", mistake_index: "mistake_index" }),
  matches: (row) => typeof row.input === "string" && Array.isArray(row.steps) && "mistake_index" in row,
  map(row) {
    const steps = stepList(row.steps, "steps");
    // -1 is no value of this file.
    if (row.mistake_index === -1) throw new RowError("mistake_index", `-1 is outside of the ${steps.length} steps`);
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
          ...plainAttempt(MODEL, joinSteps(steps)),
          finalAnswer: row.answer === null || row.answer === undefined ? null : asText(row.answer, "answer").trim(),
          label: { source: BIGBENCH_LABEL, firstError: fromIndex(row.mistake_index, steps.length, "mistake_index") },
        },
      ],
    };
  },
};
