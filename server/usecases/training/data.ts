import { open, rename } from "node:fs/promises";
import type pg from "pg";
import { hintOf, isHinted } from "../../core/datasets/hint";
import { Skipped } from "../../core/exporting/format";
import { trlTokenised } from "../../core/exporting/formats/trl-tokenised";
import { fillTemplate } from "../../core/prompts/template";
import { isHeldOut } from "../../core/training/held-out";
import type { RlSettings } from "../../core/training/settings";
import { InterveneError } from "../../errors";
import type { Chat } from "../../inference/types";
import { datasetTexts } from "../../store/training/dataset-texts";
import { listPromptProblems } from "../../store/training/prompts";
import { encoderOf } from "../exports/encoder";

/** Where the rows of a fine-tuning are written. */
export interface RowFiles {
  data: string;
  /** Rows that are not trained, for their loss; null: every row is trained. */
  heldOut: { file: string; share: number } | null;
}

/**
 * The rows of a data set as token ids and labels under the base model's template and tokenizer: the very rows that the
 * export "trl-tokenised" writes, so that every trainer is given the same.
 * @throws InterveneError("bad_input") when nothing is left to train on, or nothing is held out where something should be.
 */
export async function writeRows(pool: pg.Pool, datasetId: string, chat: Chat, { data, heldOut }: RowFiles): Promise<void> {
  const encoder = encoderOf(chat);
  const count = { trained: 0, heldOut: 0 };
  const write = async (trained: Append, kept: Append) => {
    for await (const page of datasetTexts(pool, datasetId)) {
      const lines: Record<keyof typeof count, string[]> = { trained: [], heldOut: [] };
      for (const text of page) {
        const row = await trlTokenised.row(text, { encoder, name: "training" });
        if (row instanceof Skipped) continue;
        const { input_ids, labels } = row as { input_ids: Int32Array; labels: Int32Array };
        const where = heldOut !== null && isHeldOut(text.problemKey, heldOut.share) ? "heldOut" : "trained";
        count[where]++;
        lines[where].push(`${JSON.stringify({ input_ids: [...input_ids], labels: [...labels] })}\n`);
      }
      await trained(lines.trained.join(""));
      await kept(lines.heldOut.join(""));
    }
    const rows = count.trained + count.heldOut;
    if (rows === 0)
      throw new InterveneError("bad_input", "The data set has no row that can be trained on, so there is nothing to learn from it.");
    if (heldOut !== null && (count.trained === 0 || count.heldOut === 0))
      throw new InterveneError(
        "bad_input",
        `With ${percent(heldOut.share)} of the problems held out, ${count.trained === 0 ? "all" : "none"} of the data set's ${rows} rows are: ask for ${count.trained === 0 ? "less" : "more"}, or for none.`,
      );
  };
  // Where the data are, what is held out is there, too: the outer file appears last.
  await wholeFile(data, (trained) => (heldOut === null ? write(trained, trained) : wholeFile(heldOut.file, (kept) => write(trained, kept))));
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;

/** GRPO's prompts: each problem of the set as the solve template asks it, some with a hint. */
export async function writePrompts(pool: pg.Pool, problemSetId: string, settings: RlSettings, chat: Chat, file: string): Promise<void> {
  const problems = await listPromptProblems(pool, problemSetId, settings.maxProblems);
  if (problems.length === 0)
    throw new InterveneError("bad_input", `Problem set "${settings.problemSet}" has no problem with an answer to train on.`);
  const { hints } = settings;
  await wholeFile(file, async (append) => {
    for (const problem of problems) {
      const hinted = hints !== null && isHinted(problem.key, { seed: settings.seed, hintMix: hints.share });
      const hint = hinted ? hintOf(problem.reference, hints.hintShare).text : "";
      // A reference of one step, or none, gives no hint: its prompt stays bare.
      const template = hinted && hint !== "" ? hints.template : settings.template;
      const [turn] = template.turns;
      const content = fillTemplate(turn?.text ?? "", { problem: problem.statement, reference: problem.reference, answer: problem.answer, hint });
      const prompt_ids = await chat.prompt([{ role: "user", content }], "");
      await append(`${JSON.stringify({ id: problem.key, prompt_ids, answer: problem.answer })}\n`);
    }
  });
}

type Append = (text: string) => Promise<void>;

/** A file appears whole or not at all: a worker that was killed leaves nothing that looks like data. */
async function wholeFile(file: string, write: (append: Append) => Promise<void>): Promise<void> {
  const unfinished = `${file}.part`;
  const handle = await open(unfinished, "w");
  try {
    await write((text) => handle.writeFile(text));
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}
