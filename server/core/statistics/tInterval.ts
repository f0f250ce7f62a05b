import { betaQuantile } from "./beta";
import type { Interval } from "./intervals";

/** The two-sided 95 % point of Student's t with `df` degrees of freedom: P(|T| > t) = 0.05, by I_x(df/2, 1/2), x = df/(df + t²). */
export function t95(df: number): number {
  if (!(df >= 1)) throw new RangeError(`no t distribution with ${df} degrees of freedom`);
  const x = betaQuantile(0.05, df / 2, 0.5);
  return Math.sqrt((df * (1 - x)) / x);
}

/**
 * Mean of a few values (one for each seed) with its 95 % t-interval: mean ± t · s/√n, s with n − 1. It says how far another set of
 * seeds could move the mean, if the values are about normal. Null for fewer than three: two say next to nothing of a spread.
 */
export function tInterval(values: readonly number[]): Interval | null {
  const n = values.length;
  if (n < 3) return null;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  const half = t95(n - 1) * Math.sqrt(variance / n);
  return { value: mean, low: mean - half, high: mean + half };
}
