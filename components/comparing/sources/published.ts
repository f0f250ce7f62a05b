/**
 * What the paper published of its SFT sources (arXiv 2601.14209 and a secondary note on it; base model Qwen3-4B-Instruct-2507):
 * the order of NLL per token under the base over 64 traces, next-token entropy after SFT in nats, and the average of the final
 * table after SFT and RL, in per cent. Null: not published. Figures of another model: shown beside one's own, never mixed with
 * them.
 */
export const PUBLISHED_SOURCES = {
  source: "arXiv 2601.14209",
  model: "Qwen3-4B-Instruct-2507, 64 traces of each source",
  rows: [
    { label: "base", place: null, entropy: 0.26, average: 21.17 },
    { label: "InT", place: 1, entropy: 0.29, average: 33.72 },
    { label: "self-reflection", place: 2, entropy: null, average: 27.6 },
    { label: "R1", place: 3, entropy: null, average: null },
    { label: "reference", place: 4, entropy: 1.66, average: 20.76 },
  ],
} as const;
