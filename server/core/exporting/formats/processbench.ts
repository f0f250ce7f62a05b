import { bool, int, list, TEXT, text } from "../fields";
import { type ExportFormat, loadDataset } from "../format";

/** ProcessBench's rows (huggingface.co/datasets/Qwen/ProcessBench): the label is the 0-based first wrong step, −1 for none. */
export const processBench: ExportFormat<"steps"> = {
  id: "processbench",
  label: "ProcessBench",
  about: "Whole attempts with the 0-based index of the first wrong step, or -1.",
  source: "huggingface.co/datasets/Qwen/ProcessBench",
  shape: "steps",
  files: ["jsonl", "parquet"],
  fields: [
    text("id"),
    text("generator", "the model that wrote it"),
    text("problem"),
    list("steps", TEXT),
    bool("final_answer_correct"),
    int("label", "0-based first wrong step, -1 for none"),
  ],
  row: (r) => ({
    id: r.id,
    generator: r.generator,
    problem: r.statement,
    steps: r.steps,
    final_answer_correct: r.reward === 1,
    label: r.firstError === null ? -1 : r.firstError - 1,
  }),
  load: loadDataset,
};
