import { v7 as uuid } from "uuid";
import { SCORE_NOW } from "../core/jobs";
import { placed, type ScoreSettings, type WantedScore, wantedScoreSchema } from "../core/scoring/subjects";
import { InterveneError } from "../errors";
import { readSubject } from "../store/read/score";
import { inTransaction } from "../store/transaction";
import { findSameScore } from "../store/views/scores";
import { createTaskIn } from "../store/write/create-task";
import { insertScores, type NewScore } from "../store/write/score-rows";
import type { Deps } from "./deps";
import { modelOf, samplingOfAttempt } from "./sampling-of-attempt";

export interface StartScores {
  /** Name or id. */
  study: string;
  attempt: string;
  wanted: readonly WantedScore[];
  /** Name or id of a model of the study; not set: the attempt's own. */
  model?: string | undefined;
}

/**
 * Score texts of an attempt's page under a model, each in the place where it stands. What has been scored already is not
 * scored again.
 * @returns the scores' ids, in the order of `wanted`.
 * @throws InterveneError("not_found" | "bad_input") that says what is missing.
 */
export async function startScores(deps: Pick<Deps, "pool" | "queue">, o: StartScores): Promise<string[]> {
  const at = await samplingOfAttempt(deps.pool, { study: o.study, attempt: o.attempt, model: o.model });
  const model = modelOf(at);
  const { studyId, attemptId, problemId } = at.attempt;
  const ids: string[] = [];
  const fresh: Omit<NewScore, "runId">[] = [];
  for (const given of o.wanted) {
    const w = wantedScoreSchema.parse(given);
    const reference = w.subject === "reference";
    const owned = w.subject === "proposal" || w.subject === "continuation" || w.subject === "branch";
    if (owned && w.subjectId === undefined) throw new InterveneError("bad_input", `Name the ${w.subject} to score.`);
    const named = reference ? problemId : owned ? (w.subjectId ?? attemptId) : attemptId;
    const step = w.subject === "original" || w.subject === "text" ? w.step : 0;
    const text = w.subject === "text" ? w.text : "";
    const input = await readSubject(deps.pool, { subject: w.subject, subjectId: named, step, text });
    if (!input || input.problem.id !== problemId)
      throw new InterveneError("not_found", `There is no ${w.subject} ${named} at this attempt.`);
    if (step > input.parts.steps.length || (w.subject === "original" && step < 1))
      throw new InterveneError("bad_input", `The attempt has ${input.parts.steps.length} steps: there is no step ${step}.`);
    if (placed(input.parts).text.trim() === "")
      throw new InterveneError("bad_input", reference ? "The problem has no reference solution to score." : "There is no text to score.");
    const row = {
      studyId,
      modelId: model.id,
      subject: w.subject,
      subjectId: w.subject === "text" ? null : named,
      attemptId: reference ? null : attemptId,
      problemId,
      step,
      text,
    };
    const same = (await findSameScore(deps.pool, row)) ?? undefined;
    const id = same ?? uuid();
    ids.push(id);
    if (same === undefined) fresh.push({ ...row, id });
  }
  if (fresh.length === 0) return ids;
  const settings: ScoreSettings = { template: at.settings.template, sampling: at.settings.sampling, seed: 1 };
  await inTransaction(deps.pool, (tx) =>
    createTaskIn(tx, deps.queue, { studyId, stage: "score", settings, modelId: model.id }, async (runId) => {
      await insertScores(tx, fresh.map((s) => ({ ...s, runId })));
      return fresh.map((s) => ({ targetId: s.id, units: 1, arm: SCORE_NOW }));
    }),
  );
  return ids;
}
