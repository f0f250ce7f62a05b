import { type AblationOutcome, VARIANTS, variantOf } from "../../core/comparing/ablation";
import { adjust, pairedValues } from "../../core/comparing/conditioning";
import type { ProblemCount } from "../../core/statistics/armTable";
import type { AblationView } from "../../core/views/comparing-interventions";
import { listClonedModels, listEvaluations } from "../../store/views/comparing-ablation";
import { runCounts } from "../../store/views/counts";
import { type PageDeps, studyOf } from "../pages/find";
import { compute } from "../statistics/compute";
import { testedPair } from "./tested";

/**
 * What to clone: models fine-tuned on each variant of a study's InT data sets, evaluated on the same problems.
 * @param input.set problem set of the evaluations; the first one on which most of them were evaluated when absent or unknown.
 * @throws InterveneError("not_found")
 */
export async function cloningAblation(deps: PageDeps, input: { study: string; set?: string | undefined }): Promise<AblationView> {
  const study = await studyOf(deps, input.study);
  const cloned = (await listClonedModels(deps.pool, study.id)).map((m) => ({ ...m, variant: variantOf(m) }));
  const evaluations = await listEvaluations(deps.pool, cloned.map((m) => m.modelId));
  const models = (set: string) => new Set(evaluations.filter((e) => e.set === set).map((e) => e.modelId)).size;
  const sets = [...new Set(evaluations.map((e) => e.set))].sort((a, b) => models(b) - models(a) || (a < b ? -1 : 1));
  const set = sets.find((s) => s === input.set) ?? sets[0] ?? null;
  const here = evaluations.filter((e) => e.set === set);
  const modelOf = new Map(here.map((e) => [e.runId, e.modelId]));
  const samples = new Map<string, Map<string, { n: number; c: number }>>();
  for (const { runId, problemId, n, c } of await runCounts(deps.pool, [...modelOf.keys()])) {
    const modelId = modelOf.get(runId) ?? "";
    const problems = samples.get(modelId) ?? new Map<string, { n: number; c: number }>();
    const sum = problems.get(problemId) ?? { n: 0, c: 0 };
    problems.set(problemId, { n: sum.n + n, c: sum.c + c });
    samples.set(modelId, problems);
  }
  const ordered = VARIANTS.flatMap((variant) => cloned.filter((m) => m.variant === variant));
  const rowsOf = (modelId: string): ProblemCount[] => [...(samples.get(modelId) ?? [])].map(([problemId, of]) => ({ problemId, ...of }));
  const filtered = ordered.find((m) => m.variant === "filtered" && samples.has(m.modelId));
  const outcomes = await Promise.all(
    ordered.map((m) => outcomeOf(m.modelId, rowsOf(m.modelId), filtered && filtered.modelId !== m.modelId ? rowsOf(filtered.modelId) : null)),
  );
  adjust(outcomes.flatMap((o) => o.coverageDifference ?? []));
  adjust(outcomes.flatMap((o) => o.accuracyDifference ?? []));
  return {
    sets,
    set,
    rows: ordered.flatMap(({ variant, dataset, datasetId, rows, model, modelId }, i) => {
      const outcome = outcomes[i];
      if (outcome === undefined) return [];
      return [{ ...outcome, variant, dataset, datasetId, rows, model, runs: here.filter((e) => e.modelId === modelId).map((e) => e.runId) }];
    }),
    baseline: filtered?.modelId ?? null,
  };
}

/** One model's coverage and accuracy, and its paired difference to the filtered one where that is another. */
async function outcomeOf(modelId: string, rows: ProblemCount[], filtered: ProblemCount[] | null): Promise<AblationOutcome> {
  const values = filtered === null ? null : pairedValues(rows, filtered);
  const [summary, pair] = await Promise.all([compute("armTable", rows), values === null || values.problems === 0 ? null : testedPair(values)]);
  return { modelId, ...summary, coverageDifference: pair?.coverage ?? null, accuracyDifference: pair?.accuracy ?? null };
}
