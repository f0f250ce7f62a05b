import { ARMS } from "../../core/arms";
import { isOver } from "../../core/run-state";
import { intSettingsSchema } from "../../core/settings";
import type { ArmProgress, FailedItem, PipelineView, StageView, StudyView } from "../../core/views/study";
import { liveWorkers } from "../../store/read/workers";
import { countKept, listArmProgress, listFailedItems, listStages, type StageRow } from "../../store/views/stages";
import { listModels, listPipelines } from "../../store/views/studies";
import { type PageDeps, studyOf } from "./find";

/**
 * The head of the study page: its stages as they stand.
 *
 * @param input.pipeline which recipe; the newest when absent or unknown.
 * @throws InterveneError("not_found")
 */
export async function readStudy(
  deps: PageDeps,
  input: { study: string; pipeline?: string | undefined },
): Promise<StudyView> {
  const study = await studyOf(deps, input.study);
  const [models, byStudy, workers] = await Promise.all([
    listModels(deps.pool, study.id),
    listPipelines(deps.pool, [study.id]),
    liveWorkers(deps.pool),
  ]);
  const pipelines = byStudy.get(study.id) ?? [];
  const chosen = pipelines.find((p) => p.id === input.pipeline) ?? pipelines[0];
  let pipeline: PipelineView | null = null;
  if (chosen !== undefined) {
    const [rows, arms, kept] = await Promise.all([
      listStages(deps.pool, chosen.id),
      listArmProgress(deps.pool, chosen.id),
      countKept(deps.pool, chosen.id),
    ]);
    const { id, recipe, createdAt, state } = chosen;
    pipeline = {
      id,
      recipe,
      createdAt,
      state,
      stages: stageViews(rows, arms, kept),
      settings: inOrder(rows[0]?.settings ?? null),
    };
  }
  return { ...study, models, pipelines, pipeline, workers };
}

/** Settings in the order of their schema: PostgreSQL's jsonb keeps none. Those of another recipe stay as they are. */
function inOrder(settings: unknown): unknown {
  const parsed = intSettingsSchema.safeParse(settings);
  return parsed.success ? parsed.data : settings;
}

/** Rates and times left of a chain of runs. A total is provisional while an earlier run is not over. */
export function stageViews(rows: readonly StageRow[], arms: readonly ArmProgress[], kept: number): StageView[] {
  let upstreamOver = true;
  return rows.map((row) => {
    // Under three seconds of observation a rate says more about when we looked than about the run.
    const rate = row.recent > 0 && row.seconds >= 3 ? row.recent / row.seconds : null;
    const left = Math.max(0, row.total - row.done - row.failed);
    const provisional = !upstreamOver && !isOver(row.state);
    upstreamOver = upstreamOver && isOver(row.state);
    return {
      runId: row.runId,
      stage: row.stage,
      state: row.state,
      total: row.total,
      done: row.done,
      failed: row.failed,
      provisional,
      rate,
      secondsLeft: rate === null || row.state !== "running" ? null : left / rate,
      message: row.message,
      arms: row.stage === "continue" ? ARMS.flatMap((arm) => arms.filter((a) => a.arm === arm)) : [],
      kept: row.stage === "keep" ? kept : null,
    };
  });
}

/** Failed items of a pipeline with their messages, newest first, at most 200. */
export async function readFailedItems(deps: PageDeps, input: { pipeline: string }): Promise<FailedItem[]> {
  return listFailedItems(deps.pool, input.pipeline, 200);
}
