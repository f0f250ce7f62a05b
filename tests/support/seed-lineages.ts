import type { Pool } from "pg";
import { v7 as uuid } from "uuid";

/** An evaluation: `correct[i]` of `n` samples of the i-th problem are right; problems beyond the list are not sampled. */
export interface SeedEvaluation {
  set: string;
  seed: number;
  n: number;
  correct: readonly number[];
  /** Default "done". */
  state?: string;
  /** Temperature, default 0.7. */
  temperature?: number;
}

export interface SeedModel {
  name: string;
  /** Name of the model it was trained from. */
  from?: string;
  training?: {
    kind: "sft" | "grpo";
    seed: number;
    dataset?: { name: string; source: string; settings?: object };
    hints?: boolean;
    steps?: number;
    /** Metrics of each step, the first at step 1. */
    points?: readonly Record<string, number>[];
  };
  evaluations?: readonly SeedEvaluation[];
}

export interface SeededLineages {
  studyId: string;
  models: Record<string, string>;
  /** By model's name. */
  trainings: Record<string, string>;
  /** Evaluation runs by `model set seed`. */
  runs: Record<string, string>;
  problems: Record<string, string[]>;
}

/** A study of trained and evaluated models: rows as the product writes them, without running anything. */
export async function seedLineages(
  pool: Pool,
  o: { study: string; sets: Record<string, number>; models: readonly SeedModel[] },
): Promise<SeededLineages> {
  const studyId = uuid();
  const out: SeededLineages = { studyId, models: {}, trainings: {}, runs: {}, problems: {} };
  await pool.query("INSERT INTO study (id, name) VALUES ($1, $2)", [studyId, o.study]);
  const setIds: Record<string, string> = {};
  for (const [name, count] of Object.entries(o.sets)) {
    const id = uuid();
    setIds[name] = id;
    const ids = Array.from({ length: count }, () => uuid());
    out.problems[name] = ids;
    await pool.query("INSERT INTO problem_set (id, study_id, name) VALUES ($1, $2, $3)", [id, studyId, name]);
    await pool.query(
      `INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer)
       SELECT p, $2, $3, 'k' || n, n - 1, 'What is ' || n || ' plus 1?', (n + 1)::text FROM unnest($1::uuid[]) WITH ORDINALITY AS x(p, n)`,
      [ids, studyId, id],
    );
  }
  const datasets: Record<string, string> = {};
  let day = 0;
  const run = async (stage: string, settings: object, modelId: string | null, r: { pipelineId: string; ordinal: number; waits: boolean; state?: string }) => {
    const id = uuid();
    await pool.query(
      `INSERT INTO run (id, study_id, pipeline_id, stage, ordinal, settings, model_id, waits, state, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::"RunState", '2026-01-01'::timestamptz + make_interval(days => $10))`,
      [id, studyId, r.pipelineId, stage, r.ordinal, JSON.stringify(settings), modelId, r.waits, r.state ?? "done", day++],
    );
    return id;
  };
  const pipeline = async (recipe: string) => {
    const id = uuid();
    await pool.query("INSERT INTO pipeline (id, study_id, recipe) VALUES ($1, $2, $3)", [id, studyId, recipe]);
    return id;
  };
  for (const model of o.models) {
    const id = uuid();
    out.models[model.name] = id;
    const parentId = model.from === undefined ? null : (out.models[model.from] ?? null);
    await pool.query(
      `INSERT INTO model (id, study_id, name, served_name, parent_id, created_at) VALUES ($1, $2, $3, $4, $5, '2026-01-01'::timestamptz + make_interval(days => $6))`,
      [id, studyId, model.name, model.name, parentId, day++],
    );
    const t = model.training;
    if (t !== undefined) {
      if (t.dataset !== undefined && datasets[t.dataset.name] === undefined) {
        const made = uuid();
        datasets[t.dataset.name] = made;
        await pool.query(
          `INSERT INTO dataset (id, study_id, name, source, settings, state, rows, digest) VALUES ($1, $2, $3, $4, $5, 'ready', 10, $3)`,
          [made, studyId, t.dataset.name, t.dataset.source, JSON.stringify(t.dataset.settings ?? {})],
        );
      }
      const [trainSet] = Object.keys(o.sets);
      const settings = {
        name: model.name,
        seed: t.seed,
        trainer: "embedded",
        launcher: { kind: "local" },
        optimizer: { learningRate: 1e-5 },
        ...(t.kind === "sft" ? { dataset: t.dataset?.name ?? "", epochs: 4, batchRows: 16 } : { problemSet: trainSet, steps: t.steps ?? 40, promptsPerStep: 16, samples: 8, hints: t.hints === true ? { share: 0.5, hintShare: 0.5 } : null }),
      };
      const runId = await run(t.kind === "sft" ? "sft" : "rl", settings, null, { pipelineId: await pipeline(t.kind), ordinal: 0, waits: true });
      const trainingId = uuid();
      out.trainings[model.name] = trainingId;
      await pool.query(
        `INSERT INTO training (id, study_id, run_id, kind, base_id, model_id, dataset_id, problem_set_id, trainer, launcher, step, steps)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'embedded', 'local', $9, $10)`,
        [trainingId, studyId, runId, t.kind, parentId, id, t.dataset === undefined ? null : datasets[t.dataset.name], t.kind === "grpo" ? setIds[trainSet ?? ""] : null, t.points?.length ?? 0, t.points?.length ?? t.steps ?? 40],
      );
      for (const [i, values] of (t.points ?? []).entries())
        await pool.query("INSERT INTO training_point (training_id, step, at, values) VALUES ($1, $2, now(), $3)", [trainingId, i + 1, JSON.stringify(values)]);
    }
    for (const e of model.evaluations ?? []) {
      const pipelineId = await pipeline("evaluate");
      const settings = {
        seed: e.seed,
        problemSet: e.set,
        maxProblems: 0,
        rollout: { samples: e.n, sampling: { temperature: e.temperature ?? 0.7, topP: 1, topK: 0, minP: 0, maxTokens: 320 }, template: { id: "lab-solve" } },
        bareAnswers: false,
      };
      const runId = await run("rollout", settings, id, { pipelineId, ordinal: 0, waits: true, state: e.state });
      await run("grade", settings, id, { pipelineId, ordinal: 1, waits: false, state: e.state });
      out.runs[`${model.name} ${e.set} ${e.seed}`] = runId;
      const problems = (out.problems[e.set] ?? []).slice(0, e.correct.length);
      await pool.query(
        `INSERT INTO attempt (id, run_id, problem_id, model_id, sample_index, text, finish_reason, tokens, steps, reward)
         SELECT gen_random_uuid(), $1, p, $2, s, 'It is.', 'stop', 3, 1, CASE WHEN s < c THEN 1 ELSE 0 END
         FROM unnest($3::uuid[], $4::int[]) AS x(p, c), generate_series(0, $5::int - 1) AS s`,
        [runId, id, problems, e.correct, e.n],
      );
    }
  }
  return out;
}
