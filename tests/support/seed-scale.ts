import type pg from "pg";
import { v7 as uuid } from "uuid";
import { paperIntSettings } from "@/server/core/recipes";
import { NLL_BINS } from "@/server/core/scoring/bins";

/** The paper's sizes (method.md): what a comparison must bear. */
export const PAPER_SCALE = {
  train: 4_572,
  test: 1_352,
  /** Samples of each test problem by each model. */
  samples: 128,
  models: 6,
  /** Interventions that are continued, 32 times each: 472,320 continuations. */
  interventions: 14_760,
  /** Of these, how many have the arms "prefix" and "original" beside them, and problems the arm "problem". */
  conditioned: 334,
  steps: 400,
};
export type Scale = typeof PAPER_SCALE;

export interface ScaleSeed {
  studyId: string;
  /** Name of the study. */
  study: string;
  pipelineId: string;
  /** Names of the models that were evaluated, the base first. */
  models: string[];
  continuations: number;
  evaluated: number;
}

/** Rows of the final table: what each model is fine-tuned on, and whether RL was guided by hints. */
const ROWS = [
  { name: "base" },
  { name: "base-rl", rl: {} },
  { name: "hint-rl", rl: { hints: { share: 0.5 } } },
  { name: "reference-rl", sft: "reference", rl: {} },
  { name: "reflection-rl", sft: "self_reflection", rl: {} },
  { name: "int-rl", sft: "int", rl: {} },
] as const;

/**
 * A study as large as the paper's, made by SQL: an InT run over the training set, data sets with scored rows, trainings with
 * their curves, and evaluations. Texts are short (a page of figures reads none); everything else has its real number.
 * Deterministic but for the ids.
 *
 * @param say told what is being written.
 */
export async function seedScale(pool: pg.Pool, o: { name?: string; scale?: Partial<Scale>; say?: (text: string) => void } = {}): Promise<ScaleSeed> {
  const scale = { ...PAPER_SCALE, ...o.scale };
  const { name = "paper scale", say = () => {} } = o;
  // One connection: setseed holds for a session.
  const client = await pool.connect();
  const sql = async <R extends pg.QueryResultRow>(text: string, values: unknown[] = []) => (await client.query<R>(text, values)).rows;
  const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
    const all: Record<string, unknown> = { id: uuid(), ...row };
    const names = Object.keys(all);
    await sql(
      `INSERT INTO ${table} (${names.map((n) => `"${n}"`).join(", ")}) VALUES (${names.map((_, i) => `$${i + 1}`).join(", ")})`,
      Object.values(all),
    );
    return String(all.id);
  };
  try {
    await sql("SELECT setseed(0.25)");
    const studyId = await insert("study", { name });
    const sets = {
      train: await problems(sql, insert, studyId, "train", scale.train),
      test: await problems(sql, insert, studyId, "test", scale.test),
    };
    const base = await insert("model", { study_id: studyId, name: "base", served_name: "base" });
    say(`the InT run: ${scale.train} problems, ${scale.interventions * 32} continuations of interventions …`);
    const { pipelineId, continuations } = await intRun(sql, insert, { studyId, base, set: sets.train, scale });

    say("data sets, scores, trainings …");
    const datasets = new Map<string, string>();
    for (const source of ["int", "self_reflection", "r1_summary", "r1_think", "reference"])
      datasets.set(source, await dataset(sql, insert, { studyId, base, set: sets.train, source, rows: Math.ceil(scale.train / 2) }));

    let evaluated = 0;
    for (const [i, row] of ROWS.slice(0, scale.models).entries()) {
      say(`evaluating ${row.name}: ${scale.test * scale.samples} samples …`);
      const pipeline = await insert("pipeline", { study_id: studyId, recipe: "final-table" });
      const chain = new Chain(sql, insert, { studyId, pipeline, base, scale, trainSet: sets.train });
      if ("sft" in row) await chain.train(`${row.name}-sft`, "sft", { datasetId: datasets.get(row.sft), dataset: row.sft });
      if ("rl" in row) await chain.train(row.name, "grpo", { ...row.rl, problemSet: "train" });
      evaluated += await chain.evaluate("test", sets.test, 0.02 + 0.03 * i);
    }
    say("gathering statistics of the tables …");
    await sql("VACUUM ANALYZE");
    return { studyId, study: name, pipelineId, models: ROWS.slice(0, scale.models).map((r) => r.name), continuations, evaluated };
  } finally {
    client.release();
  }
}

