import { tInterval } from "../statistics/tInterval";
import type { OverTrainings } from "../views/comparing-sources";

/**
 * The mean over trainings, each of which counts once, with the t-interval over them from three on: below that nothing is
 * said of a spread. Null where no training told a value.
 */
export function overTrainings(values: readonly (number | null)[]): OverTrainings | null {
  const told = values.flatMap((v) => (v === null ? [] : [v]));
  const trainings = told.length;
  if (trainings === 0) return null;
  const interval = tInterval(told);
  const value = told.reduce((sum, v) => sum + v, 0) / trainings;
  // An entropy is never below 0.
  return { value, trainings, low: interval === null ? null : Math.max(0, interval.low), high: interval?.high ?? null };
}
