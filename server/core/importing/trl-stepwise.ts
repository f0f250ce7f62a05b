/**
 * TRL's stepwise supervision (trl-lib/math_shepherd, trl-lib/prm800k, and what this project exports): prompt, completions[] (the
 * steps), labels[] (is each step right?). The first false label is the first error.
 * Source: TRL's documentation, "Dataset formats and types", Stepwise supervision.
 */
import { joinSteps } from "../steps";
import { describe, optionalText } from "./fields";
import { MODEL, UNNAMED } from "./attempts";
import { promptProblem } from "./prompts";
import { type ImportFormat, plainAttempt, RowError } from "./record";
import { stepList } from "./step-list";

export const STEPWISE_LABEL = "labels of the file (TRL stepwise)";

export const trlStepwise: ImportFormat = {
  id: "trl-stepwise",
  title: "TRL stepwise-supervision rows",
  holds: "traces",
  reads: ["prompt", "completions", "labels", ...MODEL],
  takes: () => ({ problem: "prompt", attempt: "completions", first_error: "labels" }),
  matches: (row) => "prompt" in row && Array.isArray(row.completions) && Array.isArray(row.labels),
  map(row) {
    const steps = stepList(row.completions, "completions");
    const { labels } = row;
    if (!Array.isArray(labels) || labels.length !== steps.length) {
      throw new RowError("labels", `must be one for each of the ${steps.length} steps, but is ${Array.isArray(labels) ? `a list of ${labels.length}` : describe(labels)}`);
    }
    const wrong = labels.findIndex((l: unknown, i) => {
      if (typeof l !== "boolean") throw new RowError(`labels[${i}]`, `must be true or false, but is ${describe(l)}`);
      return !l;
    });
    return {
      problem: { key: null, statement: promptProblem(row.prompt, "prompt"), answer: null, reference: "", referenceSource: "", difficulty: "" },
      attempts: [
        {
          ...plainAttempt(optionalText(row, MODEL).trim() || UNNAMED, joinSteps(steps)),
          label: { source: STEPWISE_LABEL, firstError: wrong < 0 ? null : wrong + 1 },
        },
      ],
    };
  },
};
