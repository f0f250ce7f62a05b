import { text } from "../fields";
import { type ExportFormat, loadDataset, turnEndWarning } from "../format";

/** TRL's standard prompt-completion rows (huggingface.co/docs/trl/dataset_formats, "Prompt-completion"). */
export const trlPromptCompletion: ExportFormat<"training"> = {
  id: "trl-prompt-completion",
  label: "TRL: prompt and completion",
  about: "Two plain texts a row. TRL applies no chat template to them and ends every completion with the end token.",
  source: "huggingface.co/docs/trl/dataset_formats",
  shape: "training",
  files: ["jsonl", "parquet"],
  fields: [text("prompt", "the problem"), text("completion", "what the model is trained to write")],
  row: ({ prompt, completion }) => ({ prompt, completion }),
  load: loadDataset,
  notes: turnEndWarning("TRL", "Train on the format trl-tokenised instead: it is taken exactly as it is."),
};
