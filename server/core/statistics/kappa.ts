import { bootstrapItems } from "./bootstrap";
import type { BootstrapOptions, Interval } from "./intervals";

/** One item's two categories, by number. */
export interface RatedTwice {
  a: number;
  b: number;
}

/** How much two categories differ: 0 for the same. Default: 0 or 1. */
export type Disagreement = (a: number, b: number) => number;

export const NOMINAL: Disagreement = (a, b) => (a === b ? 0 : 1);
export const LINEAR: Disagreement = (a, b) => Math.abs(a - b);
export const QUADRATIC: Disagreement = (a, b) => (a - b) ** 2;

/**
 * Cohen's kappa of two raters over the items that both have rated: 1 − (observed / expected disagreement), the expected
 * one from each rater's own shares of the categories. With a `disagreement` of degrees it is the weighted kappa.
 * Sources: Cohen 1960; Cohen 1968.
 *
 * @returns null without items, and where no disagreement could be expected (both always gave the same one category).
 */
export function cohenKappa(ratings: readonly RatedTwice[], disagreement: Disagreement = NOMINAL): number | null {
  return kappaOf(ratings, disagreement)(new Int32Array(ratings.length).fill(1));
}

/** {@link cohenKappa} with its 95 % interval by bootstrap over items. */
export function kappaInterval(
  ratings: readonly RatedTwice[],
  disagreement: Disagreement = NOMINAL,
  o: BootstrapOptions = {},
): Interval | null {
  return bootstrapItems(ratings.length, kappaOf(ratings, disagreement), { ...o, range: [-1, 1] });
}

function kappaOf(ratings: readonly RatedTwice[], disagreement: Disagreement): (times: Int32Array) => number | null {
  const categories = [...new Set(ratings.flatMap((r) => [r.a, r.b]))].sort((x, y) => x - y);
  const k = categories.length;
  const index = new Map(categories.map((c, i) => [c, i]));
  const a = Int32Array.from(ratings, (r) => index.get(r.a) ?? 0);
  const b = Int32Array.from(ratings, (r) => index.get(r.b) ?? 0);
  const weights = Float64Array.from({ length: k * k }, (_, i) =>
    disagreement(categories[Math.floor(i / k)] ?? 0, categories[i % k] ?? 0),
  );
  return (times) => {
    const ofA = new Float64Array(k);
    const ofB = new Float64Array(k);
    let n = 0;
    let observed = 0;
    for (let i = 0; i < a.length; i++) {
      const t = times[i] ?? 0;
      if (t === 0) continue;
      const x = a[i] ?? 0;
      const y = b[i] ?? 0;
      n += t;
      ofA[x] = (ofA[x] ?? 0) + t;
      ofB[y] = (ofB[y] ?? 0) + t;
      observed += t * (weights[x * k + y] ?? 0);
    }
    let expected = 0;
    for (let x = 0; x < k; x++) for (let y = 0; y < k; y++) expected += (ofA[x] ?? 0) * (ofB[y] ?? 0) * (weights[x * k + y] ?? 0);
    return n === 0 || expected === 0 ? null : 1 - (observed * n) / expected;
  };
}
