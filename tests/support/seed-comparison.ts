import type { Pool } from "pg";
import { type SeededLineages, type SeedEvaluation, type SeedModel, seedLineages } from "./seed-lineages";

/** The rows of the paper's final table, by what a seeded model gets right of each benchmark (the mean of its problems). */
const ROWS: readonly { row: string; source?: string; hints?: boolean; skill: number }[] = [
  { row: "RL", skill: 0.3 },
  { row: "hint-guided RL", hints: true, skill: 0.31 },
  { row: "SFT on reference + RL", source: "reference", skill: 0.22 },
  { row: "SFT on self-reflection + RL", source: "self_reflection", skill: 0.33 },
  { row: "InT + RL", source: "int", skill: 0.45 },
];

/**
 * A study as `run final-table` leaves it, with invented figures that are the same each time: the base sampled three times, five
 * lineages with `seeds` seeds each, on four benchmarks; curves of every training.
 */
export async function seedComparison(pool: Pool, o: { study: string; seeds?: number; problems?: number; samples?: number; steps?: number }): Promise<SeededLineages> {
  const { study, seeds = 3, problems = 40, samples = 16, steps = 60 } = o;
  const sets: Record<string, number> = { train: problems, "test, short": problems, "test, long": problems, "test, hard": Math.ceil(problems / 2) };
  const ease: Record<string, number> = { train: 1.2, "test, short": 1, "test, long": 0.6, "test, hard": 0.15 };
  const random = noise(7);
  const evaluations = (skill: number, seed: number): SeedEvaluation[] =>
    Object.entries(sets).map(([set, count]) => ({
      set,
      seed,
      n: samples,
      // The same problem is hard for every model.
      correct: Array.from({ length: count }, (_, i) => {
        const p = Math.min(0.98, Math.max(0, skill * (ease[set] ?? 1) * (2 - (2 * i) / count) + (random() - 0.5) * 0.1));
        return Array.from({ length: samples }, () => Number(random() < p)).reduce((a, b) => a + b, 0);
      }),
    }));
  const points = (from: number, to: number, kind: "sft" | "grpo") =>
    Array.from({ length: steps }, (_, i): Record<string, number> => {
      const at = from + ((to - from) * i) / steps + (random() - 0.5) * 0.08;
      const entropy = Math.max(0.02, 0.5 - (0.3 * i) / steps + (random() - 0.5) * 0.04);
      if (kind === "sft") return { loss: Math.max(0.05, 1.4 - at * 2), entropy };
      return { reward: at, frac_no_success: Math.max(0, 0.7 - at), frac_zero_advantage: Math.max(0.05, 0.8 - at), entropy, "completions/mean_length": 120 + 40 * at, loss: 0.01 * random() };
    });
  const models: SeedModel[] = [{ name: "tiny", evaluations: [1, 2, 3].slice(0, seeds).flatMap((seed) => evaluations(0.2, seed)) }];
  for (const { row, source, hints = false, skill } of ROWS) {
    for (let seed = 1; seed <= seeds; seed++) {
      const name = `tiny + ${row} (seed ${seed})`;
      const from = source === undefined ? "tiny" : `${name}, before RL`;
      if (source !== undefined)
        models.push({ name: from, from: "tiny", training: { kind: "sft", seed, dataset: { name: `train ${source}`, source }, points: points(0.1, 0.5, "sft") } });
      models.push({ name, from, training: { kind: "grpo", seed, hints, steps, points: points(0.2, skill + 0.1, "grpo") }, evaluations: evaluations(skill, seed) });
    }
  }
  return seedLineages(pool, { study, sets, models });
}

/** Numbers 0..1 that are the same each time (mulberry32). */
function noise(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
