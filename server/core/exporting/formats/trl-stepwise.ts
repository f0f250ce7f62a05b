import { list, TEXT, text } from "../fields";
import { type ExportFormat, loadDataset } from "../format";

/**
 * TRL's stepwise supervision (huggingface.co/docs/trl/dataset_formats, "Stepwise supervision"): steps up to and with the
 * first wrong one, each with whether it is right. What follows a first error is not labelled, so it is left out.
 */
export const trlStepwise: ExportFormat<"steps"> = {
  id: "trl-stepwise",
  label: "TRL: stepwise supervision",
  about: "Steps with right or wrong, up to the first error, for process reward models.",
  source: "huggingface.co/docs/trl/dataset_formats, Stepwise supervision",
  shape: "steps",
  files: ["jsonl", "parquet"],
  fields: [
    text("prompt", "the problem"),
    list("completions", TEXT, "the steps, up to the first wrong one"),
    list("labels", { kind: "bool" }, "whether each step is right"),
  ],
  row: ({ statement, steps, firstError }) => {
    const shown = steps.slice(0, firstError ?? steps.length);
    return { prompt: statement, completions: shown, labels: shown.map((_, i) => i + 1 !== firstError) };
  },
  load: loadDataset,
};
