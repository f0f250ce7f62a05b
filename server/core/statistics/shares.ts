import { type BootstrapOptions, bootstrapRatioInterval, type Interval, ruleOfThree } from "./intervals";

/**
 * A share with its 95 % interval by bootstrap over items: Σ hits / Σ of. When nothing (or everything) is a hit the bootstrap
 * sees no spread and would claim certainty; the open side is then bounded by the rule of three over items. Null without items.
 *
 * @param hits per item, 0..of; may be fractions (an expected number of hits).
 * @param of per item, how many there could be; 1 for each when absent.
 */
export function shareInterval(
  hits: ArrayLike<number>,
  of?: ArrayLike<number>,
  o: BootstrapOptions = {},
): Interval | null {
  const interval = bootstrapRatioInterval(hits, of ?? new Float64Array(hits.length).fill(1), o);
  if (interval === null) return null;
  if (interval.value === 0) interval.high = Math.max(interval.high, ruleOfThree(hits.length));
  if (interval.value === 1) interval.low = Math.min(interval.low, 1 - ruleOfThree(hits.length));
  return interval;
}
