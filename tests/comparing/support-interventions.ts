import type pg from "pg";
import { v7 as uuid } from "uuid";
import { labIntSettings } from "@/server/core/recipes";

/** A study of a handful of attempts, one for each fate, whose every figure can be worked out by hand. */
export interface Handmade {
  study: string;
  pipeline: string;
  runs: { rollout: string; verify: string; continue: string };
  datasetId: string;
  /** By name: p1…p8. */
  problems: Record<string, string>;
  attempts: Record<string, string>;
}

/**
 * p1: a1 kept (at 2 of 4), a2 unreadable · p2: a3 no success (at 5 of 5), a4 right · p3: a5 right · p4: a6 not graded ·
 * p5: no attempt · p6: a7 leaks, a8 no error · p7 (no reference): a9 · p8: a10 located alone, a11 chosen elsewhere (other
 * model), a12 not sampled (at 1 of 10), a13 kept, rejected by people.
 */
export async function seedHandmade(pool: pg.Pool, study = "by hand"): Promise<Handmade> {
  const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
    const all: Record<string, unknown> = { id: uuid(), ...row };
    const names = Object.keys(all);
    await pool.query(
      `INSERT INTO ${table} (${names.map((n) => `"${n}"`).join(", ")}) VALUES (${names.map((_, i) => `$${i + 1}`).join(", ")})`,
      Object.values(all),
    );
    return String(all.id);
  };
  const studyId = await insert("study", { name: study });
  const set = await insert("problem_set", { study_id: studyId, name: "set" });
  const base = await insert("model", { study_id: studyId, name: "base", served_name: "base" });
  const other = await insert("model", { study_id: studyId, name: "other" });
  const settings = JSON.stringify(labIntSettings({ problemSet: "set" }));
  const pipelineOf = async (recipe: string, stages: readonly string[], model: string) => {
    const pipeline = await insert("pipeline", { study_id: studyId, recipe });
    const runs: Record<string, string> = {};
    for (const [ordinal, stage] of stages.entries())
      runs[stage] = await insert("run", { study_id: studyId, pipeline_id: pipeline, stage, ordinal, state: "done", settings, model_id: model });
    return { pipeline, runs };
  };
  const second = await pipelineOf("verify", ["verify", "continue", "keep"], other);
  const own = await pipelineOf("int", ["rollout", "grade", "verify", "continue", "keep"], base);
  const judged = await pipelineOf("judged", ["continue", "keep"], base);

  const problems: Record<string, string> = {};
  for (let p = 1; p <= 8; p++) {
    const id = await insert("problem", { study_id: studyId, problem_set_id: set, key: `p${p}`, ordinal: p - 1, statement: `Problem ${p}?`, answer: "1", reference: p === 7 ? " " : "One.\n\nTwo." });
    problems[`p${p}`] = id;
    await insert("work_item", { run_id: own.runs.rollout, target_id: id, units: 4, state: "done", made: 4 });
  }
  const attempts: Record<string, string> = {};
  const attempt = async (name: string, problem: string, o: { steps: number; tokens: number; reward: number | null }) => {
    attempts[name] = await insert("attempt", {
      run_id: own.runs.rollout,
      problem_id: problems[problem],
      model_id: base,
      sample_index: Object.keys(attempts).length,
      text: Array.from({ length: o.steps }, (_, i) => `Step ${i + 1}.`).join("\n\n"),
      finish_reason: "stop",
      tokens: o.tokens,
      steps: o.steps,
      reward: o.reward,
    });
  };
  await attempt("a1", "p1", { steps: 4, tokens: 100, reward: 0 });
  await attempt("a2", "p1", { steps: 5, tokens: 110, reward: 0 });
  await attempt("a3", "p2", { steps: 5, tokens: 120, reward: 0 });
  await attempt("a4", "p2", { steps: 5, tokens: 900, reward: 1 });
  await attempt("a5", "p3", { steps: 5, tokens: 900, reward: 1 });
  await attempt("a6", "p4", { steps: 5, tokens: 900, reward: null });
  await attempt("a7", "p6", { steps: 5, tokens: 130, reward: 0 });
  await attempt("a8", "p6", { steps: 5, tokens: 140, reward: 0 });
  await attempt("a9", "p7", { steps: 5, tokens: 150, reward: 0 });
  await attempt("a10", "p8", { steps: 5, tokens: 160, reward: 0 });
  await attempt("a11", "p8", { steps: 5, tokens: 170, reward: 0 });
  await attempt("a12", "p8", { steps: 10, tokens: 0, reward: 0 });
  await attempt("a13", "p8", { steps: 10, tokens: 180, reward: 0 });

  const verification = (run: string | undefined, of: string, sample: number, outcome: string, firstError: number | null) =>
    insert("verification", { run_id: run, attempt_id: attempts[of], sample_index: sample, seed: 0, text: "A log.", verdicts: "[]", first_error: firstError, outcome, finish_reason: "stop", tokens: 10 });
  const proposal = async (run: string | undefined, of: string, o: { at: number; sample?: number; chosen?: boolean; kept?: boolean; leaks?: boolean; tokens?: number; author?: string }) =>
    insert("proposal", {
      run_id: run,
      attempt_id: attempts[of],
      sample_index: o.sample ?? 0,
      content: "Instead.",
      location: o.at,
      leak_equivalent: o.leaks ?? false,
      leak_substring: false,
      chosen: o.chosen ?? false,
      kept: o.kept ?? null,
      tokens: o.tokens ?? 0,
      author: o.author ?? "model",
    });
  const { verify } = own.runs;
  for (const [of, at] of [["a1", 2], ["a3", 5], ["a12", 1], ["a13", 9]] as const) await verification(verify, of, 0, "proposed", at);
  const c1 = await proposal(verify, "a1", { at: 2, chosen: true, kept: true, tokens: 10 });
  const c3 = await proposal(verify, "a3", { at: 5, chosen: true, kept: false, tokens: 30 });
  await proposal(verify, "a12", { at: 1, chosen: true, tokens: 20 });
  const c13 = await proposal(verify, "a13", { at: 9, chosen: true, kept: true });
  await verification(verify, "a2", 0, "unparsed", null);
  await verification(verify, "a2", 1, "cut_off", 3);
  await verification(verify, "a7", 0, "proposed", 2);
  await proposal(verify, "a7", { at: 2, leaks: true });
  await verification(verify, "a8", 0, "no_error", null);
  await verification(verify, "a8", 1, "unparsed", null);
  await verification(verify, "a10", 0, "located", 3);
  await verification(verify, "a11", 0, "proposed", 2);
  await proposal(verify, "a11", { at: 2 });
  const otherModels = await proposal(second.runs.verify, "a11", { at: 3, chosen: true, kept: true });
  const persons = await proposal(judged.runs.continue, "a3", { at: 4, author: "person", kept: true });

  const samples = async (run: string | undefined, arm: string, problem: string, target: { attempt?: string; proposal?: string }, right: number, of: number) => {
    for (let i = 0; i < of; i++)
      await insert("continuation", {
        run_id: run,
        problem_id: problems[problem],
        attempt_id: target.attempt === undefined ? null : attempts[target.attempt],
        proposal_id: target.proposal ?? null,
        arm,
        target_id: target.proposal ?? problems[problem],
        sample_index: i,
        seed: i,
        text: "So.",
        finish_reason: "stop",
        tokens: 5,
        outcome: i < right ? "success" : "failure",
        reward: i < right ? 1 : 0,
      });
  };
  const going = own.runs.continue;
  await samples(going, "problem", "p1", {}, 0, 4);
  await samples(going, "problem", "p2", {}, 1, 4);
  await samples(going, "problem", "p8", {}, 2, 4);
  await samples(going, "prefix", "p1", { attempt: "a1", proposal: c1 }, 1, 4);
  await samples(going, "intervention", "p1", { attempt: "a1", proposal: c1 }, 3, 4);
  await samples(going, "intervention", "p2", { attempt: "a3", proposal: c3 }, 0, 4);
  await samples(going, "intervention", "p8", { attempt: "a13", proposal: c13 }, 2, 4);
  await samples(going, "hint", "p1", {}, 1, 4);
  await samples(going, "hint", "p2", {}, 0, 4);
  await samples(going, "hint_intervention", "p1", { attempt: "a1", proposal: c1 }, 4, 4);
  await samples(going, "hint_intervention", "p2", { attempt: "a3", proposal: c3 }, 2, 4);
  await samples(second.runs.continue, "intervention", "p8", { attempt: "a11", proposal: otherModels }, 1, 4);
  await samples(judged.runs.continue, "intervention", "p2", { attempt: "a3", proposal: persons }, 2, 4);

  // People: a13's intervention rejected, with a kind of error; a1's error known at step 2, a8 without one.
  const person = await insert("person", { name: `Ada of ${study}`, token_hash: uuid() });
  const queue = await insert("queue", { study_id: studyId, name: "q", subject: "proposal", schema: JSON.stringify({ actions: ["reject"], reasons: [], errorTypes: [{ id: "algebra", label: "algebra gone wrong", key: 1 }] }), filter: "{}" });
  const item = await insert("queue_item", { queue_id: queue, ordinal: 0, attempt_id: attempts.a13, proposal_id: c13, state: "complete", decided: 1 });
  const decision = await insert("decision", { item_id: item, person_id: person, action: "reject", error_type: "algebra", first_error: 8, shown: "{}", seconds: 1, client_key: uuid() });
  await pool.query("UPDATE queue_item SET agreed_id = $2 WHERE id = $1", [item, decision]);
  for (const [of, firstError] of [["a1", 2], ["a3", 4], ["a13", 8], ["a8", null]] as const)
    await insert("label", { attempt_id: attempts[of], source: "PRM people", first_error: firstError });

  // A data set with a1's row, a row by a person at a3, and one of another run.
  const foreign = await insert("attempt", { run_id: second.runs.verify, problem_id: problems.p1, model_id: other, sample_index: 99, text: "x", finish_reason: "stop", tokens: 1, steps: 1, reward: 0 });
  const datasetId = await insert("dataset", { study_id: studyId, name: "rows", source: "int", settings: JSON.stringify({ source: "int", decisions: "win" }), model_id: base, state: "ready", rows: 3 });
  for (const [ordinal, [of, problem, author]] of ([[attempts.a1, "p1", "model"], [attempts.a3, "p2", "person"], [foreign, "p1", "model"]] as const).entries())
    await insert("dataset_row", { dataset_id: datasetId, ordinal, problem_id: problems[problem], attempt_id: of, prompt: "p", completion: "c", ends: false, meta: JSON.stringify({ author }) });
  return { study, pipeline: own.pipeline, runs: { rollout: own.runs.rollout ?? "", verify: own.runs.verify ?? "", continue: going ?? "" }, datasetId, problems, attempts };
}

