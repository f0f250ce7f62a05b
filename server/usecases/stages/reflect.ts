import { v7 as uuid } from "uuid";
import { reflectSettingsSchema } from "../../core/datasets/reflect-settings";
import { GRADER_VERSION } from "../../core/grading/grade";
import { sampleSeed } from "../../core/seeds";
import { readMadeReflections } from "../../store/read/reflectable";
import { readAttempt } from "../../store/read/stage-input";
import { copyRows } from "../../store/write/copy";
import { REFLECTIONS, type ReflectionRow } from "../../store/write/reflection-rows";
import { gradeAnswer } from "../grading/grade";
import { converse, fieldsOf } from "./converse";
import { found } from "./found";
import { sampleMissing } from "./sample";
import { stage } from "./stage";

/**
 * Target: a failed attempt. The model is shown the problem, the reference and the attempt, and rewrites the whole of it
 * (method.md, "SFT data sources": self-reflection); each rewriting is graded on the spot.
 */
export const reflect = stage(reflectSettingsSchema, async (ctx) => {
  const { item, settings } = ctx;
  const { sampling, template } = settings;
  const attempt = found(await readAttempt(ctx.pool, item.targetId), "attempt", item.targetId);
  const { problem } = attempt;
  const key = [problem.key, attempt.sampleIndex] as const;
  const what = `The self-reflection prompt of attempt ${attempt.sampleIndex + 1} of problem ${problem.key}`;
  const messages = await converse(ctx, {
    template,
    fields: fieldsOf(template, problem, attempt.text),
    sampling,
    turnSeed: (turn) => sampleSeed(settings.seed, "reflect", "turn", turn, ...key),
    what,
  });
  const { samples, error } = await sampleMissing(ctx, {
    messages,
    answerSoFar: "",
    sampling,
    seed: sampleSeed(settings.seed, "reflect", ...key),
    count: item.units,
    made: await readMadeReflections(ctx.pool, item.runId, attempt.id),
    what,
  });
  const rows: ReflectionRow[] = [];
  for (const s of samples) {
    const { bareAnswers } = settings;
    const g = await gradeAnswer(s.text, problem.answer, { bareAnswers, finishReason: s.finishReason });
    rows.push({
      id: uuid(),
      runId: item.runId,
      attemptId: attempt.id,
      sampleIndex: s.index,
      seed: s.seed,
      text: s.text,
      finishReason: s.finishReason,
      tokens: s.tokens,
      reward: g.reward,
      extracted: g.extracted,
      reason: g.reason,
      graderVersion: GRADER_VERSION,
    });
  }
  return {
    error,
    rows: async (tx) => (await copyRows(tx, REFLECTIONS, rows)).length,
    next: async () => [],
  };
});
