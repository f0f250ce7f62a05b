import { type BootstrapOptions, type Interval, percentileBounds } from "./intervals";
import { drawIndices, generator } from "./resample";

export interface ItemBootstrap extends BootstrapOptions {
  /** Bounds of the statistic: the interval of what a single item says nothing about. */
  range: readonly [number, number];
  /** Items are drawn within their stratum (a small number each), so that every resample has as many of each. */
  strata?: ArrayLike<number>;
}

/**
 * A statistic with its 95 % percentile interval by bootstrap over items (Efron and Tibshirani 1993, chapter 13): each
 * resample draws as many items as there are, with replacement.
 *
 * @param statistic the value when item i stands in the data times[i] times; null where it is not defined. Resamples in
 * which it is not defined are left out; where more than half are, the interval is the whole range.
 * @returns null where the statistic of the data themselves is not defined.
 */
export function bootstrapItems(
  count: number,
  statistic: (times: Int32Array) => number | null,
  o: ItemBootstrap,
): Interval | null {
  const value = statistic(new Int32Array(count).fill(1));
  if (value === null) return null;
  const [low, high] = o.range;
  if (count < 2) return { value, low, high };
  const groups = strataOf(count, o.strata);
  const resamples = o.resamples ?? 2000;
  const state = generator(o.seed ?? 1);
  const picks = new Int32Array(count);
  const times = new Int32Array(count);
  const values = new Float64Array(resamples);
  let defined = 0;
  for (let r = 0; r < resamples; r++) {
    times.fill(0);
    for (const group of groups) {
      drawIndices(state, group.length, picks, group.length);
      for (let i = 0; i < group.length; i++) {
        const k = group[picks[i] ?? 0] ?? 0;
        times[k] = (times[k] ?? 0) + 1;
      }
    }
    const one = statistic(times);
    if (one !== null) values[defined++] = one;
  }
  if (defined * 2 < resamples) return { value, low, high };
  return { value, ...percentileBounds(values.subarray(0, defined)) };
}

function strataOf(count: number, strata: ArrayLike<number> | undefined): Int32Array[] {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const of = strata?.[i] ?? 0;
    const group = groups.get(of) ?? [];
    group.push(i);
    groups.set(of, group);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => Int32Array.from(group));
}

/** Fewer resamples for many items, so that a page that asks again and again stays quick: 200 to 2000. */
export function affordableResamples(items: number): number {
  return Math.round(Math.min(2000, Math.max(200, 4e6 / Math.max(1, items))));
}
