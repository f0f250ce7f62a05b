import { INT, list } from "../fields";
import { type Encoder, type ExportFormat, loadDataset, Skipped } from "../format";

/** What TRL and transformers leave out of the loss. */
const IGNORED = -100;

/**
 * TRL's pre-tokenised rows: `input_ids` and `labels`. SFTTrainer takes a dataset with a column `input_ids` as it is: no
 * template, no end token (trl/trainer/sft_trainer.py 1.16, `_prepare_dataset`, "is_processed"). So what is trained is
 * exactly the guided attempt: nothing of the prompt stands in the labels, and nothing follows an unfinished answer.
 */
export const trlTokenised: ExportFormat<"training"> = {
  id: "trl-tokenised",
  label: "TRL: token ids and labels",
  about: "The tokens that are trained on, exactly: the model's own template and tokenizer, no end token after an unfinished answer.",
  source: "trl/trainer/sft_trainer.py, datasets with input_ids",
  shape: "training",
  files: ["jsonl", "parquet"],
  needsEncoder: true,
  fields: [
    list("input_ids", INT, "the rendered prompt and the completion, encoded as one text"),
    list("labels", INT, `the same ids where the model is trained, ${IGNORED} on the prompt`),
  ],
  async row({ prompt, completion, ends }, { encoder }) {
    if (!encoder) throw new Error("trl-tokenised needs an encoder");
    const turn = await encoder.turn(prompt, completion);
    const masked = await promptTokens(encoder, turn.prompt, turn.whole);
    const ids = [...turn.whole];
    if (ends) {
      if (encoder.endId === null) return new Skipped("the tokenizer does not say which token ends a turn");
      ids.push(encoder.endId);
    }
    if (masked >= ids.length) return new Skipped("nothing is left to train on after the prompt");
    return {
      input_ids: Int32Array.from(ids),
      labels: Int32Array.from(ids, (id, i) => (i < masked ? IGNORED : id)),
    };
  },
  load: (written) =>
    `${loadDataset(written)}\n\nfrom trl import SFTConfig, SFTTrainer\n\n# max_length cuts silently: give the longest row its room.\nlongest = max(len(ids) for ids in rows["input_ids"])\ntrainer = SFTTrainer(model="${written.baseModel || "BASE_MODEL"}", train_dataset=rows, args=SFTConfig(output_dir="out", max_length=longest))\ntrainer.train()`,
};

/**
 * How many of the first tokens hold something of the prompt. Where prompt and completion meet, the tokenizer may join the
 * end of one and the beginning of the other in a token: it holds something of the prompt, so it is not trained on.
 */
export async function promptTokens(
  encoder: Pick<Encoder, "decode">,
  prompt: readonly number[],
  whole: readonly number[],
): Promise<number> {
  let same = 0;
  while (same < prompt.length && prompt[same] === whole[same]) same++;
  if (same === prompt.length) return same;
  const text = await encoder.decode(prompt);
  let covered = same;
  while (covered < whole.length && (await encoder.decode(whole.slice(0, covered))).length < text.length) covered++;
  return covered;
}
