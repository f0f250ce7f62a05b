/**
 * Seeds derived from keys, so that a sample's seed is a function of what it is, not of when it was drawn: a retry, a
 * second worker or a restart asks for the very same sample.
 *
 * One request asks for n samples with the seed S of its key, and the server gives its i-th child the seed S + i
 * (backends.md 1.1, "n and seed"). So sample i of a key has the seed `sampleSeed(base, ...key) + i`, and a lost child
 * can be asked for alone as n = 1 with that seed.
 */

/** Room left above every seed for the children of one request, so that S + i stays a signed 32-bit integer. */
const CHILDREN = 1 << 16;

/**
 * The seed of a request's first sample: an integer in 0 .. 2^31 - 2^16 - 1.
 *
 * @param base The run's own seed (settings.seed).
 * @param key What is sampled: stage, arm, id of the target, … Order and type count: ("a", "b") is not ("ab"), 1 is not "1".
 */
export function sampleSeed(base: number, ...key: (string | number)[]): number {
  // Two 32-bit lanes over the UTF-16 code units of an unambiguous spelling (JSON quotes and separates the parts),
  // each finished as in MurmurHash3; 53 of the 64 bits are then reduced, which leaves no visible bias.
  const text = JSON.stringify([base, ...key]);
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  const high = mix(a ^ (b >>> 13)) & 0x1fffff;
  const low = mix(b ^ Math.imul(a, 0x85ebca6b));
  return (high * 0x100000000 + low) % (0x80000000 - CHILDREN);
}

/** Whether something is among the `share` (0..1) of its like: drawn from its key alone, so that it does not depend on the others. */
export function isDrawn(share: number, base: number, ...key: (string | number)[]): boolean {
  return sampleSeed(base, ...key) / (0x80000000 - CHILDREN) < share;
}

/** MurmurHash3's 32-bit finaliser: every input bit changes every output bit with probability one half. */
function mix(h: number): number {
  let x = h >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A fast deterministic stream of numbers in [0, 1) (mulberry32); for resampling, not for secrets. */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
}
