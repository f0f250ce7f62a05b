/** What a publication reads of many attempts at once: the same rows as the pages of each of them. */
import type { Arm, Outcome } from "../../core/arms";
import type { ValueCount } from "../../core/branching/values";
import type { ContinuationMark, ProposalView, VerificationView } from "../../core/views/attempt";
import { attemptConditions, ATTEMPTS_FROM } from "../views/attempt-list";
import type { AttemptQuery } from "../../core/views/attempts";
import type { Sql } from "../views/sql";

/** Of an attempt, by its id. */
type OfAttempt<T> = T & { attemptId: string };

export interface PublishedAttemptBody {
  id: string;
  problemId: string;
  stage: string;
  model: string | null;
  sampleIndex: number;
  seed: number;
  finishReason: string;
  tokens: number;
  text: string;
  reward: number | null;
}

export async function attemptBodies(sql: Sql, ids: readonly string[]): Promise<PublishedAttemptBody[]> {
  const { rows } = await sql.query<PublishedAttemptBody>(
    `SELECT a.id, a.problem_id AS "problemId", r.stage, m.name AS model, a.sample_index AS "sampleIndex", a.seed,
            a.finish_reason AS "finishReason", a.tokens, a.text, a.reward
     FROM attempt a JOIN run r ON r.id = a.run_id LEFT JOIN model m ON m.id = a.model_id WHERE a.id = ANY($1)`,
    [ids],
  );
  return rows;
}

export interface PublishedProblemBody {
  id: string;
  ordinal: number;
  key: string;
  statement: string;
  answer: string;
  reference: string;
  referenceSource: string;
}

export async function problemBodies(sql: Sql, ids: readonly string[]): Promise<PublishedProblemBody[]> {
  const { rows } = await sql.query<PublishedProblemBody>(
    `SELECT id, ordinal, key, statement, answer, reference, reference_source AS "referenceSource" FROM problem WHERE id = ANY($1)`,
    [ids],
  );
  return rows;
}

export interface NewestGrade {
  of: string;
  extracted: string | null;
  reason: string;
  graderVersion: string;
}

/** The newest grade of each. */
export async function newestGrades(
  sql: Sql,
  of: "attempt_id" | "continuation_id",
  ids: readonly string[],
): Promise<NewestGrade[]> {
  const { rows } = await sql.query<NewestGrade>(
    `SELECT DISTINCT ON (${of}) ${of} AS "of", extracted, reason, grader_version AS "graderVersion"
     FROM grade WHERE ${of} = ANY($1) ORDER BY ${of}, created_at DESC, id DESC`,
    [ids],
  );
  return rows;
}

export async function labelsOf(
  sql: Sql,
  ids: readonly string[],
): Promise<OfAttempt<{ source: string; firstError: number | null }>[]> {
  const { rows } = await sql.query<OfAttempt<{ source: string; firstError: number | null }>>(
    `SELECT attempt_id AS "attemptId", source, first_error AS "firstError" FROM label WHERE attempt_id = ANY($1) ORDER BY source`,
    [ids],
  );
  return rows;
}

export async function verificationsOf(
  sql: Sql,
  ids: readonly string[],
): Promise<OfAttempt<VerificationView & { text: string }>[]> {
  const { rows } = await sql.query<OfAttempt<VerificationView & { text: string }>>(
    `SELECT attempt_id AS "attemptId", id, sample_index AS "sampleIndex", outcome, first_error AS "firstError", verdicts,
            parse_note AS "parseNote", tokens, text
     FROM verification WHERE attempt_id = ANY($1) ORDER BY created_at, sample_index, id`,
    [ids],
  );
  return rows;
}

/** @param people take those that people wrote, too (but for those of blind queues that are open, unless named). */
export async function proposalsOf(
  sql: Sql,
  ids: readonly string[],
  people: boolean,
): Promise<OfAttempt<ProposalView>[]> {
  const { rows } = await sql.query<OfAttempt<ProposalView>>(
    `SELECT p.attempt_id AS "attemptId", p.id, p.verification_id AS "verificationId", p.sample_index AS "sampleIndex", p.author,
            p.content, p.location, p.leak_equivalent AS "leakEquivalent", p.leak_substring AS "leakSubstring", p.chosen, p.kept
     FROM proposal p
     WHERE p.attempt_id = ANY($1) AND (p.author <> 'person' OR $2::bool AND NOT EXISTS (
       SELECT 1 FROM queue_item i JOIN queue q ON q.id = i.queue_id
       WHERE i.id = coalesce((SELECT d.item_id FROM decision d WHERE d.id = p.decision_id),
                             (SELECT st.item_id FROM settlement st WHERE st.id = p.settlement_id))
         AND q.blind AND q.closed_at IS NULL))
     ORDER BY p.chosen DESC, p.created_at, p.sample_index, p.id`,
    [ids, people],
  );
  return rows;
}

