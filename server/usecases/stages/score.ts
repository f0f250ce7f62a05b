import { sampleSeed } from "../../core/seeds";
import { seamOf } from "../../core/scoring/seam";
import { placed, rowScoreSettingsSchema, type ScoreSettings, scoreSettingsSchema } from "../../core/scoring/subjects";
import { InterveneError } from "../../errors";
import { readScore } from "../../store/read/score";
import { writeScore } from "../../store/write/score-rows";
import { converse, fieldsOf } from "./converse";
import { found } from "./found";
import { scoreRow } from "./score-row";
import { type StageContext, type StageResult, stage } from "./stage";

/** Target: a score, of a text at an attempt or of a training row; the run's settings say which. */
export const score = stage(scoreSettingsSchema.or(rowScoreSettingsSchema), (ctx) => {
  const { settings } = ctx;
  return "dataset" in settings ? scoreRow({ ...ctx, settings }) : scoreText({ ...ctx, settings });
});

/**
 * The log-probability of each token of a text in the place where it stands: the problem through the chat template, the
 * answer up to the text, and the text, encoded as one string, as the model would have seen it.
 */
async function scoreText(ctx: StageContext<ScoreSettings>): Promise<StageResult> {
  const { item, settings } = ctx;
  const { parts, problem } = found(await readScore(ctx.pool, item.targetId), "text to score", item.targetId);
  const what = `The text to score of problem ${problem.key}`;
  const messages = await converse(ctx, {
    template: settings.template,
    fields: fieldsOf(settings.template, problem),
    sampling: settings.sampling,
    turnSeed: (turn) => sampleSeed(settings.seed, "score", "turn", turn, problem.key),
    what,
  });
  const { chat, maxLength } = await ctx.models.get(item.servedName);
  const { before, text } = placed(parts);
  const head = (await chat.rendered(messages)) + before;
  const { ids, pieces, text: seen } = await chat.pieces(head + text);
  // Where the tokenizer normalises, so does what stands before.
  const seam = seamOf(pieces, seen === head + text ? head.length : head.normalize("NFC").length);
  if (text === "" || seam === null) throw new InterveneError("bad_input", `${what} is empty.`);
  // The server samples one token after it.
  if (maxLength !== null && ids.length + 1 > maxLength) {
    throw new InterveneError(
      "backend",
      `${what} has ${ids.length} tokens with what stands before it, and the model "${item.servedName}" takes ${maxLength - 1}: it cannot be scored. Serve the model with a longer context.`,
    );
  }
  const from = Math.max(1, seam.from);
  const logprobs = await ctx.client.score({ model: item.servedName, ids, from, signal: ctx.signal });
  const first = pieces[from] ?? "";
  const own = [first.slice(seam.overlap), ...pieces.slice(from + 1)];
  return {
    rows: (tx) => writeScore(tx, item.targetId, { ids: ids.slice(from), pieces: own, logprobs, overlap: seam.overlap }),
    next: async () => [],
  };
}
