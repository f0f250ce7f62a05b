import { differencesOf } from "./pairedBootstrap";
import { drawWords, generator } from "./resample";

/** Up to so many differing problems every assignment of signs is tried: 65,536 of them. */
const EXACT = 16;

export interface SignFlipTest {
  /** Two-sided: the share of sign assignments whose mean lies at least as far from zero as the one seen. */
  p: number;
  /** Problems that both rows have, and those on which they differ. */
  n: number;
  differing: number;
  /** Whether all assignments were tried; else `flips` random ones, and p = (as far + 1) / (flips + 1). */
  exact: boolean;
  flips: number;
}

export interface SignFlipOptions {
  /** Default 1. */
  seed?: number;
  /** Random sign assignments where not all can be tried. Default 10,000. */
  flips?: number;
}

/**
 * Sign-flip permutation test of paired differences: if the two rows were exchangeable, each problem's difference would be as
 * likely to have the other sign (Good 2005, chapter 3). Problems without a difference do not count. p of random flips has
 * the +1 of the assignment seen itself, so that it is never 0 (Phipson and Smyth 2010). Null without problems.
 *
 * @param a @param b values of the same problems, as for `pairedDifference`.
 */
export function signFlipTest(a: ArrayLike<number>, b: ArrayLike<number>, o: SignFlipOptions = {}): SignFlipTest | null {
  const all = differencesOf(a, b);
  if (all.length === 0) return null;
  const differences = all.filter((d) => d !== 0);
  const m = differences.length;
  const counts = { n: all.length, differing: m };
  if (m === 0) return { p: 1, ...counts, exact: true, flips: 1 };
  let seen = 0;
  let size = 0;
  for (const d of differences) {
    seen += d;
    size += Math.abs(d);
  }
  // Sums of the same numbers in another order differ in their last bits: a tie is a tie.
  const bound = Math.abs(seen) - 1e-12 * size;
  if (m <= EXACT) {
    // The sign of the first one is held: its mirror image has the same distance from zero.
    const flips = 2 ** (m - 1);
    let asFar = 0;
    for (let signs = 0; signs < flips; signs++) {
      let sum = differences[0] ?? 0;
      for (let i = 1; i < m; i++) sum += (signs >> (i - 1)) & 1 ? -(differences[i] ?? 0) : (differences[i] ?? 0);
      if (Math.abs(sum) >= bound) asFar++;
    }
    return { p: asFar / flips, ...counts, exact: true, flips: 2 * flips };
  }
  const flips = o.flips ?? 10_000;
  const table = signedSums(differences);
  const bytes = table.length / 256;
  const state = generator(o.seed ?? 1);
  const words = new Int32Array(Math.ceil(bytes / 4));
  let asFar = 0;
  for (let f = 0; f < flips; f++) {
    drawWords(state, words);
    let sum = 0;
    for (let k = 0; k < bytes; k++) {
      // Byte k of the words, the lowest first.
      sum += table[(k << 8) | (((words[k >> 2] as number) >>> ((k & 3) << 3)) & 255)] as number;
    }
    if (Math.abs(sum) >= bound) asFar++;
  }
  return { p: (asFar + 1) / (flips + 1), ...counts, exact: false, flips };
}

/** For every eight differences the sums under all 256 sign assignments (a set bit flips): eight flips are one look-up. */
function signedSums(differences: Float64Array): Float64Array {
  const blocks = Math.ceil(differences.length / 8);
  const table = new Float64Array(blocks * 256);
  for (let k = 0; k < blocks; k++) {
    for (let signs = 0; signs < 256; signs++) {
      let sum = 0;
      for (let i = 0; i < 8; i++) sum += (signs >> i) & 1 ? -(differences[8 * k + i] ?? 0) : (differences[8 * k + i] ?? 0);
      table[256 * k + signs] = sum;
    }
  }
  return table;
}
