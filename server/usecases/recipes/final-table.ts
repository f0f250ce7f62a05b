import { reflectSettings } from "../../core/datasets/reflect-settings";
import { datasetOptionsSchema } from "../../core/datasets/settings";
import { labIntSettings, paperIntSettings } from "../../core/recipes";
import { TABLE_ROWS, TABLE_SOURCES, type TableRow } from "../../core/training/final-table";
import { InterveneError } from "../../errors";
import { hasEvaluation, hasTraining, intRuns, reflectAfter } from "../../store/read/table-parts";
import { inTransaction } from "../../store/transaction";
import { createChainIn } from "../../store/write/create-chain";
import { LAB } from "../create-lab-study";
import { startDataset } from "../datasets/create";
import type { Deps } from "../deps";
import { labSets } from "../lab-sets";
import { startInt } from "../start-int";
import { startChain } from "../training/start";
import { type NamedModel, withServedModel } from "./names";
import type { Recipe, StartRecipe, StudyName } from "./recipe";
import { trainingChanges, trainingPlace } from "./training-options";

/**
 * Every row of the paper's final table from one command: the InT run on the training set, reflections, the three data sets,
 * then for each seed the six chains with their evaluations. Pipelines wait for the runs that they need (run.after_id), so the
 * order looks after itself, and rows run beside each other where there are machines for it.
 *
 * What is there already, done or on its way, is not started again: the command can be repeated after a failure, or with more
 * seeds.
 */
export const finalTableRecipe: Recipe = (deps, study, o) =>
  withServedModel(deps, study, o, async (model) => {
    const table = o.table ?? {};
    const sets = await setsOf(deps, study, o, model);
    const pipelines: string[] = [];
    const int = await intRun(deps, study, { model, o, train: sets.train, pipelines });
    const datasets = await datasetsOf(deps, study, { model, train: sets.train, int, pipelines });
    const first = o.training?.seed ?? 1;
    for (let seed = first; seed < first + (table.seeds ?? 1); seed++)
      for (const row of TABLE_ROWS)
        pipelines.push(...(await startRow(deps, study, { row, seed, model, sets, datasets, o })));
    const [pipelineId, ...also] = pipelines;
    if (pipelineId === undefined)
      throw new InterveneError(
        "conflict",
        "Every row with these seeds is there already, done or at work. Ask for other seeds with --seed and --seeds.",
      );
    return { pipelineId, also };
  });

interface Sets {
  train: string;
  test: readonly string[];
}

/** The sets that were named; the lab makes its own. */
async function setsOf(deps: Deps, study: StudyName, o: StartRecipe, model: NamedModel): Promise<Sets> {
  const { train, test } = o.table ?? {};
  if (train !== undefined && test !== undefined && test.length > 0) return { train, test };
  if (train === undefined && test === undefined && model.servedName === LAB.model) return labSets(deps, study, o.maxProblems);
  throw new InterveneError(
    "bad_input",
    "The final table needs a problem set to train on (--train-set) and others that training does not see (--test-sets).",
  );
}

/** What the rows are made from: the runs of the InT pipeline by stage. */
async function intRun(
  deps: Deps,
  study: StudyName,
  { model, o, train, pipelines }: { model: NamedModel; o: StartRecipe; train: string; pipelines: string[] },
): Promise<Record<string, string>> {
  const q = { studyId: study.id, modelId: model.id, problemSet: train };
  const there = await intRuns(deps.pool, q);
  if (there) return there;
  const overrides = { problemSet: train, maxProblems: o.maxProblems ?? 0, bareAnswers: o.bareAnswers ?? false };
  const settings = model.servedName === LAB.model ? labIntSettings(overrides) : paperIntSettings(overrides);
  pipelines.push(await startInt(deps, { studyId: study.id, settings, modelId: model.id }));
  const made = await intRuns(deps.pool, q);
  if (!made) throw new Error("the InT run that was just started is not there");
  return made;
}

