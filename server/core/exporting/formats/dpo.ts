import { text } from "../fields";
import { type ExportFormat, type FormatContext, loadDataset, Skipped } from "../format";
import type { PairRow } from "../shapes";
import { assistant, messagesField, user } from "./messages";

const NO_ORIGINAL = "the proposal stands behind the last step, so there is no step that it replaces";
const SAME = "the proposal says what the step says";

/** The two steps, or why they make no pair. */
function steps(pair: PairRow): { chosen: string; rejected: string } | Skipped {
  if (pair.rejected === null) return new Skipped(NO_ORIGINAL);
  if (pair.rejected === pair.chosen) return new Skipped(SAME);
  return { chosen: pair.chosen, rejected: pair.rejected };
}

const after = (prefix: readonly string[], step: string) => [...prefix, step].join("\n\n");

/**
 * Preference pairs as TRL's DPOTrainer reads conversations (huggingface.co/docs/trl/dataset_formats, "Preference"): the
 * same problem, the same steps, then the intervention (chosen) or the original step (rejected). The shared steps stand in
 * both answers: their log-probabilities are equal and fall out of the difference.
 */
export const dpo: ExportFormat<"pairs"> = {
  id: "dpo",
  label: "DPO pairs",
  about: "After the same steps: the intervention chosen, the original step rejected, as conversations.",
  source: "huggingface.co/docs/trl/dataset_formats, Preference",
  shape: "pairs",
  files: ["jsonl", "parquet"],
  fields: [messagesField("prompt"), messagesField("chosen"), messagesField("rejected")],
  row(pair) {
    const two = steps(pair);
    if (two instanceof Skipped) return two;
    return {
      prompt: [user(pair.statement)],
      chosen: [assistant(after(pair.prefix, two.chosen))],
      rejected: [assistant(after(pair.prefix, two.rejected))],
    };
  },
  load: loadDataset,
};

/**
 * The same pairs as plain texts in which only the step differs: the prompt is the rendered conversation with the shared
 * steps in the assistant's turn. The end token that TRL appends to both sides stands in both.
 */
export const dpoSteps: ExportFormat<"pairs"> = {
  id: "dpo-steps",
  label: "DPO pairs, the step alone",
  about: "The prompt is the rendered conversation up to the step; chosen and rejected are the two steps alone.",
  source: "huggingface.co/docs/trl/dataset_formats, Preference (standard)",
  shape: "pairs",
  files: ["jsonl", "parquet"],
  needsEncoder: true,
  fields: [text("prompt", "rendered by the model's template, with the shared steps"), text("chosen"), text("rejected")],
  async row(pair, { encoder }: FormatContext) {
    if (!encoder) throw new Error("dpo-steps needs an encoder");
    const two = steps(pair);
    if (two instanceof Skipped) return two;
    const shared = pair.prefix.map((step) => `${step}\n\n`).join("");
    return { prompt: (await encoder.render(pair.statement)) + shared, ...two };
  },
  load: loadDataset,
};
