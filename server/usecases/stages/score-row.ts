import { Skipped } from "../../core/exporting/format";
import { trlTokenised } from "../../core/exporting/formats/trl-tokenised";
import { rowParts, sumParts } from "../../core/scoring/row-parts";
import type { RowScoreSettings } from "../../core/scoring/subjects";
import { InterveneError } from "../../errors";
import { readRowToScore } from "../../store/read/row-score";
import { writeRowScore } from "../../store/write/score-rows";
import { encoderOf } from "../exports/encoder";
import { found } from "./found";
import type { StageContext, StageResult } from "./stage";

/**
 * Target: the score of a training row. Exactly the tokens that training puts a loss on, given exactly what stands before
 * them there: the ids and labels are those of the export "trl-tokenised", which the trainers are given.
 */
export async function scoreRow(ctx: StageContext<RowScoreSettings>): Promise<StageResult> {
  const { item } = ctx;
  const row = found(await readRowToScore(ctx.pool, item.targetId), "row to score", item.targetId);
  const what = `Row ${row.ordinal + 1} of data set "${row.dataset}"`;
  const { chat, maxLength } = await ctx.models.get(item.servedName);
  const { prompt, completion, ends } = row;
  const trained = await trlTokenised.row({ ...row, problemKey: "", answer: "" }, { encoder: encoderOf(chat), name: "scores" });
  if (trained instanceof Skipped) throw new InterveneError("bad_input", `${what} cannot be scored: ${trained.reason}.`);
  const { input_ids: input, labels } = trained as { input_ids: Int32Array; labels: Int32Array };
  const ids = [...input];
  // The server samples one token after it.
  if (maxLength !== null && ids.length + 1 > maxLength)
    throw new InterveneError(
      "backend",
      `${what} has ${ids.length} tokens with its prompt, and the model "${item.servedName}" takes ${maxLength - 1}: it cannot be scored. Serve the model with a longer context.`,
    );
  const from = labels.findIndex((label) => label >= 0);

  const head = await chat.rendered([{ role: "user", content: prompt }]);
  const { pieces, text: seen } = await chat.pieces(head + completion);
  // Where the tokenizer normalises, characters are counted in what it saw.
  const length = (text: string) => (seen === head + completion ? text.length : text.normalize("NFC").length);
  const begin = length(head);
  const parts = rowParts(row, row.source, row.suffix).map((p) => ({ part: p.part, at: length(completion.slice(0, p.at)) }));

  const logprobs = await ctx.client.score({ model: item.servedName, ids, from, signal: ctx.signal });
  const own = pieces.slice(from);
  if (ends) own.push(await chat.decode(ids.slice(-1)));
  if (own.length !== logprobs.length)
    throw new InterveneError("backend", `${what}: the tokenizer names ${own.length} tokens where training has ${logprobs.length}.`);
  let end = pieces.slice(0, from).reduce((sum, piece) => sum + piece.length, 0) - begin;
  const tokens = own.map((piece, i) => {
    end += piece.length;
    return { end, logprob: logprobs[i] ?? Number.NaN };
  });
  const sums = sumParts(tokens, parts);
  return {
    rows: (tx) => writeRowScore(tx, item.targetId, { ids: ids.slice(from), pieces: own, logprobs, overlap: 0 }, sums),
    next: async () => [],
  };
}
