import { type StreamPiece, streamPiecesSchema } from "../../core/branching/stream";
import type { BranchSampleView, BranchView } from "../../core/views/branches";
import type { Sql } from "./sql";

const BRANCH = `b.id, b.attempt_id AS "attemptId", r.pipeline_id AS "pipelineId", b.purpose, b.kind, b.step, b.content, b.samples,
  b.seed, b.sampling, m.name AS model, q.name AS author, b.hidden, b.created_at AS "createdAt", r.state::text AS state,
  CASE WHEN r.message <> '' THEN r.message
       ELSE coalesce((SELECT error FROM work_item i WHERE i.run_id = r.id AND i.target_id = b.id AND i.state = 'failed'), '') END AS message,
  n.done, n.correct`;
const FROM = `branch b JOIN run r ON r.id = b.run_id JOIN model m ON m.id = r.model_id LEFT JOIN person q ON q.id = b.person_id,
  LATERAL (SELECT count(*)::int AS done, coalesce(sum(reward), 0)::int AS correct FROM branch_sample s WHERE s.branch_id = b.id) n`;
/** A hidden one is its author's alone ($2). */
const VISIBLE = "(NOT b.hidden OR b.person_id = $2::uuid)";

/** Branches that people made at an attempt, newest first, as far as this person may see them. Step values are not among them. */
export async function listBranches(sql: Sql, attemptId: string, personId: string | null): Promise<BranchView[]> {
  const { rows } = await sql.query<BranchView>(
    `SELECT ${BRANCH} FROM ${FROM} WHERE b.attempt_id = $1 AND b.purpose <> 'value' AND ${VISIBLE}
     ORDER BY b.created_at DESC, b.id DESC`,
    [attemptId, personId],
  );
  return rows;
}

/** One branch; null when there is none that this person may see. */
export async function findBranch(sql: Sql, branchId: string, personId: string | null): Promise<BranchView | null> {
  const { rows } = await sql.query<BranchView>(
    `SELECT ${BRANCH} FROM ${FROM} WHERE b.id = $1 AND ${VISIBLE}`,
    [branchId, personId],
  );
  return rows[0] ?? null;
}

/** The samples of a branch with their texts, by index. */
export async function listBranchSamples(sql: Sql, branchId: string): Promise<BranchSampleView[]> {
  const { rows } = await sql.query<BranchSampleView>(
    `SELECT id, sample_index AS index, seed, text, finish_reason AS "finishReason", tokens, outcome, reward, extracted, reason
     FROM branch_sample WHERE branch_id = $1 ORDER BY sample_index`,
    [branchId],
  );
  return rows;
}

/** What is being sampled: pieces after a place in the stream, in order. */
export async function listPieces(
  sql: Sql,
  branchId: string,
  after: number,
): Promise<{ seq: number; pieces: StreamPiece[] }[]> {
  const { rows } = await sql.query<{ seq: number; pieces: unknown }>(
    "SELECT seq, pieces FROM branch_stream WHERE branch_id = $1 AND seq > $2 ORDER BY seq",
    [branchId, after],
  );
  return rows.map(({ seq, pieces }) => ({ seq, pieces: streamPiecesSchema.parse(pieces) }));
}

/** Whether nothing more will be sampled of a branch. */
export async function isBranchOver(sql: Sql, branchId: string): Promise<boolean> {
  const { rows } = await sql.query<{ over: boolean }>(
    `SELECT r.state IN ('done', 'failed', 'cancelled') AS over FROM branch b JOIN run r ON r.id = b.run_id WHERE b.id = $1`,
    [branchId],
  );
  return rows[0]?.over ?? true;
}
