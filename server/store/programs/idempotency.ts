import type { Sql } from "../views/sql";

/** What a write answered. */
export interface StoredAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

export interface Write {
  apiKeyId: string;
  key: string;
  method: string;
  path: string;
  /** SHA-256 (hex) of the query and the body. */
  digest: string;
}

/** mine: do it now · answered: it was done · other: the key belongs to another request · running: somebody does it now. */
export type Claim =
  | { kind: "mine" }
  | { kind: "answered"; answer: StoredAnswer }
  | { kind: "other" }
  | { kind: "running" };

/** A write whose process has not renewed its claim for this long (seconds) is taken for dead. */
export const HOLD = 20;
/** Answers are kept this long (hours). */
export const KEPT = 24;

/**
 * Claim a write. One statement decides among any number of web processes: the row is made, or taken over from a process
 * that died or from a request of more than a day ago.
 */
export async function claimWrite(sql: Sql, w: Write): Promise<Claim> {
  const { rowCount } = await sql.query(
    `INSERT INTO idempotency AS i (key, api_key_id, method, path, body_digest, held_until)
     VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => ${HOLD}))
     ON CONFLICT (api_key_id, key) DO UPDATE
       SET method = excluded.method, path = excluded.path, body_digest = excluded.body_digest, status = NULL,
           response = NULL, held_until = excluded.held_until, created_at = now()
       WHERE i.created_at < now() - interval '${KEPT} hours'
          OR (i.status IS NULL AND i.held_until < now() AND i.method = excluded.method AND i.path = excluded.path
              AND i.body_digest = excluded.body_digest)`,
    [w.key, w.apiKeyId, w.method, w.path, w.digest],
  );
  if (rowCount === 1) return { kind: "mine" };
  const { rows } = await sql.query<{ same: boolean; status: number | null; response: Omit<StoredAnswer, "status"> | null }>(
    `SELECT method = $3 AND path = $4 AND body_digest = $5 AS same, status, response
     FROM idempotency WHERE api_key_id = $1 AND key = $2`,
    [w.apiKeyId, w.key, w.method, w.path, w.digest],
  );
  const row = rows[0];
  if (row === undefined) return claimWrite(sql, w); // it was given back between the two statements
  if (!row.same) return { kind: "other" };
  if (row.status === null || row.response === null) return { kind: "running" };
  return { kind: "answered", answer: { status: row.status, ...row.response } };
}

/** Still alive. */
export async function renewClaim(sql: Sql, w: Write): Promise<void> {
  await sql.query(
    `UPDATE idempotency SET held_until = now() + make_interval(secs => ${HOLD}) WHERE api_key_id = $1 AND key = $2 AND status IS NULL`,
    [w.apiKeyId, w.key],
  );
}

/** Keep what it answered. */
export async function keepAnswer(sql: Sql, w: Write, answer: StoredAnswer): Promise<void> {
  const { status, ...response } = answer;
  await sql.query("UPDATE idempotency SET status = $3, response = $4 WHERE api_key_id = $1 AND key = $2", [
    w.apiKeyId,
    w.key,
    status,
    // jsonb holds no U+0000, which a row of a training loop may hold and a reason may quote.
    JSON.stringify(response, (_, value: unknown) => (typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value)),
  ]);
}

/** It was refused or failed: the key is free again. */
export async function releaseClaim(sql: Sql, w: Write): Promise<void> {
  await sql.query("DELETE FROM idempotency WHERE api_key_id = $1 AND key = $2 AND status IS NULL", [w.apiKeyId, w.key]);
}

/** Forget what is older than it need be kept. */
export async function forgetAnswers(sql: Sql): Promise<void> {
  await sql.query(`DELETE FROM idempotency WHERE created_at < now() - interval '${KEPT} hours'`);
}
