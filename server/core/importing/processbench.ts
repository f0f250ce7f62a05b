/**
 * ProcessBench (Qwen/ProcessBench): id, generator, problem, steps[], final_answer_correct, label. People's label of the
 * earliest wrong step is 0-based, -1 for none: first_error = label + 1. The set has no reference answers, so its own
 * final_answer_correct stands as the verdict. Source: the dataset's card.
 */
import { joinSteps } from "../steps";
import { describe, requireText, yesOrNo } from "./fields";
import { type ImportFormat, plainAttempt, RowError } from "./record";
import { fromIndex, stepList } from "./step-list";

export const PROCESSBENCH_LABEL = "people (ProcessBench)";

export const processBench: ImportFormat = {
  id: "processbench",
  title: "ProcessBench traces",
  holds: "traces",
  reads: ["id", "generator", "problem", "steps", "final_answer_correct", "label", "answer"],
  takes: () => ({ problem: "problem", attempt: "steps", model: "generator", verdict: "final_answer_correct", mistake_index: "label" }),
  matches: (row) => "problem" in row && Array.isArray(row.steps) && "label" in row && ("generator" in row || "final_answer_correct" in row),
  map(row) {
    const steps = stepList(row.steps, "steps");
    const verdict = yesOrNo(row.final_answer_correct);
    if (verdict === null && row.final_answer_correct != null) {
      throw new RowError("final_answer_correct", `must be true or false, but is ${describe(row.final_answer_correct)}`);
    }
    if (row.label === null) throw new RowError("label", "is empty");
    return {
      // Its ids name traces, not problems: one problem has many.
      problem: {
        key: null,
        statement: requireText(row, ["problem"]).trim(),
        // Files in this shape from elsewhere (ours too) may carry the answer.
        answer: row.answer == null || row.answer === "" ? null : requireText(row, ["answer"]).trim(),
        reference: "",
        referenceSource: "",
        difficulty: "",
      },
      attempts: [
        {
          ...plainAttempt(requireText(row, ["generator"]).trim(), joinSteps(steps)),
          verdict,
          label: { source: PROCESSBENCH_LABEL, firstError: fromIndex(row.label, steps.length, "label") },
        },
      ],
    };
  },
};
