import type { OpenScore, ScoresView } from "../../core/views/scores";
import { InterveneError } from "../../errors";
import { liveWorkers } from "../../store/read/workers";
import { findScore, listScores } from "../../store/views/scores";
import { samplingOfAttempt } from "../sampling-of-attempt";
import type { PageDeps } from "./find";

/** What has been scored of an attempt's texts. @throws InterveneError("not_found") */
export async function readScores(
  deps: PageDeps,
  input: { study: string; attempt: string; personId: string | null },
): Promise<ScoresView> {
  const { attempt, models, model } = await samplingOfAttempt(deps.pool, { study: input.study, attempt: input.attempt });
  const { attemptId, problemId } = attempt;
  const [scores, workers] = await Promise.all([
    listScores(deps.pool, { attemptId, problemId, personId: input.personId }),
    liveWorkers(deps.pool),
  ]);
  return {
    scores,
    models: models.map(({ id, name }) => ({ id, name })),
    model: model?.name ?? null,
    workers: workers.length,
  };
}

/** One score with its tokens. @throws InterveneError("not_found") */
export async function readScore(deps: PageDeps, input: { score: string; personId: string | null }): Promise<OpenScore> {
  const score = await findScore(deps.pool, input.score, input.personId);
  if (!score) throw new InterveneError("not_found", `There is no score ${input.score}.`);
  return score;
}
