import { v7 as uuid } from "uuid";
import { GRADER_VERSION } from "../../core/grading/grade";
import { canSample, isProblemArm } from "../../core/hint-arms";
import { GENERATOR_LABEL, labFirstError } from "../../core/lab/label";
import type { IntSettings } from "../../core/settings";
import { readAttempts, readProblem } from "../../store/read/stage-input";
import { insertRows } from "../../store/write/copy";
import type { NewItem } from "../../store/write/items";
import { cacheRewards } from "../../store/write/stage-marks";
import { GRADES, type GradeRow, LABELS, type LabelRow } from "../../store/write/stage-rows";
import { gradeAnswer } from "../grading/grade";
import { canVerify } from "./can-verify";
import { found } from "./found";
import type { StageContext, StageResult } from "./stage";

/**
 * Target: a problem. Grades its attempts; then each failed one is to be verified, and a problem with a failed attempt
 * gets its fresh samples (arm "problem", and "hint" where asked for), which the other arms are compared with.
 */
export async function grade(ctx: StageContext<IntSettings>): Promise<StageResult> {
  const { item, settings } = ctx;
  const problem = found(await readProblem(ctx.pool, item.targetId), "problem", item.targetId);
  const attempts = await readAttempts(ctx.pool, item.runs.rollout, problem.id);
  const rows: GradeRow[] = [];
  const labels: LabelRow[] = [];
  for (const attempt of attempts) {
    const { finishReason } = attempt;
    const g = await gradeAnswer(attempt.text, problem.answer, { bareAnswers: settings.bareAnswers, finishReason });
    rows.push({
      id: uuid(),
      attemptId: attempt.id,
      continuationId: null,
      graderVersion: GRADER_VERSION,
      reward: g.reward,
      extracted: g.extracted,
      reason: g.reason,
    });
    // The lab's own problems are known to the last step: verifications can be compared with the truth.
    const firstError = labFirstError(problem, attempt.text);
    if (firstError !== undefined)
      labels.push({ id: uuid(), attemptId: attempt.id, source: GENERATOR_LABEL, firstError });
  }
  return {
    rows: async (tx) => {
      await insertRows(tx, LABELS, labels);
      return insertRows(tx, GRADES, rows);
    },
    next: async (tx) => {
      const failed = await cacheRewards(tx, item.runs.rollout, problem.id, GRADER_VERSION);
      // An evaluation ends here.
      if (item.runs.verify === undefined || !canVerify(settings, problem)) return [];
      const items = failed.map(
        (targetId): NewItem => ({
          runId: item.runs.verify,
          stage: "verify",
          arm: "",
          targetId,
          units: settings.verify.samples,
        }),
      );
      if (failed.length === 0) return items;
      for (const arm of settings.continuation.arms) {
        if (!isProblemArm(arm) || !canSample(arm, settings, problem)) continue;
        items.push({
          runId: item.runs.continue,
          stage: "continue",
          arm,
          targetId: problem.id,
          units: settings.continuation.problemSamples,
        });
      }
      return items;
    },
  };
}
