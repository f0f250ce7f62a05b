import { resampledSums } from "./resample";

/** An estimate with the bounds of its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** Two-sided 95 % point of the normal distribution. */
const Z95 = 1.959963984540054;

/**
 * Wilson's score interval for a share of independent units: `successes` of `total`.
 * Source: Wilson 1927. @throws RangeError unless 0 ≤ successes ≤ total and total ≥ 1.
 */
export function wilsonInterval(successes: number, total: number, z = Z95): Interval {
  if (!(total >= 1) || !(successes >= 0) || successes > total) {
    throw new RangeError(`no share of ${successes} in ${total}`);
  }
  const p = successes / total;
  const zz = (z * z) / total;
  const centre = p + zz / 2;
  const half = z * Math.sqrt((p * (1 - p) + zz / 4) / total);
  return {
    value: p,
    // At the ends the bound is exact; rounding would put it a hair inside.
    low: successes === 0 ? 0 : Math.max(0, (centre - half) / (1 + zz)),
    high: successes === total ? 1 : Math.min(1, (centre + half) / (1 + zz)),
  };
}

/**
 * The upper 95 % bound on a rate of which nothing was seen in n independent units: 3/n, at most 1 (its exact form is
 * 1 − 0.05^(1/n); 3/n is never below it). For n = 0 it is 1.
 */
export function ruleOfThree(n: number): number {
  return n > 0 ? Math.min(1, 3 / n) : 1;
}

export interface BootstrapOptions {
  /** Same seed, same interval. Default 1. */
  seed?: number;
  /** Default {@link RESAMPLES}. */
  resamples?: number;
}

/** Resamples of a bootstrap whose caller does not say how many: the bounds then move by about 1 % of the interval's width from seed to seed. */
export const RESAMPLES = 10_000;

/**
 * Resamples of an interval of which a page shows a dozen: 10,000 for up to 1,000 problems, fewer for more, at least 2,000
 * (bounds then move by some 3 % of the interval's width from seed to seed).
 */
export function pageResamples(problems: number): number {
  return Math.round(Math.max(2_000, Math.min(RESAMPLES, 1e7 / Math.max(1, problems))));
}

/**
 * The mean over problems with its 95 % percentile interval by bootstrap over problems (each resample draws as many
 * problems as there are, with replacement). Null without problems. With one problem nothing is known about the
 * spread, so the interval is the value's own range, `values` being rates: 0..1.
 */
export function bootstrapMeanInterval(values: ArrayLike<number>, o: BootstrapOptions = {}): Interval | null {
  return bootstrapRatioInterval(values, new Float64Array(values.length).fill(1), o);
}

/**
 * Σ numerators / Σ denominators with its 95 % percentile interval by bootstrap over problems: the pooled rate of
 * problems that may have different numbers of samples (c of n). Null when the denominators sum to nothing.
 */
export function bootstrapRatioInterval(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  o: BootstrapOptions = {},
): Interval | null {
  const count = numerators.length;
  const num = Float64Array.from(numerators);
  const den = Float64Array.from(denominators);
  let above = 0;
  let below = 0;
  for (let i = 0; i < count; i++) {
    above += num[i] ?? 0;
    below += den[i] ?? 0;
  }
  if (!(below > 0)) return null;
  const value = above / below;
  if (count === 1) return { value, low: 0, high: 1 };

  const resamples = o.resamples ?? RESAMPLES;
  // Equal denominators (as many samples of each problem) are the same in every resample: one column less to draw.
  const equal = den.every((d) => d === den[0]);
  const [sums = new Float64Array(0), weights] = resampledSums(equal ? [num] : [num, den], resamples, o.seed ?? 1);
  const rates = sums.map((a, r) => {
    const b = weights?.[r] ?? below;
    return b > 0 ? a / b : value;
  });
  return { value, ...percentileBounds(rates) };
}

/** The middle 95 % of what the resamples gave. Sorts `values`. */
export function percentileBounds(values: Float64Array): { low: number; high: number } {
  values.sort();
  return { low: percentile(values, 0.025), high: percentile(values, 0.975) };
}

/** Linear interpolation between the closest ranks of sorted values. */
export function percentile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const i = Math.floor(at);
  const a = sorted[i] ?? Number.NaN;
  const b = sorted[Math.min(i + 1, sorted.length - 1)] ?? a;
  return a + (b - a) * (at - i);
}
