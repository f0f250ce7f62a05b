import { type ExportFormat, loadDataset, turnEndWarning } from "../format";
import { assistant, messagesField, user } from "./messages";

/** OpenAI's chat fine-tuning file: one {"messages": […]} a line (platform.openai.com/docs/guides/supervised-fine-tuning). */
export const openaiFineTuning: ExportFormat<"training"> = {
  id: "openai",
  label: "OpenAI fine-tuning",
  about: "One conversation a line, as the fine-tuning endpoint takes it (at least 10 lines).",
  source: "platform.openai.com/docs/guides/supervised-fine-tuning",
  shape: "training",
  files: ["jsonl"],
  fields: [messagesField("messages")],
  row: ({ prompt, completion }) => ({ messages: [user(prompt), assistant(completion)] }),
  load: (written) =>
    `${loadDataset(written)}\n\n# Or hand the file to the API:\n# client.files.create(file=open("train.jsonl", "rb"), purpose="fine-tune")`,
  notes: turnEndWarning("the service", "There is no way around it there; a trainer of your own can leave the turn open."),
};
