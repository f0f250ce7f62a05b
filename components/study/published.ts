import type { Arm } from "@/server/core/arms";

/**
 * Conditioning as the paper published it: 334 problems, 32 samples each, Qwen3-4B-Instruct-2507 (arXiv 2601.14209 and
 * a secondary note on it). Figures of another model on other problems: shown for orientation, never compared.
 */
export const PUBLISHED: Partial<Record<Arm, { covered: number; problems: number; accuracy: number }>> = {
  problem: { covered: 40, problems: 334, accuracy: 0.000984 },
  prefix: { covered: 31, problems: 334, accuracy: 0.000726 },
  original: { covered: 29, problems: 334, accuracy: 0.000713 },
  intervention: { covered: 80, problems: 334, accuracy: 0.0156 },
};
