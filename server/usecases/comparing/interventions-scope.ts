import { STUDY_RECIPES } from "../../core/arms";
import type { Arm } from "../../core/arms";
import { isOver, type RunState } from "../../core/run-state";
import { intSettingsSchema } from "../../core/settings";
import type { InterventionsHead } from "../../core/views/comparing-interventions";
import { InterveneError } from "../../errors";
import { listScopeRuns, type ScopeRun } from "../../store/views/comparing-interventions";
import { listPipelines } from "../../store/views/studies";
import { type PageDeps, studyOf } from "../pages/find";

/** What can be compared on the page of interventions: a study's runs that make them, and the chosen one. */
export async function interventionsHead(
  deps: PageDeps,
  input: { study: string; pipeline?: string | undefined },
): Promise<InterventionsHead> {
  const study = await studyOf(deps, input.study);
  const all = (await listPipelines(deps.pool, [study.id])).get(study.id) ?? [];
  const pipelines = all.filter((p) => STUDY_RECIPES.includes(p.recipe));
  const chosen = pipelines.find((p) => p.id === input.pipeline) ?? pipelines[0];
  const runs = chosen === undefined ? [] : await listScopeRuns(deps.pool, chosen.id);
  return {
    study: study.name,
    studyId: study.id,
    pipelines,
    pipeline: chosen === undefined ? null : { id: chosen.id, state: chosen.state, runs: { rollout: idOf(runs, "rollout"), verify: idOf(runs, "verify") } },
    arms: armsOf(runs),
    canSample: chosen?.recipe === "int" && runs.length > 0 && runs.every((r) => isOver(r.state as RunState) && r.state !== "cancelled") && runs.some((r) => r.served),
  };
}

/**
 * The study of a pipeline, and that pipeline's runs.
 * @throws InterveneError("not_found") for a pipeline of another study, or none.
 */
export async function scopeOf(
  deps: PageDeps,
  input: { study: string; pipeline: string },
): Promise<{ studyId: string; pipelineId: string; runs: ScopeRun[] }> {
  const head = await interventionsHead(deps, input);
  if (head.pipeline?.id !== input.pipeline)
    throw new InterveneError("not_found", `Study “${head.study}” has no run ${input.pipeline} that makes interventions. Choose one of its own.`);
  return { studyId: head.studyId, pipelineId: input.pipeline, runs: await listScopeRuns(deps.pool, input.pipeline) };
}

const idOf = (runs: readonly ScopeRun[], stage: string) => runs.find((r) => r.stage === stage)?.id ?? null;

function armsOf(runs: readonly ScopeRun[]): Arm[] {
  const settings = intSettingsSchema.safeParse(runs.find((r) => r.stage === "continue")?.settings);
  return settings.success ? settings.data.continuation.arms : [];
}
