import type { ChainView, EvaluationView, TrainerChoices, TrainingChoices, TrainingCurve, TrainingPage } from "../../core/views/training";
import { stateOfPipeline } from "../../store/views/studies";
import {
  type EvaluatedProblem,
  evaluatedProblems,
  evaluationsAtWork,
  listChains,
  listCurves,
  trainingChoices,
} from "../../store/views/trainings";
import { LAB } from "../create-lab-study";
import { compute } from "../statistics/compute";
import { trainerPython } from "../training/python";
import { type PageDeps, studyOf } from "./find";

/** Chains and evaluations of a study. @throws InterveneError("not_found") */
export async function readTrainingPage(deps: PageDeps, input: { study: string }): Promise<TrainingPage> {
  const study = await studyOf(deps, input.study);
  const [rows, problems, atWork] = await Promise.all([
    listChains(deps.pool, study.id),
    evaluatedProblems(deps.pool, study.id),
    evaluationsAtWork(deps.pool, study.id),
  ]);
  const chains: ChainView[] = [];
  for (const { pipelineId, recipe, createdAt, ...run } of rows) {
    let chain = chains.at(-1);
    if (chain?.pipelineId !== pipelineId) {
      chain = { pipelineId, recipe, createdAt, state: "queued", runs: [] };
      chains.push(chain);
    }
    chain.runs.push(run);
  }
  for (const chain of chains) chain.state = stateOfPipeline(chain.runs.map((r) => r.state));
  const running = new Set(atWork.map((e) => `${e.modelId} ${e.problemSet}`));
  return { studyId: study.id, chains, evaluations: await evaluations(problems, running) };
}

async function evaluations(rows: readonly EvaluatedProblem[], running: ReadonlySet<string>): Promise<EvaluationView[]> {
  const groups = new Map<string, EvaluatedProblem[]>();
  for (const row of rows) {
    const key = `${row.modelId} ${row.problemSet}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return Promise.all([...groups].map(([key, problems]) => evaluation(problems, running.has(key))));
}

async function evaluation(problems: readonly EvaluatedProblem[], running: boolean): Promise<EvaluationView> {
  const [first] = problems;
  if (first === undefined) throw new Error("a group has at least one problem");
  const perProblem = problems.reduce((fewest, p) => Math.min(fewest, p.n), Number.POSITIVE_INFINITY);
  const curve = await compute("passAtKCurve", problems.map(({ n, c }) => ({ n, c })), powersOfTwo(perProblem));
  return {
    modelId: first.modelId,
    model: first.model,
    problemSet: first.problemSet,
    problems: problems.length,
    samples: problems.reduce((sum, p) => sum + p.n, 0),
    perProblem,
    unsolved: problems.filter((p) => p.c === 0).length,
    running,
    passAt: curve.flatMap(({ k, value, low, high }) =>
      value === null || low === null || high === null ? [] : [{ k, of: { value, low, high } }],
    ),
    runId: problems.reduce((newest, p) => (p.runId > newest ? p.runId : newest), ""),
  };
}

/** 1, 2, 4, … up to n, and n itself. */
function powersOfTwo(n: number): number[] {
  const ks: number[] = [];
  for (let k = 1; k < n; k *= 2) ks.push(k);
  return [...ks, n];
}

/** Metrics of some trainings: all, or those that are named. @throws InterveneError("not_found") */
export async function readCurves(deps: PageDeps, input: { study: string; trainings: readonly string[]; metrics?: readonly string[] }): Promise<TrainingCurve[]> {
  const study = await studyOf(deps, input.study);
  return listCurves(deps.pool, study.id, input.trainings, input.metrics);
}

/** What a new chain can be made of. @throws InterveneError("not_found") */
export async function readTrainingChoices(deps: PageDeps, input: { study: string }): Promise<TrainingChoices & TrainerChoices> {
  const study = await studyOf(deps, input.study);
  const { python, message } = trainerPython();
  return { ...(await trainingChoices(deps.pool, study.id, LAB.model)), trlMissing: python === null ? message : "" };
}
