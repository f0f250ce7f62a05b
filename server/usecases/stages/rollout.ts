import { v7 as uuid } from "uuid";
import { sampleSeed } from "../../core/seeds";
import type { IntSettings } from "../../core/settings";
import { splitSteps } from "../../core/steps";
import { readMadeSamples, readProblem } from "../../store/read/stage-input";
import { copyRows } from "../../store/write/copy";
import { ATTEMPTS, type AttemptRow } from "../../store/write/stage-rows";
import { converse, fieldsOf } from "./converse";
import { found } from "./found";
import { sampleMissing } from "./sample";
import type { StageContext, StageResult } from "./stage";

/** Target: a problem. Makes its attempts, each a sample of the bare problem; then the problem is to be graded. */
export async function rollout(ctx: StageContext<IntSettings>): Promise<StageResult> {
  const { item, settings } = ctx;
  const { sampling, template, samples: count } = settings.rollout;
  const problem = found(await readProblem(ctx.pool, item.targetId), "problem", item.targetId);
  const what = `The prompt of problem ${problem.key}`;
  const messages = await converse(ctx, {
    template,
    fields: fieldsOf(template, problem),
    sampling,
    turnSeed: (turn) => sampleSeed(settings.seed, "rollout", "turn", turn, problem.key),
    what,
  });
  const { samples, error } = await sampleMissing(ctx, {
    messages,
    answerSoFar: "",
    sampling,
    seed: sampleSeed(settings.seed, "rollout", problem.key),
    count,
    made: await readMadeSamples(ctx.pool, { table: "attempt", runId: item.runId, targetId: problem.id }),
    what,
  });
  const rows = samples.map(
    (s): AttemptRow => ({
      id: uuid(),
      runId: item.runId,
      problemId: problem.id,
      modelId: item.modelId,
      sampleIndex: s.index,
      seed: s.seed,
      text: s.text,
      finishReason: s.finishReason,
      tokens: s.tokens,
      steps: splitSteps(s.text).length,
    }),
  );
  return {
    error,
    rows: async (tx) => (await copyRows(tx, ATTEMPTS, rows)).length,
    next: async () => [{ runId: item.runs.grade, stage: "grade", arm: "", targetId: problem.id, units: count }],
  };
}
