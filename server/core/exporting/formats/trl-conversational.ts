import { type ExportFormat, loadDataset, turnEndWarning } from "../format";
import { assistant, messagesField, user } from "./messages";

/** TRL's conversational prompt-completion rows (huggingface.co/docs/trl/dataset_formats, "Prompt-completion"). */
export const trlConversational: ExportFormat<"training"> = {
  id: "trl-conversational",
  label: "TRL: conversational",
  about: "The user's turn and the assistant's as messages; TRL renders them with the model's own chat template.",
  source: "huggingface.co/docs/trl/dataset_formats",
  shape: "training",
  files: ["jsonl", "parquet"],
  fields: [messagesField("prompt", "the user's turn"), messagesField("completion", "the assistant's turn")],
  row: ({ prompt, completion }) => ({ prompt: [user(prompt)], completion: [assistant(completion)] }),
  load: loadDataset,
  notes: turnEndWarning(
    "the chat template",
    "Train on the format trl-tokenised instead, or with a template that leaves the last turn open (chat_template_path).",
  ),
};