export interface PublishedContinuation extends ContinuationMark {
  arm: Arm;
  outcome: Outcome;
  /** The attempt, or the problem of the arm "problem". */
  of: string;
  seed: number;
  finishReason: string;
  text: string;
}

const CONTINUATION = `c.id, c.arm, c.proposal_id AS "proposalId", c.sample_index AS "sampleIndex", c.outcome, c.tokens, c.seed,
  c.finish_reason AS "finishReason", c.text`;

/** Continuations that hang on attempts, in the order of their marks. */
export async function continuationsOf(sql: Sql, ids: readonly string[]): Promise<PublishedContinuation[]> {
  const { rows } = await sql.query<PublishedContinuation>(
    `SELECT ${CONTINUATION}, c.attempt_id AS "of" FROM continuation c WHERE c.attempt_id = ANY($1) ORDER BY c.arm, c.sample_index, c.id`,
    [ids],
  );
  return rows;
}

/** Continuations from the bare problems. */
export async function problemContinuations(
  sql: Sql,
  studyId: string,
  ids: readonly string[],
): Promise<PublishedContinuation[]> {
  const { rows } = await sql.query<PublishedContinuation>(
    `SELECT ${CONTINUATION}, c.problem_id AS "of" FROM continuation c
     WHERE c.arm = 'problem' AND c.problem_id = ANY($2) AND c.attempt_id IS NULL
       AND c.run_id = ANY(ARRAY(SELECT id FROM run WHERE study_id = $1 AND stage = 'continue'))
     ORDER BY c.sample_index, c.id`,
    [studyId, ids],
  );
  return rows;
}

/** The newest run of step values of each attempt, and what was sampled under its model and parameters. */
export async function valuesOf(sql: Sql, ids: readonly string[]): Promise<OfAttempt<ValueCount & { model: string }>[]> {
  const { rows } = await sql.query<OfAttempt<ValueCount & { model: string }>>(
    `WITH newest AS (
       SELECT DISTINCT ON (b.attempt_id) b.attempt_id, m.id AS model_id, m.name AS model, r.settings->'sampling' AS sampling
       FROM branch b JOIN run r ON r.id = b.run_id JOIN model m ON m.id = r.model_id
       WHERE b.attempt_id = ANY($1) AND b.purpose = 'value'
       ORDER BY b.attempt_id, r.created_at DESC, r.id DESC
     ), one AS (
       SELECT DISTINCT ON (b.attempt_id, b.step, s.seed) b.attempt_id, newest.model, b.step, s.reward
       FROM newest JOIN branch b ON b.attempt_id = newest.attempt_id AND b.purpose = 'value' AND b.kind = 'continue' AND b.sampling = newest.sampling
       JOIN run r ON r.id = b.run_id AND r.model_id = newest.model_id JOIN branch_sample s ON s.branch_id = b.id
       ORDER BY b.attempt_id, b.step, s.seed, s.id
     )
     SELECT attempt_id AS "attemptId", model, step, count(*)::int AS n, sum(reward)::int AS correct
     FROM one GROUP BY attempt_id, model, step ORDER BY attempt_id, step`,
    [ids],
  );
  return rows;
}

/** `n` attempts of a study, drawn: the same for the same seed, whatever else is in the study's way. */
export async function drawAttempts(sql: Sql, studyId: string, query: AttemptQuery, n: number, seed: number): Promise<string[]> {
  const values: unknown[] = [];
  const where = attemptConditions(studyId, query, values).join(" AND ");
  const { rows } = await sql.query<{ id: string }>(
    `SELECT a.id ${ATTEMPTS_FROM} WHERE ${where}
     ORDER BY md5($${values.push(String(seed))} || ':' || a.id), a.id LIMIT ${Math.trunc(n)}`,
    values,
  );
  return rows.map((r) => r.id);
}

export interface PublishableCounts {
  attempts: number;
  problems: number;
  continuations: number;
}

/** What a list of attempts comes to. */
export async function countPublishable(sql: Sql, studyId: string, query: AttemptQuery): Promise<PublishableCounts> {
  const values: unknown[] = [];
  const where = attemptConditions(studyId, query, values).join(" AND ");
  const { rows } = await sql.query<PublishableCounts>(
    `WITH a AS MATERIALIZED (SELECT a.id, a.problem_id ${ATTEMPTS_FROM} WHERE ${where})
     SELECT (SELECT count(*)::int FROM a) AS attempts, (SELECT count(DISTINCT problem_id)::int FROM a) AS problems,
            (SELECT count(*)::int FROM continuation c WHERE c.attempt_id IN (SELECT id FROM a)) +
            (SELECT count(*)::int FROM continuation c JOIN run r ON r.id = c.run_id
             WHERE r.study_id = $${values.push(studyId)} AND c.arm = 'problem' AND c.attempt_id IS NULL
               AND c.problem_id IN (SELECT problem_id FROM a)) AS continuations`,
    values,
  );
  return rows[0] ?? { attempts: 0, problems: 0, continuations: 0 };
}
