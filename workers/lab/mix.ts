/** What the lab model is trained on: problem shapes of growing difficulty. Levels of the product are apart (world.ts). */
import type { LabSpec } from "../../server/core/lab/world";

export const TRAINING_SPECS: readonly LabSpec[] = [
  { steps: [1, 3], maxValue: 299, times: 0.3, branch: 0.15 },
  { steps: [2, 5], maxValue: 2999, times: 0.35, branch: 0.2 },
  { steps: [4, 9], maxValue: 9999, times: 0.4, branch: 0.2 },
];

/** How many conversations of each pool; the pool's digit is the index of its spec. */
export const POOLS = {
  solve0: 30_000,
  solve1: 80_000,
  solve2: 220_000,
  verify0: 25_000,
  verify1: 50_000,
  verify2: 60_000,
  hint2: 12_000,
  reflect2: 16_000,
} as const;
