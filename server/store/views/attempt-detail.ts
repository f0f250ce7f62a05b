import type { Arm, Outcome } from "../../core/arms";
import type { ContinuationMark, ProposalView, VerificationView } from "../../core/views/attempt";
import type { Sql } from "./sql";

export interface AttemptDetailRow {
  id: string;
  studyId: string;
  studyName: string;
  runId: string;
  runStage: string;
  model: string | null;
  problemId: string;
  ordinal: number;
  key: string;
  statement: string;
  answer: string;
  reference: string;
  referenceSource: string;
  sampleIndex: number;
  seed: number;
  finishReason: string;
  tokens: number;
  text: string;
  reward: number | null;
}

/** One attempt with its text and its problem; null when there is none in this study. */
export async function findAttempt(sql: Sql, studyId: string, attemptId: string): Promise<AttemptDetailRow | null> {
  const { rows } = await sql.query<AttemptDetailRow>(
    `SELECT a.id, s.id AS "studyId", s.name AS "studyName", r.id AS "runId", r.stage AS "runStage", m.name AS model,
            p.id AS "problemId", p.ordinal, p.key, p.statement, p.answer, p.reference, p.reference_source AS "referenceSource",
            a.sample_index AS "sampleIndex", a.seed, a.finish_reason AS "finishReason", a.tokens, a.text, a.reward
     FROM attempt a JOIN problem p ON p.id = a.problem_id JOIN study s ON s.id = p.study_id JOIN run r ON r.id = a.run_id
     LEFT JOIN model m ON m.id = a.model_id
     WHERE a.id = $1 AND p.study_id = $2`,
    [attemptId, studyId],
  );
  return rows[0] ?? null;
}

export interface GradeRow {
  extracted: string | null;
  reason: string;
  graderVersion: string;
}

/** The newest grade of an attempt or of a continuation. */
export async function newestGrade(
  sql: Sql,
  of: "attempt_id" | "continuation_id",
  id: string,
): Promise<GradeRow | null> {
  const { rows } = await sql.query<GradeRow>(
    `SELECT extracted, reason, grader_version AS "graderVersion" FROM grade WHERE ${of} = $1 ORDER BY created_at DESC, id DESC LIMIT 1`,
    [id],
  );
  return rows[0] ?? null;
}

/** First errors located by people. */
export async function listLabels(
  sql: Sql,
  attemptId: string,
): Promise<{ source: string; firstError: number | null }[]> {
  const { rows } = await sql.query<{ source: string; firstError: number | null }>(
    `SELECT source, first_error AS "firstError" FROM label WHERE attempt_id = $1 ORDER BY source`,
    [attemptId],
  );
  return rows;
}

/** Verification samples of an attempt, without their texts; newest run last. */
export async function listVerifications(sql: Sql, attemptId: string): Promise<VerificationView[]> {
  const { rows } = await sql.query<VerificationView>(
    `SELECT id, sample_index AS "sampleIndex", outcome, first_error AS "firstError", verdicts, parse_note AS "parseNote", tokens
     FROM verification WHERE attempt_id = $1 ORDER BY created_at, sample_index`,
    [attemptId],
  );
  return rows;
}

/** The whole output of one verification sample; null when there is none. */
export async function verificationText(sql: Sql, studyId: string, id: string): Promise<string | null> {
  const { rows } = await sql.query<{ text: string }>(
    `SELECT v.text FROM verification v JOIN run r ON r.id = v.run_id WHERE v.id = $1 AND r.study_id = $2`,
    [id, studyId],
  );
  return rows[0]?.text ?? null;
}

/** Proposals at an attempt: the chosen one first. */
export async function listProposals(sql: Sql, attemptId: string): Promise<ProposalView[]> {
  const { rows } = await sql.query<ProposalView>(
    `SELECT id, verification_id AS "verificationId", sample_index AS "sampleIndex", author, content, location,
            leak_equivalent AS "leakEquivalent", leak_substring AS "leakSubstring", chosen, kept
     FROM proposal WHERE attempt_id = $1 ORDER BY chosen DESC, created_at, sample_index`,
    [attemptId],
  );
  return rows;
}

/**
 * Outcomes of the continuations that belong beside an attempt: its own arms, and those of its problem alone that the
 * same pipelines sampled. No texts.
 */
export async function listMarks(sql: Sql, attemptId: string, problemId: string): Promise<ContinuationMark[]> {
  const { rows } = await sql.query<ContinuationMark>(
    `SELECT id, arm, proposal_id AS "proposalId", sample_index AS "sampleIndex", outcome, tokens
     FROM continuation WHERE attempt_id = $1
     UNION ALL
     SELECT c.id, c.arm, NULL, c.sample_index, c.outcome, c.tokens
     FROM continuation c WHERE c.arm = 'problem' AND c.problem_id = $2 AND c.attempt_id IS NULL
       AND c.run_id = ANY(ARRAY(SELECT r.id FROM run r JOIN problem p ON p.study_id = r.study_id
                                WHERE p.id = $2 AND r.stage = 'continue'))
     ORDER BY 2, 4, 1`,
    [attemptId, problemId],
  );
  return rows;
}

export interface ContinuationRow {
  id: string;
  arm: Arm;
  sampleIndex: number;
  seed: number;
  outcome: Outcome;
  finishReason: string;
  tokens: number;
  text: string;
}

/** One continuation with its text; null when there is none in this study. */
export async function findContinuation(sql: Sql, studyId: string, id: string): Promise<ContinuationRow | null> {
  const { rows } = await sql.query<ContinuationRow>(
    `SELECT c.id, c.arm, c.sample_index AS "sampleIndex", c.seed, c.outcome, c.finish_reason AS "finishReason", c.tokens, c.text
     FROM continuation c JOIN run r ON r.id = c.run_id WHERE c.id = $1 AND r.study_id = $2`,
    [id, studyId],
  );
  return rows[0] ?? null;
}
