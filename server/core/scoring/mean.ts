import type { Interval } from "../statistics/intervals";

/** A mean over n tokens with its sample standard deviation (null for n = 1). */
export interface MeanOf {
  n: number;
  mean: number;
  sd: number | null;
}

/**
 * Student's 95 % interval of a mean over tokens. Tokens of one text depend on each other, so it says how much the mean
 * hangs on single tokens, not how it would turn out on other texts. null for one token.
 */
export function meanInterval({ n, mean, sd }: MeanOf): Interval | null {
  if (n < 2 || sd === null) return null;
  const half = (studentT95(n - 1) * sd) / Math.sqrt(n);
  return { value: mean, low: mean - half, high: mean + half };
}

/** The 95 % interval of the difference a − b of two means over different tokens (Welch). null where one has one token. */
export function differenceInterval(a: MeanOf, b: MeanOf): Interval | null {
  if (a.n < 2 || b.n < 2 || a.sd === null || b.sd === null) return null;
  const [va, vb] = [a.sd ** 2 / a.n, b.sd ** 2 / b.n];
  const value = a.mean - b.mean;
  if (va + vb === 0) return { value, low: value, high: value };
  const df = (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
  const half = studentT95(df) * Math.sqrt(va + vb);
  return { value, low: value - half, high: value + half };
}

/** Two-sided 95 % points for few degrees of freedom, where the expansion below is off. */
const FEW = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];

/** The two-sided 95 % point of Student's t (Abramowitz and Stegun 26.7.5 from 10 degrees on: four digits). */
export function studentT95(df: number): number {
  if (df < 10) {
    const at = Math.max(1, df);
    const i = Math.floor(at);
    const [a, b] = [FEW[i - 1] ?? 2.2281, FEW[i] ?? 2.2281];
    // Nearly straight in 1/df.
    return a + ((b - a) * (1 / i - 1 / at)) / (1 / i - 1 / (i + 1));
  }
  const z = 1.959963984540054;
  const [z3, z5, z7, z9] = [z ** 3, z ** 5, z ** 7, z ** 9];
  return (
    z +
    (z3 + z) / (4 * df) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * df ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * df ** 3) +
    (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92160 * df ** 4)
  );
}
