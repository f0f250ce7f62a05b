import type pg from "pg";
import type { ProposalCandidate } from "../../core/choose";
import type { Tx } from "../transaction";

/** What stages read. Long texts are selected here, where they are needed, one target at a time. */
export interface ProblemText {
  id: string;
  key: string;
  statement: string;
  answer: string;
  reference: string;
}

const PROBLEM = `p.id, p.key, p.statement, p.answer, p.reference`;

export async function readProblem(pool: pg.Pool, id: string): Promise<ProblemText | null> {
  const result = await pool.query<ProblemText>(`SELECT ${PROBLEM} FROM problem p WHERE p.id = $1`, [id]);
  return result.rows[0] ?? null;
}

export interface AttemptText {
  id: string;
  sampleIndex: number;
  text: string;
  finishReason: string;
}

/** The attempts of one problem in a run, in the order of their samples. */
export async function readAttempts(pool: pg.Pool, runId: string, problemId: string): Promise<AttemptText[]> {
  const result = await pool.query<AttemptText>(
    `SELECT id, sample_index AS "sampleIndex", text, finish_reason AS "finishReason"
     FROM attempt WHERE run_id = $1 AND problem_id = $2 ORDER BY sample_index`,
    [runId, problemId],
  );
  return result.rows;
}

/** One attempt with its problem. */
export interface AttemptInput extends AttemptText {
  problem: ProblemText;
}

export async function readAttempt(pool: pg.Pool, attemptId: string): Promise<AttemptInput | null> {
  const result = await pool.query<AttemptText & { problem: ProblemText }>(
    `SELECT a.id, a.sample_index AS "sampleIndex", a.text, a.finish_reason AS "finishReason",
            json_build_object('id', p.id, 'key', p.key, 'statement', p.statement, 'answer', p.answer, 'reference', p.reference) AS problem
     FROM attempt a JOIN problem p ON p.id = a.problem_id WHERE a.id = $1`,
    [attemptId],
  );
  return result.rows[0] ?? null;
}

/** A proposal with its attempt and problem. */
export interface ProposalInput {
  id: string;
  sampleIndex: number;
  content: string;
  location: number;
  attempt: AttemptInput;
}

export async function readProposal(pool: pg.Pool, proposalId: string): Promise<ProposalInput | null> {
  const result = await pool.query<{
    id: string;
    sampleIndex: number;
    content: string;
    location: number;
    attemptId: string;
  }>(
    `SELECT id, sample_index AS "sampleIndex", content, location, attempt_id AS "attemptId" FROM proposal WHERE id = $1`,
    [proposalId],
  );
  const row = result.rows[0];
  const attempt = row && (await readAttempt(pool, row.attemptId));
  return row && attempt
    ? { id: row.id, sampleIndex: row.sampleIndex, content: row.content, location: row.location, attempt }
    : null;
}

/** Sample indices that an item has already made; a retry asks for the missing ones alone. */
export async function readMadeSamples(
  pool: pg.Pool,
  key: { table: "attempt" | "verification" | "continuation"; runId: string; targetId: string; arm?: string },
): Promise<Set<number>> {
  const target = { attempt: "problem_id", verification: "attempt_id", continuation: "target_id" }[key.table];
  const arm = key.table === "continuation" ? "AND arm = $3" : "";
  const values = key.table === "continuation" ? [key.runId, key.targetId, key.arm ?? ""] : [key.runId, key.targetId];
  const result = await pool.query<{ i: number }>(
    `SELECT sample_index AS i FROM ${key.table} WHERE run_id = $1 AND ${target} = $2 ${arm}`,
    values,
  );
  return new Set(result.rows.map((r) => r.i));
}

/** The proposals of one attempt in a run, as the choice sees them. */
export async function readCandidates(
  tx: Tx,
  runId: string,
  attemptId: string,
): Promise<(ProposalCandidate & { id: string })[]> {
  const result = await tx.query<ProposalCandidate & { id: string }>(
    `SELECT id, sample_index AS "sampleIndex", content, location, leak_equivalent AS "leakEquivalent"
     FROM proposal WHERE run_id = $1 AND attempt_id = $2 ORDER BY sample_index`,
    [runId, attemptId],
  );
  return result.rows;
}
