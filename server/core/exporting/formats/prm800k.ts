import { bool, int, list, nullable, type Row, struct, structOf, TEXT, text } from "../fields";
import { type ExportFormat, loadDataset } from "../format";
import type { StepsRow } from "../shapes";

/**
 * PRM800K's lines (github.com/openai/prm800k, README.md, "Data"): +1 for each step before the first error, −1 for the
 * wrong step, with the correction beside it as a second completion where there is one. Labelling stops there
 * ("found_error"); an attempt without an error reaches its end ("solution"). Fields that only their labelling campaign
 * had keep the values that its first phase had (generation null, no quality control).
 */
export const prm800k: ExportFormat<"steps"> = {
  id: "prm800k",
  label: "PRM800K",
  about: "Step ratings +1 and -1 up to the first error, the correction beside the wrong step.",
  source: "github.com/openai/prm800k, README.md",
  shape: "steps",
  files: ["jsonl", "parquet"],
  fields: [
    text("labeler", "who labelled, as far as it may be told, and how"),
    text("timestamp"),
    nullable(int("generation")),
    bool("is_quality_control_question"),
    bool("is_initial_screening_question"),
    struct("question", [
      text("problem"),
      text("ground_truth_solution"),
      text("ground_truth_answer"),
      list("pre_generated_steps", TEXT),
      text("pre_generated_answer"),
    ]),
    struct("label", [
      list(
        "steps",
        structOf(
          list("completions", structOf(text("text"), int("rating"), bool("flagged"))),
          nullable(text("human_completion")),
          nullable(int("chosen_completion")),
        ),
      ),
      int("total_time"),
      text("finish_reason"),
    ]),
  ],
  row: (r) => ({
    labeler: r.labeler === "" ? r.labelSource : `${r.labelSource}:${r.labeler}`,
    timestamp: r.labelled,
    generation: null,
    is_quality_control_question: false,
    is_initial_screening_question: false,
    question: {
      problem: r.statement,
      ground_truth_solution: r.reference,
      ground_truth_answer: r.answer,
      pre_generated_steps: r.steps,
      pre_generated_answer: r.extracted,
    },
    label: {
      steps: labelled(r),
      total_time: 0,
      finish_reason: r.firstError === null ? "solution" : "found_error",
    },
  }),
  load: loadDataset,
};

const completion = (text: string, rating: number) => ({ text, rating, flagged: false });

function labelled({ steps, firstError, correction }: StepsRow): Row[] {
  const right = steps.slice(0, firstError === null ? steps.length : firstError - 1);
  const rows: Row[] = right.map((step) => ({
    completions: [completion(step, 1)],
    human_completion: null,
    chosen_completion: 0,
  }));
  const wrong = firstError === null ? undefined : steps[firstError - 1];
  if (wrong !== undefined) {
    const instead = correction?.accepted ? [completion(correction.text, 1)] : [];
    rows.push({ completions: [completion(wrong, -1), ...instead], human_completion: null, chosen_completion: null });
  }
  return rows;
}
