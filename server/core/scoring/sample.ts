import { randomStream, sampleSeed } from "../seeds";

/** How many traces of a source are scored where nobody says (method.md, "SFT data sources"). */
export const SCORED_TRACES = 64;

/**
 * Which of `count` rows are in a sample, as 0-based positions: the beginning of a permutation that hangs on the seed alone,
 * so that a larger sample holds every smaller one. All of them when there are fewer.
 */
export function sampledRows(count: number, samples: number, seed: number): number[] {
  const random = randomStream(sampleSeed(seed, "score rows"));
  const order = Array.from({ length: count }, (_, i) => i);
  const wanted = Math.min(samples, count);
  for (let i = 0; i < wanted; i++) {
    const j = i + Math.floor(random() * (count - i));
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order.slice(0, wanted);
}
