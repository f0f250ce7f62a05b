import { bootstrapItems } from "./bootstrap";
import { type BootstrapOptions, type Interval, RESAMPLES } from "./intervals";

export interface RankCorrelation extends Interval {
  /** Pairs. */
  n: number;
  /** 95 % interval by Fisher's z with the variance of Bonett and Wright 2000; null below 10 pairs, where it is no good, and at ±1. */
  fisher: { low: number; high: number } | null;
}

/**
 * Spearman's rank correlation (Pearson's of average ranks, so ties are right) with a 95 % percentile interval by bootstrap over
 * pairs. Resamples in which x or y is constant have none and are left out; where most are, the interval is −1..1.
 *
 * @param x @param y one value of each pair.
 * @returns null with fewer than two pairs, or where x or y is constant.
 * @throws RangeError when the two are not of one length.
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>, o: BootstrapOptions = {}): RankCorrelation | null {
  if (x.length !== y.length) throw new RangeError(`${x.length} values cannot be paired with ${y.length}`);
  const n = x.length;
  if (n < 2) return null;
  const [ofX, ofY] = [placesOf(x), placesOf(y)];
  const interval = bootstrapItems(n, (times) => correlation(times, ofX, ofY), {
    ...o,
    resamples: o.resamples ?? RESAMPLES,
    range: [-1, 1],
  });
  return interval && { ...interval, n, fisher: fisherInterval(interval.value, n) };
}

function fisherInterval(rho: number, n: number): { low: number; high: number } | null {
  if (n < 10 || Math.abs(rho) >= 1 - 1e-12) return null;
  const z = Math.atanh(rho);
  const half = 1.959963984540054 * Math.sqrt((1 + rho ** 2 / 2) / (n - 3));
  return { low: Math.tanh(z - half), high: Math.tanh(z + half) };
}

/** Average ranks 1..n of the values themselves. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const places = placesOf(values);
  const ranks = ranksOf(new Int32Array(values.length).fill(1), places);
  return Float64Array.from(places.place, (p) => ranks[p] ?? 0);
}

/** For each item the place of its value among the distinct values. */
interface Places {
  place: Int32Array;
  distinct: number;
}

function placesOf(values: ArrayLike<number>): Places {
  const sorted = [...new Set(Array.from(values))].sort((a, b) => a - b);
  const at = new Map(sorted.map((v, i) => [v, i]));
  return { place: Int32Array.from(values, (v) => at.get(v) ?? 0), distinct: sorted.length };
}

/** Average rank of each distinct value when item i is there times[i] times. The values are sorted once; this is linear. */
function ranksOf(times: Int32Array, { place, distinct }: Places): Float64Array {
  const ranks = new Float64Array(distinct);
  for (let i = 0; i < times.length; i++) {
    const p = place[i] ?? 0;
    ranks[p] = (ranks[p] ?? 0) + (times[i] ?? 0);
  }
  let before = 0;
  for (let p = 0; p < distinct; p++) {
    const here = ranks[p] ?? 0;
    ranks[p] = before + (here + 1) / 2;
    before += here;
  }
  return ranks;
}

function correlation(times: Int32Array, x: Places, y: Places): number | null {
  const [rx, ry] = [ranksOf(times, x), ranksOf(times, y)];
  const mean = (times.length + 1) / 2;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < times.length; i++) {
    const t = times[i] ?? 0;
    if (t === 0) continue;
    const a = (rx[x.place[i] ?? 0] ?? 0) - mean;
    const b = (ry[y.place[i] ?? 0] ?? 0) - mean;
    xx += t * a * a;
    yy += t * b * b;
    xy += t * a * b;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
}
