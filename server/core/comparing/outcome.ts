import { type Interval, ruleOfThree } from "../statistics/intervals";
import { passAtK } from "../statistics/passAtK";

/** Samples of one problem by one model. */
export interface ProblemCount {
  problemId: string;
  n: number;
  c: number;
}

/**
 * pass@k of several models trained alike (seeds), by problem: the mean of the models' unbiased pass@k. Problems that one of
 * the models has fewer than k samples of are left out.
 */
export function pooledPassAtK(models: readonly (readonly ProblemCount[])[], k: number): Float64Array {
  const sums = new Map<string, { sum: number; models: number }>();
  for (const model of models)
    for (const { problemId, n, c } of model) {
      if (n < k) continue;
      const of = sums.get(problemId) ?? { sum: 0, models: 0 };
      sums.set(problemId, { sum: of.sum + passAtK(n, c, k), models: of.models + 1 });
    }
  return Float64Array.from([...sums.values()].filter((s) => s.models === models.length), (s) => s.sum / s.models);
}

/** No spread is not certainty: where nothing succeeded, or everything did, the open side is bounded by the rule of three. */
export function withOpenSide(of: Interval, problems: number): Interval {
  if (of.value === 0) return { ...of, high: ruleOfThree(problems) };
  if (of.value === 1) return { ...of, low: 1 - ruleOfThree(problems) };
  return of;
}
