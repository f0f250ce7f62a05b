/**
 * Tables about interventions as published: Qwen3-4B-Instruct-2507, 32 samples (arXiv 2601.14209 and a secondary note on it).
 * Figures of another model on other problems: shown beside one's own, never compared with them.
 */
import type { Arm } from "../arms";
import type { Variant } from "./ablation";

export interface Published {
  covered: number;
  problems: number;
  accuracy: number;
}

/** Hint against intervention: 176 problems. */
export const PUBLISHED_HINTS: Partial<Record<Arm, Published>> = {
  hint: { covered: 11, problems: 176, accuracy: 0.0238 },
  intervention: { covered: 18, problems: 176, accuracy: 0.0305 },
  hint_intervention: { covered: 25, problems: 176, accuracy: 0.0462 },
};

/** What to clone: 235 problems. */
export const PUBLISHED_ABLATION: Partial<Record<Variant, Published>> = {
  filtered: { covered: 202, problems: 235, accuracy: 0.0771 },
  unfiltered: { covered: 196, problems: 235, accuracy: 0.0506 },
  without_prefix: { covered: 162, problems: 235, accuracy: 0.0287 },
  with_suffix: { covered: 111, problems: 235, accuracy: 0.0231 },
};
