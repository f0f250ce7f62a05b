import { bootstrapMeanInterval, ruleOfThree } from "../../core/statistics/intervals";
import { passAtK } from "../../core/statistics/passAtK";
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
  return { studyId: study.id, chains, evaluations: evaluations(problems, running) };
}

function evaluations(rows: readonly EvaluatedProblem[], running: ReadonlySet<string>): EvaluationView[] {
  const groups = new Map<string, EvaluatedProblem[]>();
  for (const row of rows) {
    const key = `${row.modelId} ${row.problemSet}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].flatMap(([key, problems]) => {
    const [first] = problems;
    if (first === undefined) return [];
    const perProblem = Math.min(...problems.map((p) => p.n));
    const passAt = powersOfTwo(perProblem).flatMap((k) => {
      const values = problems.map((p) => passAtK(p.n, p.c, k));
      const of = bootstrapMeanInterval(values);
      if (of === null) return [];
      // No spread is not certainty: the open side is bounded by the rule of three over problems.
      if (of.value === 0) of.high = ruleOfThree(problems.length);
      if (of.value === 1) of.low = 1 - ruleOfThree(problems.length);
      return [{ k, of }];
    });
    return [
      {
        modelId: first.modelId,
        model: first.model,
        problemSet: first.problemSet,
        problems: problems.length,
        samples: problems.reduce((sum, p) => sum + p.n, 0),
        perProblem,
        running: running.has(key),
        passAt,
        runId: problems.reduce((newest, p) => (p.runId > newest ? p.runId : newest), ""),
      },
    ];
  });
}

/** 1, 2, 4, … up to n, and n itself. */
function powersOfTwo(n: number): number[] {
  const ks: number[] = [];
  for (let k = 1; k < n; k *= 2) ks.push(k);
  return [...ks, n];
}

/** Metrics of some trainings. @throws InterveneError("not_found") */
export async function readCurves(deps: PageDeps, input: { study: string; trainings: readonly string[] }): Promise<TrainingCurve[]> {
  const study = await studyOf(deps, input.study);
  return listCurves(deps.pool, study.id, input.trainings);
}

/** What a new chain can be made of. @throws InterveneError("not_found") */
export async function readTrainingChoices(deps: PageDeps, input: { study: string }): Promise<TrainingChoices & TrainerChoices> {
  const study = await studyOf(deps, input.study);
  const { python, message } = trainerPython();
  return { ...(await trainingChoices(deps.pool, study.id, LAB.model)), trlMissing: python === null ? message : "" };
}
