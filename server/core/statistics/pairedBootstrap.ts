import { type BootstrapOptions, type Interval, percentileBounds, RESAMPLES, ruleOfThree } from "./intervals";
import { resampledSums } from "./resample";

/** The mean difference of two rows on the same problems, with its 95 % interval. */
export interface PairedDifference extends Interval {
  /** Problems that both rows have. */
  n: number;
}

/**
 * Mean of a[i] − b[i] over problems with its 95 % percentile interval by bootstrap over problems: a problem is drawn with both
 * of its values, so what makes problems hard for both cancels. Null without problems.
 *
 * Where the data show no spread the bootstrap would claim certainty: with one problem the interval is the whole range of a
 * difference of rates (−1..1); where no problem differs, at most 3/n of them would (rule of three), each by at most 1.
 *
 * @param a value of each problem, a rate 0..1 (pass@k, mean reward, …).
 * @param b the baseline's value of the same problem at the same place; see {@link alignByProblem}.
 * @throws RangeError when the two are not of one length.
 */
export function pairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  o: BootstrapOptions = {},
): PairedDifference | null {
  const differences = differencesOf(a, b);
  const n = differences.length;
  if (n === 0) return null;
  let sum = 0;
  for (const d of differences) sum += d;
  const value = sum / n;
  if (n === 1) return { value, low: -1, high: 1, n };
  if (differences.every((d) => d === 0)) return { value: 0, low: -ruleOfThree(n), high: ruleOfThree(n), n };
  const [sums = new Float64Array(0)] = resampledSums([differences], o.resamples ?? RESAMPLES, o.seed ?? 1);
  return { value, ...percentileBounds(sums.map((s) => s / n)), n };
}

/** a[i] − b[i]. @throws RangeError when the two are not of one length. */
export function differencesOf(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) {
    throw new RangeError(`${a.length} values cannot be paired with ${b.length}: both rows need a value of every problem`);
  }
  return Float64Array.from(a, (value, i) => value - (b[i] ?? 0));
}

/** The problems that both have, in the order of their ids (so that an interval does not depend on the order of reading). */
export function alignByProblem<A extends { problemId: string }, B extends { problemId: string }>(
  a: readonly A[],
  b: readonly B[],
): { a: A[]; b: B[] } {
  const of = new Map(b.map((row) => [row.problemId, row]));
  const pairs = a
    .flatMap((row) => {
      const other = of.get(row.problemId);
      return other === undefined ? [] : [{ a: row, b: other }];
    })
    .sort((x, y) => (x.a.problemId < y.a.problemId ? -1 : 1));
  return { a: pairs.map((p) => p.a), b: pairs.map((p) => p.b) };
}