/** A data set for each source that a row is fine-tuned on, with the run that builds it. */
async function datasetsOf(
  deps: Deps,
  study: StudyName,
  { model, train, int, pipelines }: { model: NamedModel; train: string; int: Record<string, string>; pipelines: string[] },
): Promise<Map<string, { name: string; runId: string | undefined }>> {
  const datasets = new Map<string, { name: string; runId: string | undefined }>();
  for (const source of TABLE_SOURCES) {
    const name = `${train} ${source.replace("_", " ")} ${model.name}`.replace(/[^\p{L}\p{N}._ -]+/gu, "-").slice(0, 100);
    const there = await deps.prisma.dataset.findUnique({ where: { studyId_name: { studyId: study.id, name } } });
    if (there?.state === "failed")
      throw new InterveneError("conflict", `The data set "${name}" could not be built: ${there.message} Remove it, then start again.`);
    if (there) {
      datasets.set(source, { name, runId: there.runId ?? undefined });
      continue;
    }
    // References are there already; the other rows are made of what the InT run and the reflections leave.
    const from = source === "reference" ? [] : [model.name];
    const after = source === "int" ? int.keep : source === "self_reflection" ? await reflections(deps, study, { model, int, pipelines }) : undefined;
    const options = datasetOptionsSchema.parse({ source, problemSet: train, from });
    const { pipelineId, runId } = await startDataset(deps, study, { name, options, base: model.name, after });
    pipelines.push(pipelineId);
    datasets.set(source, { name, runId });
  }
  return datasets;
}

/** The model rewrites its failed attempts once they are graded. @returns the run. */
async function reflections(
  deps: Deps,
  study: StudyName,
  { model, int, pipelines }: { model: NamedModel; int: Record<string, string>; pipelines: string[] },
): Promise<string> {
  const graded = int.grade ?? "";
  const there = await reflectAfter(deps.pool, graded);
  if (there) return there;
  const settings = reflectSettings(model.servedName === LAB.model, [model.name], {});
  const links = [{ stage: "reflect" as const, settings, modelId: model.id, waits: true, after: graded }];
  const { pipelineId, runIds } = await inTransaction(deps.pool, (tx) =>
    createChainIn(tx, { studyId: study.id, recipe: "reflect", links }, async () => {}),
  );
  pipelines.push(pipelineId);
  return runIds[0] ?? "";
}

interface RowRequest {
  row: TableRow;
  seed: number;
  model: NamedModel;
  sets: Sets;
  datasets: Map<string, { name: string; runId: string | undefined }>;
  o: StartRecipe;
}

/** One row with one seed. @returns its pipeline; none where it is there already. */
async function startRow(deps: Deps, study: StudyName, { row, seed, model, sets, datasets, o }: RowRequest): Promise<string[]> {
  const t = o.training ?? {};
  const evaluate = [sets.train, ...sets.test];
  const name = `${model.name} + ${row.label} (seed ${seed})`;
  const shared = { recipe: row.recipe, model, evaluate, samples: o.samples, seed, ...trainingPlace(t) };
  if (row.recipe === "evaluate") {
    if (await hasEvaluation(deps.pool, { studyId: study.id, modelId: model.id, problemSet: sets.train, seed })) return [];
    // An evaluation's samples are no material for the data sets: it begins when those are built.
    const after = datasets.get("int")?.runId;
    return [(await startChain(deps, study, { ...shared, maxProblems: o.maxProblems, after })).pipelineId];
  }
  if (await hasTraining(deps.pool, study.id, name)) return [];
  const dataset = row.source === null ? undefined : datasets.get(row.source);
  const { pipelineId } = await startChain(deps, study, {
    ...shared,
    name,
    dataset: dataset?.name,
    after: dataset?.runId,
    rl: { problemSet: sets.train, maxProblems: o.maxProblems, hinted: row.recipe === "hint-rl" },
    maxProblems: o.maxProblems,
    change: trainingChanges(t, { rl: true }),
  });
  return [pipelineId];
}
