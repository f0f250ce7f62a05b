import type pg from "pg";
import { v7 as uuid } from "uuid";
import { labIntSettings } from "@/server/core/recipes";
import { NLL_BINS, nllBin } from "@/server/core/scoring/bins";

/** A source as it is seeded: how likely its traces are under the base, and how good what came of it is. */
export interface SeedSource {
  name: string;
  source: "int" | "reference" | "self_reflection" | "r1_think" | "r1_summary";
  /** NLL of each token of the i-th row, part by part in order; the whole is their sum. Empty: not scored. */
  nll(row: number): Record<string, readonly number[]>;
  /** Rows scored; default all. */
  scored?: number;
  /** Right of `samples` at the p-th problem after SFT and after RL, by seed; null: not evaluated after it. */
  right: { sft: ((problem: number, seed: number) => number) | null; rl: ((problem: number, seed: number) => number) | null };
  /** Entropies of the SFT's steps, and of RL's first step. */
  entropy: { sft: readonly number[]; rl: number };
}

export interface SeedSources {
  name?: string;
  /** Problems of the training set and of the test set. */
  problems?: number;
  samples?: number;
  seeds?: number;
  sources: readonly SeedSource[];
  /** Right of `samples` at the p-th problem by the base. */
  base(problem: number): number;
}

