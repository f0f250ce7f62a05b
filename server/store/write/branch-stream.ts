import type pg from "pg";
import type { StreamPiece } from "../../core/branching/stream";
import { STREAM_CHANNEL } from "../notify";
import { inTransaction, type Tx } from "../transaction";
import { BRANCH_SAMPLES, type BranchSampleRow } from "./branch-rows";
import { insertRows } from "./copy";

/** PostgreSQL refuses payloads of 8,000 bytes; what is larger is read from the table. */
const MOST_PAYLOAD = 7_000;

/** Keep pieces of a branch that is being sampled, and tell the pages that look at it. */
export async function appendPieces(
  pool: pg.Pool,
  branchId: string,
  seq: number,
  pieces: readonly StreamPiece[],
): Promise<void> {
  // jsonb cannot hold U+0000, which models do write.
  const body = JSON.stringify(pieces).replace(/\\u0000/g, "\\ufffd");
  const whole = `{"branchId":"${branchId}","seq":${seq},"pieces":${body}}`;
  const payload = Buffer.byteLength(whole) <= MOST_PAYLOAD ? whole : `{"branchId":"${branchId}","seq":${seq}}`;
  await pool.query(
    `WITH kept AS (INSERT INTO branch_stream (branch_id, seq, pieces) VALUES ($1, $2, $3) RETURNING seq)
     SELECT pg_notify($4, $5) FROM kept`,
    [branchId, seq, body, STREAM_CHANNEL, payload],
  );
}

/** Where a new worker goes on counting; what branches that nobody finished have left behind for a day goes. */
export async function nextSeq(pool: pg.Pool, branchId: string): Promise<number> {
  await pool.query("DELETE FROM branch_stream WHERE created_at < now() - interval '1 day'");
  const { rows } = await pool.query<{ next: number }>(
    "SELECT coalesce(max(seq) + 1, 0) AS next FROM branch_stream WHERE branch_id = $1",
    [branchId],
  );
  return rows[0]?.next ?? 0;
}

/** Keep a sample of a branch that somebody looks at before its siblings have ended. */
export async function keepBranchSample(pool: pg.Pool, row: BranchSampleRow): Promise<void> {
  await inTransaction(pool, (tx) => insertRows(tx, BRANCH_SAMPLES, [row]));
}

/** The branch's rows are there: its pieces go, and its pages are told at COMMIT to read the rows. */
export async function endStream(tx: Tx, branchId: string): Promise<void> {
  await tx.query("DELETE FROM branch_stream WHERE branch_id = $1", [branchId]);
  await tx.query("SELECT pg_notify($1, $2)", [STREAM_CHANNEL, JSON.stringify({ branchId, ended: true })]);
}

/** How many of an item's units its branch has now, beyond those that are counted already. */
export async function uncountedSamples(tx: Tx, itemId: string, branchId: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM branch_sample WHERE branch_id = $2)::int - made AS n FROM work_item WHERE id = $1`,
    [itemId, branchId],
  );
  return rows[0]?.n ?? 0;
}
