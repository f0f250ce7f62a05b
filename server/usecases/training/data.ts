import { createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { hintOf, isHinted } from "../../core/datasets/hint";
import { Skipped } from "../../core/exporting/format";
import { trlTokenised } from "../../core/exporting/formats/trl-tokenised";
import { fillTemplate } from "../../core/prompts/template";
import type { RlSettings } from "../../core/training/settings";
import { InterveneError } from "../../errors";
import type { Chat } from "../../inference/types";
import { datasetTexts } from "../../store/training/dataset-texts";
import { listPromptProblems } from "../../store/training/prompts";
import { encoderOf } from "../exports/encoder";

/**
 * The rows of a data set as token ids and labels under the base model's template and tokenizer: the very rows that the
 * export "trl-tokenised" writes, so that every trainer is given the same.
 * @throws InterveneError("bad_input") when nothing is left to train on.
 */
export async function writeRows(pool: pg.Pool, datasetId: string, chat: Chat, file: string): Promise<void> {
  const encoder = encoderOf(chat);
  let written = 0;
  async function* lines() {
    for await (const page of datasetTexts(pool, datasetId)) {
      for (const text of page) {
        const row = await trlTokenised.row(text, { encoder, name: "training" });
        if (row instanceof Skipped) continue;
        written++;
        const { input_ids, labels } = row as { input_ids: Int32Array; labels: Int32Array };
        yield `${JSON.stringify({ input_ids: [...input_ids], labels: [...labels] })}\n`;
      }
    }
  }
  await writeWhole(file, lines());
  if (written === 0)
    throw new InterveneError("bad_input", "The data set has no row that can be trained on, so there is nothing to learn from it.");
}

/** GRPO's prompts: each problem of the set as the solve template asks it, some with a hint. */
export async function writePrompts(pool: pg.Pool, problemSetId: string, settings: RlSettings, chat: Chat, file: string): Promise<void> {
  const problems = await listPromptProblems(pool, problemSetId, settings.maxProblems);
  if (problems.length === 0)
    throw new InterveneError("bad_input", `Problem set "${settings.problemSet}" has no problem with an answer to train on.`);
  const { hints } = settings;
  async function* lines() {
    for (const problem of problems) {
      const hinted = hints !== null && isHinted(problem.key, { seed: settings.seed, hintMix: hints.share });
      const hint = hinted ? hintOf(problem.reference, hints.hintShare).text : "";
      // A reference of one step, or none, gives no hint: its prompt stays bare.
      const template = hinted && hint !== "" ? hints.template : settings.template;
      const [turn] = template.turns;
      const content = fillTemplate(turn?.text ?? "", { problem: problem.statement, reference: problem.reference, answer: problem.answer, hint });
      const prompt_ids = await chat.prompt([{ role: "user", content }], "");
      yield `${JSON.stringify({ id: problem.key, prompt_ids, answer: problem.answer })}\n`;
    }
  }
  await writeWhole(file, lines());
}

/** A file appears whole or not at all: a worker that was killed leaves nothing that looks like data. */
async function writeWhole(file: string, lines: AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(lines), createWriteStream(`${file}.part`));
  await rename(`${file}.part`, file);
}