/** A study whose sources were scored, trained on and evaluated, written straight into the tables. */
export async function seedSources(pool: pg.Pool, o: SeedSources): Promise<{ studyId: string; baseId: string; datasets: Record<string, string> }> {
  const { name = "sources", problems = 8, samples = 8, seeds = 1 } = o;
  const insert = async (table: string, row: Record<string, unknown>) => {
    const all = { id: uuid(), ...row };
    const names = Object.keys(all);
    await pool.query(
      `INSERT INTO ${table} (${names.map((n) => `"${n}"`).join(", ")}) VALUES (${names.map((_, i) => `$${i + 1}`).join(", ")})`,
      Object.values(all),
    );
    return all.id;
  };
  const study_id = await insert("study", { name });
  const baseId = await insert("model", { study_id, name: "base", served_name: "lab" });
  const problemIds: Record<string, string[]> = {};
  for (const set of ["train", "test"]) {
    const problem_set_id = await insert("problem_set", { study_id, name: set });
    problemIds[set] = Array.from({ length: problems }, () => uuid());
    await pool.query(
      `INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer, reference)
       SELECT id, $2, $3, $4 || '-' || n, n - 1, 'What is ' || n || ' plus 1?', (n + 1)::text, 'It is ' || (n + 1) || '.'
       FROM unnest($1::uuid[]) WITH ORDINALITY AS x (id, n)`,
      [problemIds[set], study_id, problem_set_id, set],
    );
  }
  const evaluate = async (model_id: string, seed: number, right: (problem: number) => number) => {
    for (const set of ["train", "test"]) {
      const pipeline_id = await insert("pipeline", { study_id, recipe: "evaluate" });
      const settings = { ...labIntSettings({ problemSet: set }), seed };
      const total = problems * samples;
      const run_id = await insert("run", { study_id, pipeline_id, stage: "rollout", waits: true, state: "done", settings: JSON.stringify(settings), model_id, total, done: total });
      const rows = (problemIds[set] ?? []).flatMap((id, p) =>
        Array.from({ length: samples }, (_, s) => ({ id: uuid(), problem: id, sample: s, reward: s < right(p) ? 1 : 0 })),
      );
      await pool.query(
        `INSERT INTO attempt (id, run_id, problem_id, model_id, sample_index, text, finish_reason, tokens, steps, reward)
         SELECT id, $1, problem, $2, sample, 'It is \\boxed{1}.', 'stop', 5, 1, reward
         FROM unnest($3::uuid[], $4::uuid[], $5::int[], $6::int[]) AS x (id, problem, sample, reward)`,
        [run_id, model_id, rows.map((r) => r.id), rows.map((r) => r.problem), rows.map((r) => r.sample), rows.map((r) => r.reward)],
      );
    }
  };
  const train = async (t: { kind: "sft" | "grpo"; seed: number; base: string; dataset?: string; out: string; entropies: readonly number[] }) => {
    const pipeline_id = await insert("pipeline", { study_id, recipe: t.kind === "sft" ? "sft" : "rl" });
    const run_id = await insert("run", { study_id, pipeline_id, stage: t.kind === "sft" ? "sft" : "rl", waits: true, state: "done", settings: JSON.stringify({ seed: t.seed, hints: null }) });
    const model_id = await insert("model", { study_id, name: t.out, served_name: t.out, parent_id: t.base });
    const steps = t.entropies.length;
    const id = await insert("training", { study_id, run_id, kind: t.kind, base_id: t.base, model_id, dataset_id: t.dataset ?? null, trainer: "embedded", launcher: "local", step: steps, steps });
    for (const [i, entropy] of t.entropies.entries())
      await pool.query("INSERT INTO training_point (training_id, step, at, values) VALUES ($1, $2, now(), $3)", [id, i + 1, JSON.stringify({ entropy, loss: 1 })]);
    return model_id;
  };

  await evaluate(baseId, 1, o.base);
  const rlAlone = await train({ kind: "grpo", seed: 1, base: baseId, out: "base + RL", entropies: [0.26, 0.2] });
  await evaluate(rlAlone, 1, (p) => Math.min(samples, o.base(p) + 1));
  const datasets: Record<string, string> = {};
  for (const s of o.sources) {
    const scored = s.scored ?? problems;
    const score_run = await insert("run", { study_id, pipeline_id: await insert("pipeline", { study_id, recipe: "score" }), stage: "score", state: "done", model_id: baseId, settings: JSON.stringify({ dataset: s.name, samples: 64, seed: 1 }), total: scored, done: scored });
    const dataset_id = await insert("dataset", { study_id, name: s.name, source: s.source, settings: JSON.stringify({ source: s.source }), model_id: baseId, state: "ready", rows: problems, digest: "d", manifest: JSON.stringify({ tokens: { counted: true, total: problems * 10 } }) });
    datasets[s.name] = dataset_id;
    for (let row = 0; row < problems; row++) {
      const problem_id = problemIds.train?.[row];
      const id = await insert("dataset_row", { dataset_id, ordinal: row, problem_id, prompt: "What?", completion: "That.", ends: true, tokens: 10 });
      const parts = Object.entries(s.nll(row));
      if (parts.length === 0 || row >= scored) continue;
      const whole = parts.flatMap(([, values]) => values);
      const mean = whole.reduce((sum, v) => sum + v, 0) / whole.length;
      const score_id = await insert("score", { study_id, run_id: score_run, model_id: baseId, subject: "dataset_row", subject_id: id, problem_id, token_ids: [], tokens: [], logprobs: [], token_count: whole.length, mean_nll: mean });
      for (const [part, values] of [["whole", whole] as const, ...parts.filter(([p]) => p !== "whole")]) {
        const bins = new Array<number>(NLL_BINS).fill(0);
        for (const v of values) bins[nllBin(v)] = (bins[nllBin(v)] ?? 0) + 1;
        await pool.query("INSERT INTO score_part (score_id, part, tokens, nll, bins) VALUES ($1, $2, $3, $4, $5)", [score_id, part, values.length, values.reduce((a, b) => a + b, 0), bins]);
      }
    }
    for (let seed = 1; seed <= seeds; seed++) {
      const { sft, rl } = s.right;
      const tuned = await train({ kind: "sft", seed, base: baseId, dataset: dataset_id, out: `${s.name} ${seed}`, entropies: s.entropy.sft.map((e) => e + 0.01 * (seed - 1)) });
      if (sft) await evaluate(tuned, seed, (p) => sft(p, seed));
      if (!rl) continue;
      const last = await train({ kind: "grpo", seed, base: tuned, out: `${s.name} ${seed} + RL`, entropies: [s.entropy.rl + 0.01 * (seed - 1), 0.1] });
      await evaluate(last, seed, (p) => rl(p, seed));
    }
  }
  return { studyId: study_id, baseId, datasets };
}
