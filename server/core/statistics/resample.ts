/**
 * Resampling with replacement, fast: the kernel of every bootstrap here. 10,000 resamples of 5,000 problems are 50
 * million draws; a closure per draw makes them 250 ms, the loops below 80 (`npm run bench -- compare` measures them).
 */

/** State of a xoshiro128+ generator (Blackman and Vigna 2018); its high bits are good, and only they decide an index. */
export type Generator = Int32Array;

/** The four words of state from one seed, by splitmix32: also neighbouring seeds give unrelated streams. */
export function generator(seed: number): Generator {
  const state = new Int32Array(4);
  let z = seed | 0;
  for (let i = 0; i < 4; i++) {
    z = (z + 0x9e3779b9) | 0;
    let x = z ^ (z >>> 16);
    x = Math.imul(x, 0x21f0aaad);
    x ^= x >>> 15;
    x = Math.imul(x, 0x735a2d97);
    state[i] = x ^ (x >>> 15);
  }
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
}

/** The next `length` raw words (signed 32 bits) of the generator into `out`. */
export function drawWords(state: Generator, out: Int32Array, length = out.length): void {
  let [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = state;
  for (let i = 0; i < length; i++) {
    out[i] = s0 + s3;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
}

/** The next `length` indices, each equally likely in 0..count-1 (to 2^-32), into `out`. */
export function drawIndices(state: Generator, count: number, out: Int32Array, length = out.length): void {
  // Written out once more: a call per draw costs twice the time.
  const scale = count / 0x100000000;
  let [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = state;
  for (let i = 0; i < length; i++) {
    out[i] = ((s0 + s3) >>> 0) * scale;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
}

/** Items in groups of equal ones: what a resample is told of. */
export interface Resampling {
  resamples: number;
  seed: number;
  /** Called once a resample with how often each group was drawn; they sum to the number of items. The array is reused. */
  each(times: Int32Array, resample: number): void;
}

/**
 * Draws as many items as there are, with replacement, again and again, where items come in groups of equal ones: how often
 * each group is drawn is all that matters. The largest group is not drawn item by item: the number of draws that miss it
 * is binomial, and only those are made. On hard problems (most of them with no success) that is most of the work saved.
 *
 * @param group of every item, 0..groups-1.
 */
export function resampleGroups(group: Int32Array, groups: number, o: Resampling): void {
  const sizes = new Int32Array(groups);
  for (const g of group) sizes[g] = (sizes[g] ?? 0) + 1;
  let largest = 0;
  for (let g = 1; g < groups; g++) if ((sizes[g] ?? 0) > (sizes[largest] ?? 0)) largest = g;
  const others = group.filter((g) => g !== largest);
  const count = group.length;
  const state = generator(o.seed);
  const draws = others.length === 0 || others.length === count ? null : binomialDraws(count, others.length / count);
  const picks = new Int32Array(count);
  const word = new Int32Array(1);
  const times = new Int32Array(groups);
  for (let r = 0; r < o.resamples; r++) {
    let made = others.length;
    if (draws !== null) {
      drawWords(state, word);
      made = draws((word[0] ?? 0) >>> 0);
    }
    drawIndices(state, others.length, picks, made);
    times.fill(0);
    for (let i = 0; i < made; i++) {
      const g = others[picks[i] as number] as number;
      times[g] = (times[g] as number) + 1;
    }
    times[largest] = count - made;
    o.each(times, r);
  }
}

/**
 * Sums of several columns over resamples of their rows: one array of `resamples` sums per column, in the order drawn. Like
 * {@link resampleGroups}, it draws only what differs from the most frequent row.
 *
 * @param columns of equal length (one entry per item).
 */
export function resampledSums(columns: readonly Float64Array[], resamples: number, seed: number): Float64Array[] {
  const count = columns[0]?.length ?? 0;
  const base = commonestRow(columns);
  const differing: number[] = [];
  for (let i = 0; i < count; i++) if (columns.some((c) => c[i] !== c[base])) differing.push(i);
  const rest = columns.map((c) => Float64Array.from(differing, (i) => (c[i] ?? 0) - (c[base] ?? 0)));
  const whole = columns.map((c) => count * (c[base] ?? 0));
  const sums = columns.map(() => new Float64Array(resamples));
  const others = differing.length;
  const draws = others === 0 || others === count ? null : binomialDraws(count, others / count);
  const state = generator(seed);
  const picks = new Int32Array(count);
  const word = new Int32Array(1);
  for (let r = 0; r < resamples; r++) {
    let made = others;
    if (draws !== null) {
      drawWords(state, word);
      made = draws((word[0] ?? 0) >>> 0);
    }
    drawIndices(state, others, picks, made);
    for (let k = 0; k < rest.length; k++) {
      const own = rest[k] as Float64Array;
      let sum = 0;
      for (let i = 0; i < made; i++) sum += own[picks[i] as number] as number;
      (sums[k] as Float64Array)[r] = (whole[k] as number) + sum;
    }
  }
  return sums;
}

/** The item whose row most other items share (a row is the tuple of its columns). */
function commonestRow(columns: readonly Float64Array[]): number {
  const first = new Map<number | string, { at: number; times: number }>();
  let best = { at: 0, times: 0 };
  const count = columns[0]?.length ?? 0;
  for (let i = 0; i < count; i++) {
    const key = columns.length === 1 ? (columns[0]?.[i] ?? 0) : columns.map((c) => c[i]).join(" ");
    const seen = first.get(key) ?? { at: i, times: 0 };
    seen.times++;
    first.set(key, seen);
    if (seen.times > best.times) best = seen;
  }
  return best.at;
}

/**
 * Binomial(n, p) by inversion, made for many draws of the same one: takes a random word 0..2^32-1. The probabilities are
 * built outwards from the mode by their ratio, so that nothing under- or overflows at any n.
 */
function binomialDraws(n: number, p: number): (word: number) => number {
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  const below: number[] = [];
  for (let k = mode, w = 1; k > 0 && w > 1e-18; k--) {
    w *= k / ((n - k + 1) * odds);
    below.push(w);
  }
  const above: number[] = [];
  for (let k = mode, w = 1; k < n && w > 1e-18; k++) {
    w *= ((n - k) * odds) / (k + 1);
    above.push(w);
  }
  const weights = Float64Array.from([...below.reverse(), 1, ...above]);
  const lowest = mode - below.length;
  let total = 0;
  for (const w of weights) total += w;
  const upTo = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i] ?? 0;
    upTo[i] = (sum / total) * 0x100000000;
  }
  return (word) => {
    let low = 0;
    let high = upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] as number) > word) high = middle;
      else low = middle + 1;
    }
    return lowest + low;
  };
}
