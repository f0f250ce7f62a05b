import { type ExportFormat, turnEndWarning } from "../format";
import { assistant, messagesField, user } from "./messages";

/** verl's SFT rows: a column `messages` (github.com/verl-project/verl, verl/utils/dataset/multiturn_sft_dataset.py, `messages_key`). */
export const verlSft: ExportFormat<"training"> = {
  id: "verl-sft",
  label: "verl: SFT",
  about: "Conversations in a Parquet column messages, for verl.trainer.sft_trainer.",
  source: "github.com/verl-project/verl: verl/utils/dataset/multiturn_sft_dataset.py",
  shape: "training",
  files: ["parquet"],
  fields: [messagesField("messages")],
  row: ({ prompt, completion }) => ({ messages: [user(prompt), assistant(completion)] }),
  load: (written) =>
    `torchrun --nproc_per_node 4 -m verl.trainer.sft_trainer data.train_files=train.parquet data.messages_key=messages model.path=${written.baseModel || "BASE_MODEL"}`,
  notes: turnEndWarning(
    "the chat template",
    "Give verl a dataset class of your own (data.custom_cls) that leaves the last turn open.",
  ),
};
