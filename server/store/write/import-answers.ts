import { v7 as uuidv7 } from "uuid";
import type { AnswerRow } from "../../core/verifying/answer-row";
import type { Tx } from "../transaction";

/** Attempts of a study that a row may mean. */
export interface AnswerTarget {
  id: string;
  steps: number;
  key: string;
  statement: string;
  sampleIndex: number;
}

/** The attempts that rows name, by id or by their problem's key or statement. */
export async function findTargets(tx: Tx, studyId: string, rows: readonly AnswerRow[]): Promise<AnswerTarget[]> {
  const ids = rows.flatMap((r) => ("attempt" in r.target ? [r.target.attempt] : []));
  const problems = rows.flatMap((r) => ("problem" in r.target ? [r.target.problem] : []));
  const found = await tx.query<AnswerTarget>(
    `SELECT a.id, a.steps, p.key, p.statement, a.sample_index AS "sampleIndex"
     FROM problem p JOIN attempt a ON a.problem_id = p.id
     WHERE p.study_id = $1 AND (a.id = ANY($2::uuid[]) OR p.key = ANY($3::text[]) OR p.statement = ANY($3::text[]))`,
    [studyId, ids, problems],
  );
  return found.rows;
}

/**
 * The run that answers of a model from a file belong to, made where it is not there: importing the file again meets its
 * own rows. The study's row is locked meanwhile.
 */
export async function ensureAnswerRun(tx: Tx, o: { studyId: string; model: string; source: string }): Promise<string> {
  await tx.query("SELECT 1 FROM study WHERE id = $1 FOR UPDATE", [o.studyId]);
  await tx.query(
    "INSERT INTO model (id, study_id, name) VALUES ($1, $2, $3) ON CONFLICT (study_id, name) DO NOTHING",
    [uuidv7(), o.studyId, o.model],
  );
  const found = await tx.query<{ id: string }>(
    `SELECT r.id FROM run r JOIN model m ON m.id = r.model_id
     WHERE r.study_id = $1 AND r.stage = 'verify' AND r.pipeline_id IS NULL AND m.name = $2 AND r.settings->>'source' = $3`,
    [o.studyId, o.model, o.source],
  );
  if (found.rows[0]) return found.rows[0].id;
  const id = uuidv7();
  await tx.query(
    `INSERT INTO run (id, study_id, stage, state, settings, model_id, started_at, ended_at)
     SELECT $1, $2, 'verify', 'done', $4, m.id, now(), now() FROM model m WHERE m.study_id = $2 AND m.name = $3`,
    [id, o.studyId, o.model, JSON.stringify({ source: o.source })],
  );
  return id;
}

export interface NewAnswer {
  attemptId: string;
  sampleIndex: number;
  firstError: number | null;
  outcome: "located" | "no_error" | "unparsed" | "out_of_range";
  note: string;
  text: string;
}

/** Write answers as verifications and count the new ones on their run. @returns how many were new. */
export async function insertAnswers(tx: Tx, runId: string, answers: readonly NewAnswer[]): Promise<number> {
  const result = await tx.query(
    `INSERT INTO verification (id, run_id, attempt_id, sample_index, seed, text, verdicts, first_error, outcome, parse_note, finish_reason, tokens)
     SELECT n.id, $1, n.attempt_id, n.sample_index, 0, n.text, '[]', n.first_error, n.outcome, n.note, 'imported', 0
     FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::int[], $7::text[], $8::text[])
          AS n(id, attempt_id, sample_index, text, first_error, outcome, note)
     ON CONFLICT (run_id, attempt_id, sample_index) DO NOTHING`,
    [
      runId,
      answers.map(() => uuidv7()),
      answers.map((a) => a.attemptId),
      answers.map((a) => a.sampleIndex),
      answers.map((a) => a.text.replace(/\0/g, "\uFFFD")),
      answers.map((a) => a.firstError),
      answers.map((a) => a.outcome),
      answers.map((a) => a.note),
    ],
  );
  const added = result.rowCount ?? 0;
  await tx.query("UPDATE run SET total = total + $2, done = done + $2 WHERE id = $1", [runId, added]);
  return added;
}