type Query = <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<R[]>;
type Insert = (table: string, row: Record<string, unknown>) => Promise<string>;

async function problems(sql: Query, insert: Insert, studyId: string, name: string, count: number): Promise<string> {
  const id = await insert("problem_set", { study_id: studyId, name });
  await sql(
    `INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer, reference, reference_source)
     SELECT uuidv7(), $1, $2, '${name}-' || n, n, 'What is ' || n || ' plus 1?', (n + 1)::text, 'It is one more.', 'human'
     FROM generate_series(0, $3::int - 1) n`,
    [studyId, id, count],
  );
  return id;
}

/** Rollout, grades, verifications, proposals and continuations of the training set. */
async function intRun(
  sql: Query,
  insert: Insert,
  { studyId, base, set, scale }: { studyId: string; base: string; set: string; scale: Scale },
): Promise<{ pipelineId: string; continuations: number }> {
  const pipelineId = await insert("pipeline", { study_id: studyId, recipe: "int" });
  const settings = JSON.stringify(paperIntSettings({ problemSet: "train" }));
  const run: Record<string, string> = {};
  for (const [ordinal, stage] of ["rollout", "grade", "verify", "continue", "keep"].entries())
    run[stage] = await insert("run", { study_id: studyId, pipeline_id: pipelineId, stage, ordinal, state: "done", settings, model_id: base, started_at: new Date(), ended_at: new Date() });
  await sql(
    `INSERT INTO attempt (id, run_id, problem_id, model_id, sample_index, text, finish_reason, tokens, steps, reward)
     SELECT uuidv7(), $1, p.id, $2, s, 'First, I look at what was asked.' || E'\\n\\n' || 'Then I count.', 'stop', 3000 + (random() * 9000)::int,
            20 + (random() * 80)::int, (random() < 0.115)::int
     FROM problem p, generate_series(0, 3) s WHERE p.problem_set_id = $3`,
    [run.rollout, base, set],
  );
  await sql(
    `INSERT INTO grade (id, attempt_id, grader_version, reward, extracted, reason)
     SELECT uuidv7(), id, 'exact@1', reward, '1', 'different' FROM attempt WHERE run_id = $1`,
    [run.rollout],
  );
  await sql(
    `INSERT INTO verification (id, run_id, attempt_id, sample_index, seed, text, verdicts, first_error, outcome, finish_reason, tokens)
     SELECT uuidv7(), $1, a.id, v, v, 'A log.', '[]', CASE WHEN o < 0.8 THEN 1 + (random() * random() * (a.steps - 1))::int END,
            CASE WHEN o < 0.8 THEN 'proposed' WHEN o < 0.9 THEN 'no_error' WHEN o < 0.95 THEN 'unparsed' ELSE 'cut_off' END, 'stop', 900
     FROM (SELECT a.id, a.steps, v, random() AS o FROM attempt a, generate_series(0, 3) v WHERE a.run_id = $2 AND a.reward = 0) a`,
    [run.verify, run.rollout],
  );
  await sql(
    `INSERT INTO proposal (id, run_id, attempt_id, verification_id, sample_index, content, location, leak_equivalent, leak_substring, tokens)
     SELECT uuidv7(), $1, attempt_id, id, sample_index, 'Instead, I look again at what was asked.', first_error, random() < 0.03, random() < 0.2,
            40 + (random() * 200)::int
     FROM verification WHERE run_id = $1 AND outcome = 'proposed'`,
    [run.verify],
  );
  await sql(
    `UPDATE proposal SET chosen = true WHERE id IN (
       SELECT id FROM (SELECT DISTINCT ON (attempt_id) id, attempt_id FROM proposal WHERE run_id = $1 AND NOT leak_equivalent ORDER BY attempt_id, sample_index) x
       ORDER BY attempt_id LIMIT $2)`,
    [run.verify, scale.interventions],
  );
  // A proposal leads to success with a rate of its own: most never do.
  const arm = (name: string, which: string, rate: string) =>
    sql(
      `INSERT INTO continuation (id, run_id, problem_id, attempt_id, proposal_id, arm, target_id, sample_index, seed, text, finish_reason, tokens, outcome, reward)
       SELECT uuidv7(), $1, x.problem_id, x.attempt_id, x.proposal_id, '${name}', x.target_id, x.s, x.s, 'So it follows.', 'stop', 2000 + (random() * 9000)::int,
              CASE WHEN x.r = 1 THEN 'success' WHEN random() < 0.9 THEN 'failure' ELSE 'cut_off' END, x.r
       FROM (SELECT t.*, s, (random() < ${rate})::int AS r FROM (${which}) t, generate_series(0, 31) s) x`,
      [run.continue],
    );
  const chosen = (limit: number) =>
    `SELECT a.problem_id, a.id AS attempt_id, p.id AS proposal_id, p.id AS target_id FROM proposal p JOIN attempt a ON a.id = p.attempt_id
     WHERE p.run_id = '${run.verify}' AND p.chosen ORDER BY p.id LIMIT ${limit}`;
  const skewed = (mean: number) => `(CASE WHEN hashtext(t.target_id::text) % 7 = 0 THEN ${7 * mean} ELSE 0 END)`;
  await arm("intervention", chosen(scale.interventions), skewed(0.0427));
  await arm("prefix", chosen(scale.conditioned), skewed(0.01));
  await arm("original", chosen(scale.conditioned), skewed(0.009));
  const ofProblems = `SELECT p.id AS problem_id, NULL::uuid AS attempt_id, NULL::uuid AS proposal_id, p.id AS target_id FROM problem p
     WHERE p.problem_set_id = '${set}' AND EXISTS (SELECT 1 FROM attempt a WHERE a.problem_id = p.id AND a.reward = 0)`;
  await arm("problem", ofProblems, skewed(0.012));
  await sql(
    `UPDATE proposal p SET kept = t.c > 0 FROM continuation_count t WHERE t.run_id = $1 AND t.arm = 'intervention' AND t.target_id = p.id`,
    [run.continue],
  );
  const made = await sql<{ n: number }>("SELECT sum(n)::int AS n FROM continuation_count WHERE run_id = $1", [run.continue]);
  await sql("UPDATE run r SET total = x.n, done = x.n FROM (SELECT run_id, sum(n)::int AS n FROM attempt_count GROUP BY 1) x WHERE x.run_id = r.id");
  await sql("UPDATE run SET total = $2, done = $2 WHERE id = $1", [run.continue, made[0]?.n ?? 0]);
  return { pipelineId, continuations: made[0]?.n ?? 0 };
}

