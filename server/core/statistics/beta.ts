import type { Interval } from "./intervals";

/** What is believed of a problem's success rate before its samples: Jeffreys' Beta(½, ½), or uniform, Beta(1, 1). */
export type BetaPrior = "jeffreys" | "uniform";

const PRIOR: Record<BetaPrior, number> = { jeffreys: 0.5, uniform: 1 };

/**
 * The 95 % equal-tailed posterior interval of one problem's success rate, c right of n samples: the quantiles of
 * Beta(c + prior, n − c + prior). The samples of one problem are independent, so here the sample is the unit. At c = 0 the
 * lower bound is 0, at c = n the upper one 1 (Brown, Cai and DasGupta 2001, section 4.1.2). The value is c / n.
 *
 * @param prior default "jeffreys", whose coverage stays near 95 % also for rates near 0.
 * @throws RangeError unless 0 ≤ c ≤ n and n ≥ 1.
 */
export function betaInterval(c: number, n: number, prior: BetaPrior = "jeffreys"): Interval {
  if (!(n >= 1) || !(c >= 0) || c > n) throw new RangeError(`no rate of ${c} right of ${n} samples`);
  const a = c + PRIOR[prior];
  const b = n - c + PRIOR[prior];
  return {
    value: c / n,
    low: c === 0 ? 0 : betaQuantile(0.025, a, b),
    high: c === n ? 1 : betaQuantile(0.975, a, b),
  };
}

/**
 * The quantile of Beta(a, b): x with I_x(a, b) = p. Newton's steps, halving the bracket where one would leave it; to 1e-15
 * of x or the last bit of I. @throws RangeError unless a, b > 0 and 0 ≤ p ≤ 1.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(a > 0) || !(b > 0) || !(p >= 0) || p > 1) throw new RangeError(`no quantile ${p} of Beta(${a}, ${b})`);
  if (p === 0 || p === 1) return p;
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  const scale = logBeta(a, b);
  for (let i = 0; i < 200; i++) {
    const error = regularizedBeta(x, a, b) - p;
    if (error === 0) return x;
    if (error < 0) low = x;
    else high = x;
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - scale);
    const step = x - error / density;
    const next = step > low && step < high ? step : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-15 * x) return next;
    x = next;
  }
  return x;
}

/**
 * The regularised incomplete beta function I_x(a, b), by Lentz's evaluation of its continued fraction (DLMF 8.17.22) on the
 * side of the mean where that converges fast. @throws RangeError unless a, b > 0 and 0 ≤ x ≤ 1.
 */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (!(a > 0) || !(b > 0) || !(x >= 0) || x > 1) throw new RangeError(`I(${x}; ${a}, ${b}) is not defined`);
  if (x === 0 || x === 1) return x;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  return front / fraction(x, a, b);
}

/** The continued fraction's denominators, 1 + d1/(1 + d2/(1 + …)). */
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let f = 1;
  let c = 1;
  let d = 0;
  // About √max(a, b) terms are needed.
  for (let i = 1; i < 100_000; i++) {
    const m = i >> 1;
    const term =
      i % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + term * d;
    d = 1 / (d === 0 ? tiny : d);
    c = 1 + term / c;
    if (c === 0) c = tiny;
    const change = c * d;
    f *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return f;
}

/** ln B(a, b). For large arguments by Stirling's series of the difference, where ln Γ's own digits would cancel. */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  const sum = a + b;
  if (large < 10) return logGamma(small) + logGamma(large) - logGamma(sum);
  const ratio = (large - 0.5) * Math.log1p(-small / sum);
  if (small < 10) return logGamma(small) + stirling(large) - stirling(sum) + small - small * Math.log(sum) + ratio;
  return (
    stirling(small) + stirling(large) - stirling(sum) - 0.5 * Math.log(large) + 0.5 * Math.log(2 * Math.PI) +
    (small - 0.5) * Math.log(small / sum) + large * Math.log1p(-small / sum)
  );
}

/** ln Γ(x) − (x − ½) ln x + x − ½ ln 2π for x ≥ 10 (DLMF 5.11.1), to 1e-15. */
function stirling(x: number): number {
  const y = 1 / (x * x);
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - y * (691 / 360360)))))) / x;
}

/** ln Γ(x) for x > 0: moved up to x ≥ 10, where Stirling's series holds. */
export function logGamma(x: number): number {
  let shift = 1;
  let y = x;
  for (; y < 10; y++) shift *= y;
  return stirling(y) + (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) - Math.log(shift);
}