/** A model fine-tuned on a variant of the InT data set, with its evaluation: right samples per problem, of four. */
export async function seedCloned(
  pool: pg.Pool,
  o: { study: string; name: string; options: Record<string, boolean>; right: Readonly<Record<string, number>>; problems: Readonly<Record<string, string>>; at: number },
): Promise<{ modelId: string; runId: string }> {
  const studyId = (await pool.query<{ id: string }>("SELECT id FROM study WHERE name = $1", [o.study])).rows[0]?.id;
  const created = new Date(Date.UTC(2026, 0, 1, 0, o.at));
  const [modelId, datasetId, sft, runId] = [uuid(), uuid(), uuid(), uuid()];
  await pool.query("INSERT INTO model (id, study_id, name, served_name) VALUES ($1, $2, $3, $3)", [modelId, studyId, o.name]);
  await pool.query("INSERT INTO dataset (id, study_id, name, source, settings, state, rows) VALUES ($1, $2, $3, 'int', $4, 'ready', 7)", [datasetId, studyId, `${o.name}-rows`, JSON.stringify(o.options)]);
  await pool.query("INSERT INTO run (id, study_id, stage, state, settings, waits, model_id) VALUES ($1, $2, 'sft', 'done', '{}', true, NULL)", [sft, studyId]);
  await pool.query("INSERT INTO training (id, study_id, run_id, kind, model_id, dataset_id, trainer, launcher, created_at) VALUES ($1, $2, $3, 'sft', $4, $5, 'embedded', 'local', $6)", [uuid(), studyId, sft, modelId, datasetId, created]);
  await pool.query(
    "INSERT INTO run (id, study_id, stage, state, settings, waits, model_id, total, done) VALUES ($1, $2, 'rollout', 'done', $3, true, $4, 4, 4)",
    [runId, studyId, JSON.stringify(labIntSettings({ problemSet: "set" })), modelId],
  );
  for (const [problem, right] of Object.entries(o.right))
    for (let i = 0; i < 4; i++)
      await pool.query(
        "INSERT INTO attempt (id, run_id, problem_id, model_id, sample_index, text, finish_reason, tokens, steps, reward) VALUES ($1, $2, $3, $4, $5, 'x', 'stop', 3, 1, $6)",
        [uuid(), runId, o.problems[problem], modelId, i, i < right ? 1 : 0],
      );
  return { modelId, runId };
}