/** NLL in nats per token of each source under the base: the order is the paper's. */
const NLL: Record<string, number> = { int: 0.25, self_reflection: 0.35, r1_summary: 0.6, r1_think: 0.8, reference: 1.2 };

async function dataset(
  sql: Query,
  insert: Insert,
  o: { studyId: string; base: string; set: string; source: string; rows: number },
): Promise<string> {
  const id = await insert("dataset", {
    study_id: o.studyId,
    name: o.source,
    source: o.source,
    settings: JSON.stringify({ source: o.source }),
    model_id: o.base,
    state: "ready",
    rows: o.rows,
    digest: o.source,
    manifest: JSON.stringify({ tokens: { total: o.rows * 900 } }),
  });
  await sql(
    `INSERT INTO dataset_row (id, dataset_id, ordinal, problem_id, prompt, completion, ends, tokens)
     SELECT uuidv7(), $1, p.ordinal, p.id, p.statement, 'First, I look at what was asked.', false, 400 + (random() * 1000)::int
     FROM problem p WHERE p.problem_set_id = $2 AND p.ordinal < $3`,
    [id, o.set, o.rows],
  );
  const pipeline = await insert("pipeline", { study_id: o.studyId, recipe: "score" });
  const run = await insert("run", { study_id: o.studyId, pipeline_id: pipeline, stage: "score", state: "done", settings: JSON.stringify({ dataset: o.source }), model_id: o.base, total: o.rows, done: o.rows });
  await sql(
    `INSERT INTO score (id, study_id, run_id, model_id, subject, subject_id, problem_id, token_ids, tokens, logprobs, token_count, mean_nll)
     SELECT uuidv7(), $1, $2, $3, 'dataset_row', r.id, r.problem_id, '{}', '{}', '{}', r.tokens, $5::float8 * (0.5 + random())
     FROM dataset_row r WHERE r.dataset_id = $4`,
    [o.studyId, run, o.base, id, NLL[o.source] ?? 1],
  );
  const parts = o.source === "int" ? ["whole", "prefix", "intervention"] : ["whole"];
  await sql(
    `INSERT INTO score_part (score_id, part, tokens, nll, bins)
     SELECT s.id, part, s.token_count, s.token_count * s.mean_nll,
            (SELECT array_agg(CASE WHEN b BETWEEN 8 AND 24 THEN s.token_count / 17 ELSE 0 END) FROM generate_series(1, ${NLL_BINS}) b)
     FROM score s, unnest($2::text[]) part WHERE s.run_id = $1`,
    [run, parts],
  );
  return id;
}

