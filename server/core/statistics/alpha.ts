import { bootstrapItems } from "./bootstrap";
import type { BootstrapOptions, Interval } from "./intervals";

/** How two values differ: same or not; by how many answers lie between them; by the square of their distance. */
export const ALPHA_METRICS = ["nominal", "ordinal", "interval"] as const;
export type AlphaMetric = (typeof ALPHA_METRICS)[number];

/**
 * Krippendorff's alpha: 1 − (observed / expected disagreement) over all pairs of values within items, for any number
 * of raters, with missing values. An item with fewer than two values cannot be paired and says nothing.
 * Source: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", coincidence matrix (part C) and metrics (part D).
 *
 * @param items for each item the values that it was given, in any order.
 * @returns null where no disagreement could be expected: nothing to pair, or one value everywhere.
 */
export function krippendorffAlpha(items: readonly (readonly number[])[], metric: AlphaMetric = "nominal"): number | null {
  return alphaOf(items, metric)(new Int32Array(items.length).fill(1));
}

/**
 * {@link krippendorffAlpha} with its 95 % interval by bootstrap over items. (Hayes and Krippendorff 2007 resample pairs
 * of values with the expected disagreement held fixed; drawing whole items keeps the values of one item together.)
 */
export function alphaInterval(
  items: readonly (readonly number[])[],
  metric: AlphaMetric = "nominal",
  o: BootstrapOptions = {},
): Interval | null {
  const pairable = items.filter((values) => values.length >= 2);
  return bootstrapItems(pairable.length, alphaOf(pairable, metric), { ...o, range: [-1, 1] });
}

function alphaOf(items: readonly (readonly number[])[], metric: AlphaMetric): (times: Int32Array) => number | null {
  const values = [...new Set(items.flat())].sort((a, b) => a - b);
  const k = values.length;
  const index = new Map(values.map((v, i) => [v, i]));
  // Each item's coincidences: (cell of the matrix, pairs / (values - 1)). They are the same in every resample.
  const own = items.map((given) => {
    const cells: { cell: number; pairs: number }[] = [];
    if (given.length < 2) return cells;
    const counts = new Map<number, number>();
    for (const v of given) counts.set(index.get(v) ?? 0, (counts.get(index.get(v) ?? 0) ?? 0) + 1);
    for (const [c, nc] of counts) {
      for (const [d, nd] of counts) {
        const pairs = nc * (c === d ? nd - 1 : nd);
        if (pairs > 0) cells.push({ cell: c * k + d, pairs: pairs / (given.length - 1) });
      }
    }
    return cells;
  });
  return (times) => {
    const matrix = new Float64Array(k * k);
    for (let i = 0; i < own.length; i++) {
      const t = times[i] ?? 0;
      if (t > 0) for (const { cell, pairs } of own[i] ?? []) matrix[cell] = (matrix[cell] ?? 0) + t * pairs;
    }
    const totals = Float64Array.from({ length: k }, (_, c) => sum(matrix.subarray(c * k, (c + 1) * k)));
    const n = sum(totals);
    let observed = 0;
    let expected = 0;
    for (let c = 0; c < k; c++) {
      let between = 0;
      for (let d = c + 1; d < k; d++) {
        const [nc, nd] = [totals[c] ?? 0, totals[d] ?? 0];
        const gap =
          metric === "nominal"
            ? 1
            : metric === "interval"
              ? (values[d] ?? 0) - (values[c] ?? 0)
              : between + (nc + nd) / 2;
        observed += (matrix[c * k + d] ?? 0) * gap ** 2;
        expected += nc * nd * gap ** 2;
        between += nd;
      }
    }
    return expected === 0 ? null : 1 - ((n - 1) * observed) / expected;
  };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const v of values) total += v;
  return total;
}
