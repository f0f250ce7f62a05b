import { v7 as uuid } from "uuid";
import type { KeyView, Scope } from "../../core/programs/keys";
import type { Sql } from "../views/sql";

const COLUMNS = `k.id, k.name, k.prefix, k.scopes, p.name AS person, k.created_at AS "createdAt",
  k.last_used_at AS "lastUsedAt", k.revoked_at AS "revokedAt"`;

/** All keys, those in use first, newest first. */
export async function listKeys(sql: Sql): Promise<KeyView[]> {
  const { rows } = await sql.query<KeyView>(
    `SELECT ${COLUMNS} FROM api_key k LEFT JOIN person p ON p.id = k.person_id
     ORDER BY k.revoked_at IS NOT NULL, k.created_at DESC, k.id DESC`,
  );
  return rows;
}

export interface NewKey {
  name: string;
  prefix: string;
  /** SHA-256 of the key, hex. */
  hash: string;
  scopes: readonly Scope[];
  personId: string | null;
}

/** Write a key's row. @returns its id. */
export async function insertKey(sql: Sql, key: NewKey): Promise<string> {
  const id = uuid();
  await sql.query(
    "INSERT INTO api_key (id, name, prefix, hash, scopes, person_id) VALUES ($1, $2, $3, $4, $5, $6)",
    [id, key.name, key.prefix, key.hash, key.scopes, key.personId],
  );
  return id;
}

/** Keys in use that answer to an id, a name or the characters a key begins with. */
export async function findKeys(sql: Sql, called: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql.query<{ id: string; name: string }>(
    `SELECT id, name FROM api_key
     WHERE revoked_at IS NULL AND (id::text = $1 OR name = $1 OR (length($1) >= 8 AND prefix = left($1, length(prefix))))`,
    [called],
  );
  return rows;
}

/** From now on the key is wrong. @returns false when it was revoked already, or is not there. */
export async function revokeKey(sql: Sql, id: string): Promise<boolean> {
  const result = await sql.query("UPDATE api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL", [id]);
  return result.rowCount === 1;
}

export interface KnownKey {
  id: string;
  name: string;
  scopes: Scope[];
  /** Its last use was written down more than a minute ago, or never. */
  stale: boolean;
}

/** The key in use with this digest; null when there is none. */
export async function findByHash(sql: Sql, hash: string): Promise<KnownKey | null> {
  const { rows } = await sql.query<KnownKey>(
    `SELECT id, name, scopes, coalesce(last_used_at < now() - interval '1 minute', true) AS stale
     FROM api_key WHERE hash = $1 AND revoked_at IS NULL`,
    [hash],
  );
  return rows[0] ?? null;
}

/** Write down that it was used now. */
export async function touchKey(sql: Sql, id: string): Promise<void> {
  await sql.query("UPDATE api_key SET last_used_at = now() WHERE id = $1", [id]);
}