/** Trainings one after the other, and the evaluation of what came out. */
class Chain {
  private ordinal = 0;
  private model: string;

  constructor(
    private readonly sql: Query,
    private readonly insert: Insert,
    private readonly o: { studyId: string; pipeline: string; base: string; scale: Scale; trainSet: string },
  ) {
    this.model = o.base;
  }

  private run(stage: string, settings: object, modelId: string | null, total: number): Promise<string> {
    return this.insert("run", {
      study_id: this.o.studyId,
      pipeline_id: this.o.pipeline,
      stage,
      ordinal: this.ordinal++,
      waits: true,
      state: "done",
      settings: JSON.stringify(settings),
      model_id: modelId,
      total,
      done: total,
      started_at: new Date(),
      ended_at: new Date(),
    });
  }

  async train(name: string, kind: "sft" | "grpo", o: { datasetId?: string; dataset?: string; hints?: object; problemSet?: string }): Promise<void> {
    const { studyId, scale, trainSet } = this.o;
    const { datasetId, ...settings } = o;
    const steps = kind === "sft" ? Math.ceil(scale.steps / 4) : scale.steps;
    const run = await this.run(kind === "sft" ? "sft" : "rl", { seed: 1, ...settings }, this.model, steps);
    const made = await this.insert("model", { study_id: studyId, name, served_name: name, parent_id: this.model });
    const training = await this.insert("training", {
      study_id: studyId,
      run_id: run,
      kind,
      base_id: this.model,
      model_id: made,
      dataset_id: datasetId ?? null,
      problem_set_id: kind === "grpo" ? trainSet : null,
      trainer: "trl",
      launcher: "slurm",
      step: steps,
      steps,
    });
    await this.sql(
      `INSERT INTO training_point (training_id, step, at, values)
       SELECT $1, s, now(), CASE WHEN $2 = 'grpo' THEN jsonb_build_object('loss', random(), 'reward', 0.05 + 0.3 * s / $3::float8 + 0.05 * random(),
         'reward_std', random(), 'frac_no_success', 0.8 - 0.5 * s / $3::float8, 'frac_zero_advantage', 0.82 - 0.4 * s / $3::float8 + 0.03 * random(),
         'entropy', 0.3 + 0.1 * random(), 'grad_norm', random(), 'learning_rate', 1e-6)
         ELSE jsonb_build_object('loss', 1.0 / s, 'entropy', 0.3 + 0.1 * random(), 'grad_norm', random(), 'learning_rate', 1e-6) END
       FROM generate_series(1, $3::int) s`,
      [training, kind, steps],
    );
    this.model = made;
  }

  /** @returns the number of graded samples. */
  async evaluate(setName: string, setId: string, rate: number): Promise<number> {
    const { scale } = this.o;
    const total = scale.test * scale.samples;
    const rollout = { ...paperIntSettings({ problemSet: setName }).rollout, samples: scale.samples };
    const settings = { ...paperIntSettings({ problemSet: setName }), rollout };
    const run = await this.run("rollout", settings, this.model, total);
    await this.run("grade", settings, this.model, total);
    await this.sql(
      `INSERT INTO attempt (id, run_id, problem_id, model_id, sample_index, text, finish_reason, tokens, steps, reward)
       SELECT uuidv7(), $1, p.id, $2, s, 'First, I look at what was asked.', 'stop', 3000 + (random() * 9000)::int, 40, (random() < p.rate)::int
       FROM (SELECT id, CASE WHEN abs(hashtext(key)) % 3 = 0 THEN 3 * $4::float8 * ((abs(hashtext(key || 'r')) % 1000) / 500.0) ELSE 0 END AS rate
             FROM problem WHERE problem_set_id = $3) p, generate_series(0, $5::int - 1) s`,
      [run, this.model, setId, rate, scale.samples],
    );
    return total;
  }
}
