/**
 * The paper's final table as published: Qwen3-4B-Instruct-2507, arXiv 2601.14209. Per cent. Figures of another model on other
 * problems: shown beside one's own, never mixed with them.
 */
export const PUBLISHED_FINAL_TABLE = {
  source: "arXiv 2601.14209",
  model: "Qwen3-4B-Instruct-2507, 128 samples per problem",
  columns: ["IMO-AnswerBench pass@1", "HMMT Nov 2025 pass@1", "AMO-Bench pass@8", "Apex Shortlist pass@8", "D_train", "Average"],
  rows: [
    ["base", [11.68, 41.61, 26.24, 20.79, 5.53, 21.17]],
    ["+ RL", [23.46, 46.46, 35.21, 22.72, 13.47, 28.26]],
    ["+ hint-guided RL", [16.89, 47.27, 33.34, 22.23, 23.06, 28.56]],
    ["+ SFT on reference + RL", [11.56, 27.45, 25.19, 20.51, 19.07, 20.76]],
    ["+ SFT on self-reflection + RL", [15.53, 38.65, 36.72, 23.93, 23.19, 27.6]],
    ["+ InT + RL", [25.62, 49.77, 36.16, 28.22, 28.83, 33.72]],
  ],
} as const satisfies { source: string; model: string; columns: readonly string[]; rows: readonly (readonly [string, readonly number[]])[] };
