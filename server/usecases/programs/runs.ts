import type { PipelineShape, RunDetailShape, RunShape } from "../../core/programs/shapes";
import { isOver } from "../../core/run-state";
import { InterveneError } from "../../errors";
import { type PipelineRow, pipelineById, pipelinesAfter, runById, runsAfter, runsOf } from "../../store/programs/runs";
import { findStudy, stateOfPipeline } from "../../store/views/studies";
import { cancelRun, pauseRun, resumeRun, retryFailed } from "../control-run";
import type { Deps } from "../deps";
import { type PageDeps, studyOf } from "../pages/find";
import type { StartRecipe } from "../recipes/recipe";
import { startRecipe } from "../start-recipe";
import { type ListAt, type ListPage, pageById } from "./page";

export interface RunWhere {
  stage: string | undefined;
  state: string | undefined;
  /** Only what somebody started as a task of its own (not the runs that carry imported rows). */
  tasks?: boolean;
}

export async function listRuns(deps: PageDeps, study: string, where: RunWhere, at: ListAt): Promise<ListPage<RunShape>> {
  const { id } = await studyOf(deps, study);
  return pageById(at, (after, limit) => runsAfter(deps.pool, id, where, after, limit));
}

/** One run with its settings; `stage`: only one of this stage. @throws InterveneError("not_found") */
export async function getRun(deps: PageDeps, study: string, run: string, stage?: string): Promise<RunDetailShape> {
  const { id, name } = await studyOf(deps, study);
  const row = await runById(deps.pool, id, run);
  if (row !== null && (stage === undefined || row.stage === stage)) return row;
  throw new InterveneError("not_found", `The study “${name}” has no ${stage ?? "run"} ${run}.`);
}

export async function listPipelines(
  deps: PageDeps,
  study: string,
  where: { recipe: string | undefined },
  at: ListAt,
): Promise<ListPage<PipelineShape>> {
  const { id } = await studyOf(deps, study);
  const page = await pageById(at, (after, limit) => pipelinesAfter(deps.pool, id, where, after, limit));
  return { rows: await withRuns(deps, page.rows), next: page.next };
}

/** A recipe started once, with its stages. @throws InterveneError("not_found") */
export async function getPipeline(deps: PageDeps, study: string, pipeline: string): Promise<PipelineShape> {
  const { id, name } = await studyOf(deps, study);
  const row = await pipelineById(deps.pool, id, pipeline);
  const [found] = row === null ? [] : await withRuns(deps, [row]);
  if (found === undefined) throw new InterveneError("not_found", `The study “${name}” has no pipeline ${pipeline}.`);
  return found;
}

async function withRuns(deps: PageDeps, pipelines: readonly PipelineRow[]): Promise<PipelineShape[]> {
  const runs = await runsOf(deps.pool, pipelines.map((p) => p.id));
  return pipelines.map(({ id, recipe, created_at }) => {
    const mine = runs.filter((r) => r.pipeline_id === id);
    const sum = (of: (run: RunShape) => number) => mine.reduce((total, run) => total + of(run), 0);
    return {
      id,
      recipe,
      state: stateOfPipeline(mine.map((r) => r.state)),
      over: mine.every((r) => isOver(r.state)),
      total: sum((r) => r.total),
      done: sum((r) => r.done),
      failed: sum((r) => r.failed),
      created_at,
      runs: mine,
    };
  });
}

/**
 * Start a recipe on a study (by name or id) and say what stands of it.
 * @throws InterveneError that says what is missing or in doubt.
 */
export async function startRun(deps: Deps, input: StartRecipe): Promise<PipelineShape> {
  // A study that is not there keeps its name: the lab's own is made by its recipe.
  const study = (await findStudy(deps.pool, input.study))?.name ?? input.study;
  try {
    const { pipelineId } = await startRecipe(deps, { ...input, study });
    return await getPipeline(deps, study, pipelineId);
  } catch (error) {
    if (!(error instanceof InterveneError)) throw error;
    // Recipes speak of the command's options; here they are fields of the body.
    const words = error.message.replace(/--([a-z-]+)/g, (_, name: string) => name.replaceAll("-", "_"));
    throw new InterveneError(error.kind, words, { cause: error });
  }
}

export const CHANGES = ["pause", "resume", "cancel", "retry"] as const;
export type Change = (typeof CHANGES)[number];

type ControlDeps = Pick<Deps, "pool" | "queue">;

/** Pause, resume, cancel or retry a run. @throws InterveneError("not_found" | "conflict") */
export async function changeRun(deps: ControlDeps, study: string, run: string, change: Change): Promise<RunDetailShape> {
  await getRun(deps, study, run);
  await apply(deps, { runId: run }, change);
  return getRun(deps, study, run);
}

/** The same for every run of a pipeline. */
export async function changePipeline(deps: ControlDeps, study: string, pipeline: string, change: Change): Promise<PipelineShape> {
  await getPipeline(deps, study, pipeline);
  await apply(deps, { pipelineId: pipeline }, change);
  return getPipeline(deps, study, pipeline);
}

async function apply(deps: ControlDeps, target: { runId: string } | { pipelineId: string }, change: Change): Promise<void> {
  if (change === "pause") await pauseRun(deps, target);
  else if (change === "resume") await resumeRun(deps, target);
  else if (change === "cancel") await cancelRun(deps, target);
  else await retryFailed(deps, target);
}
