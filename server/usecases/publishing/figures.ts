import { intSettingsSchema } from "../../core/settings";
import type { PublishRequest } from "../../core/publishing/request";
import type { PublishedPipeline, PublishedSettings, PublishedStudy } from "../../core/views/publication";
import type { FinalTable } from "../../core/views/comparing-table";
import type { StageView, StudyView } from "../../core/views/study";
import { listDatasetNames } from "../../store/exports/facts";
import { finalTable } from "../comparing/final-table";
import type { PageDeps } from "../pages/find";
import { readOutcomes } from "../pages/outcomes";
import { readStudy } from "../pages/study";
import { readTrainingPage } from "../pages/trainings";
import type { Disguise } from "./disguise";

/** The study's figures: those of its pages, as the same functions read them. Of workers, hosts and messages nothing. */
export async function publishedFigures(
  deps: PageDeps,
  studyId: string,
  request: PublishRequest,
  disguise: Disguise,
): Promise<Omit<PublishedStudy, "files" | "tool">> {
  const head = await readStudy(deps, { study: studyId });
  const pipelines: PublishedPipeline[] = [];
  for (const { id } of head.pipelines) {
    const { pipeline } = await readStudy(deps, { study: studyId, pipeline: id });
    if (pipeline === null) continue;
    const outcomes = await readOutcomes(deps, { pipeline: id });
    const { recipe, state, settings } = pipeline;
    pipelines.push({ id, recipe, state, stages: pipeline.stages.map(stageOf), ...outcomes, settings: settingsOf(settings) });
  }
  const table = await finalTable(deps, { study: studyId, lenient: true });
  const trainings = await readTrainingPage(deps, { study: studyId });
  const datasets = await listDatasetNames(deps.pool, studyId);
  return {
    name: disguise.study(head.name),
    kind: head.kind,
    note: request.anonymous ? "" : noteOf(head),
    models: head.models.map((m) => disguise.model(m)),
    problems: head.problems,
    attempts: head.attempts,
    request,
    pipelines,
    table: table.rows.length === 0 ? null : disguised(table, { study: head.name, models: head.models, datasets }, disguise, request.anonymous),
    evaluations: trainings.evaluations.map(({ modelId: _, runId: __, ...e }) => ({ ...e, model: disguise.model(e.model) })),
    // A data set's name is its maker's; which source it is says as much.
    datasets: datasets
      .filter((d) => d.state === "ready")
      .map(({ name, source, rows }) => ({ name: request.anonymous ? source : name, source, rows })),
  };
}

/** The table under the names of the publication, and without the runs that it has no pages for. */
function disguised(
  table: FinalTable,
  own: { study: string; models: readonly string[]; datasets: readonly { name: string; source: string }[] },
  disguise: Disguise,
  anonymous: boolean,
): FinalTable {
  // Labels say how a model was made ("+ InT + RL"), and name models and data sets where that does not set rows apart.
  const models = new Set([...own.models, ...table.rows.flatMap((row) => row.parts.map((part) => part.model))]);
  const shown = new Map([...models].map((name) => [name, disguise.model(name)]));
  if (anonymous) for (const { name, source } of own.datasets) shown.set(name, source);
  const names = [...shown.keys()].sort((a, b) => b.length - a.length);
  const label = (text: string) => names.reduce((words, name) => words.replaceAll(name, () => shown.get(name) ?? ""), text);
  return {
    ...table,
    study: disguise.study(own.study),
    baseline: table.baseline === null ? null : label(table.baseline),
    rows: table.rows.map((row) => ({
      ...row,
      label: label(row.label),
      notes: anonymous ? [] : row.notes,
      parts: row.parts.map((part) => ({ ...part, model: disguise.model(part.model), modelId: "", runs: [] })),
      cells: row.cells.map((cell) => (cell.kind === "value" ? { ...cell, runs: [] } : cell)),
    })),
  };
}

const noteOf = (study: StudyView) => (study.kind === "lab" ? "" : study.note);

function stageOf({ stage, state, total, done, failed, kept }: StageView): PublishedPipeline["stages"][number] {
  return { stage, state, total, done, failed, kept };
}

/** Chosen one by one: what is added to the settings later does not get out by itself. */
function settingsOf(settings: unknown): PublishedSettings | null {
  const parsed = intSettingsSchema.safeParse(settings);
  if (!parsed.success) return null;
  const { seed, rollout, verify, continuation } = parsed.data;
  return {
    seed,
    rollouts: rollout.samples,
    verifications: verify.samples,
    continuations: continuation.samples,
    temperature: continuation.sampling.temperature,
    maxTokens: continuation.sampling.maxTokens,
    prompts: [rollout.template.id, verify.template.id],
  };
}
