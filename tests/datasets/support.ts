import { v7 as uuid } from "uuid";
import type { Deps } from "@/server/usecases/deps";

export interface Seeded {
  study: { id: string; name: string };
  problemIds: string[];
  /** By name. */
  models: Record<string, string>;
}

/** A study of generated problems with references of about `size` characters, and models by name (served where it says so). */
export async function seedProblems(
  deps: Deps,
  o: { name: string; problems: number; size?: number; models?: Record<string, boolean> },
): Promise<Seeded> {
  const study = { id: uuid(), name: o.name };
  const setId = uuid();
  await deps.pool.query("INSERT INTO study (id, name) VALUES ($1, $2)", [study.id, study.name]);
  await deps.pool.query("INSERT INTO problem_set (id, study_id, name) VALUES ($1, $2, 'set')", [setId, study.id]);
  const problemIds = Array.from({ length: o.problems }, () => uuid());
  await deps.pool.query(
    `INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer, reference)
     SELECT id, $2, $3, 'k' || n, n, 'What is ' || n || ' plus 1?', (n + 1)::text,
            E'We add.\n\n' || repeat('Slowly, ' || n || '. ', $4) || E'\n\n\\boxed{' || (n + 1) || '}'
     FROM unnest($1::uuid[]) WITH ORDINALITY AS x(id, n)`,
    [problemIds, study.id, setId, Math.ceil((o.size ?? 100) / 12)],
  );
  const models: Record<string, string> = {};
  for (const [name, served] of Object.entries(o.models ?? {})) {
    models[name] = uuid();
    await deps.pool.query("INSERT INTO model (id, study_id, name, served_name) VALUES ($1, $2, $3, $4)", [
      models[name],
      study.id,
      name,
      served ? name : "",
    ]);
  }
  return { study, problemIds, models };
}

/** An import run of a model. @returns its id. */
export async function seedRun(deps: Deps, seeded: Seeded, model: string, stage = "import"): Promise<string> {
  const id = uuid();
  await deps.pool.query(
    `INSERT INTO run (id, study_id, stage, state, settings, model_id) VALUES ($1, $2, $3, 'done', '{"source":"a file"}', $4)`,
    [id, seeded.study.id, stage, seeded.models[model]],
  );
  return id;
}

export async function seedAttempt(
  deps: Deps,
  a: { runId: string; problemId: string; modelId: string | undefined; sample?: number; text: string; reward: number | null },
): Promise<string> {
  const id = uuid();
  await deps.pool.query(
    `INSERT INTO attempt (id, run_id, problem_id, model_id, sample_index, text, finish_reason, tokens, steps, reward)
     VALUES ($1, $2, $3, $4, $5, $6, 'imported', 0, 1, $7)`,
    [id, a.runId, a.problemId, a.modelId, a.sample ?? 0, a.text, a.reward],
  );
  return id;
}

/** A proposal; what is left out: by the model, chosen, with a success, and no leak. */
export async function seedProposal(
  deps: Deps,
  p: { runId: string; attemptId: string; content: string; location: number; sample?: number; author?: string; decisionId?: string; chosen?: boolean; kept?: boolean | null },
): Promise<string> {
  const id = uuid();
  await deps.pool.query(
    `INSERT INTO proposal (id, run_id, attempt_id, sample_index, author, decision_id, content, location, leak_equivalent, leak_substring, chosen, kept)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, false, false, $9, $10)`,
    [id, p.runId, p.attemptId, p.sample ?? 0, p.author ?? "model", p.decisionId ?? null, p.content, p.location, p.chosen ?? true, p.kept === undefined ? true : p.kept],
  );
  return id;
}
