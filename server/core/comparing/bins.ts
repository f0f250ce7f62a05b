/** Histograms of what SQL has counted already. Bins hold their lower end and not their upper one, but for the last. */

/** A value and how often it occurs. */
export interface Occurs {
  value: number;
  count: number;
}

export interface Bin {
  from: number;
  /** Upper end; the last bin of a share holds it. */
  below: number;
}

const STEPS = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000, 20_000, 50_000, 100_000];

/**
 * Whole-numbered bins of a round width that hold everything from `least` to `most` in at most `wanted` bins. The last one ends
 * after `most`. Empty without values.
 */
export function wholeBins(least: number, most: number, wanted = 24): Bin[] {
  if (!(most >= least)) return [];
  const width = STEPS.find((w) => (Math.floor(most / w) - Math.floor(least / w) + 1) <= wanted) ?? 1_000_000;
  const bins: Bin[] = [];
  // Steps begin at 1: a bin of one value each begins there, wider ones at a round number.
  for (let from = Math.floor(least / width) * width; from <= most; from += width) bins.push({ from, below: from + width });
  return bins;
}

/** Ten bins of a share 0..1; a share of 1 belongs to the last. */
export const SHARE_BINS: readonly Bin[] = Array.from({ length: 10 }, (_, i) => ({ from: i / 10, below: (i + 1) / 10 }));

/** Which of the ten bins step s of T lies in. */
export function shareBin(step: number, steps: number): number {
  return Math.min(9, Math.floor((10 * step) / steps));
}

/** How many of the values lie in each bin. */
export function countIn(bins: readonly Bin[], values: readonly Occurs[]): number[] {
  const counts = bins.map(() => 0);
  const [first] = bins;
  if (first === undefined) return counts;
  const width = first.below - first.from;
  for (const { value, count } of values) {
    const i = Math.floor((value - first.from) / width);
    if (i >= 0 && i < counts.length) counts[i] = (counts[i] ?? 0) + count;
  }
  return counts;
}

/** A median with the 95 % interval that order statistics give it, whatever the distribution. */
export interface Median {
  n: number;
  value: number;
  low: number;
  high: number;
}

/**
 * Median of counted values. Its interval runs between the order statistics whose ranks bound the middle with 95 % (normal
 * approximation of the binomial: n/2 ± 0.98 √n; David and Nagaraja 2003, 7.1). Below six values these reach the ends. Null
 * without values.
 */
export function medianOf(values: readonly Occurs[]): Median | null {
  const sorted = values.filter((v) => v.count > 0).sort((a, b) => a.value - b.value);
  const n = sorted.reduce((sum, v) => sum + v.count, 0);
  if (n === 0) return null;
  const at = (rank: number) => {
    let seen = 0;
    for (const v of sorted) {
      seen += v.count;
      if (seen > rank) return v.value;
    }
    return sorted.at(-1)?.value ?? 0;
  };
  const value = (at(Math.floor((n - 1) / 2)) + at(Math.ceil((n - 1) / 2))) / 2;
  const half = (1.959963984540054 * Math.sqrt(n)) / 2;
  const low = Math.max(0, Math.floor(n / 2 - half));
  const high = Math.min(n - 1, Math.ceil(n / 2 + half) - 1);
  return { n, value, low: Math.min(value, at(low)), high: Math.max(value, at(Math.max(high, 0))) };
}
