import { RESAMPLES } from "../statistics/intervals";
import { passAtK } from "../statistics/passAtK";
import type { Bounded } from "../views/comparing-sources";
import { stratifiedInterval } from "./final-table";

/** Samples of one problem by one model. */
export interface ProblemCount {
  problemId: string;
  n: number;
  c: number;
}

/**
 * pass@k of several models trained alike (seeds): for each problem the mean of the models' unbiased pass@k, then the mean
 * over problems, with its 95 % interval by bootstrap over problems, as in the final table. Problems that one of the models
 * has fewer than k samples of are left out.
 * @returns null where no problem is left.
 */
export function pooledPassAtK(models: readonly (readonly ProblemCount[])[], k: number): (Bounded & { problems: number }) | null {
  const sums = new Map<string, { sum: number; models: number }>();
  for (const model of models)
    for (const { problemId, n, c } of model) {
      if (n < k) continue;
      const of = sums.get(problemId) ?? { sum: 0, models: 0 };
      sums.set(problemId, { sum: of.sum + passAtK(n, c, k), models: of.models + 1 });
    }
  const values = [...sums.values()].filter((s) => s.models === models.length).map((s) => s.sum / s.models);
  if (values.length === 0) return null;
  return { ...stratifiedInterval([Float64Array.from(values)], RESAMPLES, [0, 1]), problems: values.length };
}
