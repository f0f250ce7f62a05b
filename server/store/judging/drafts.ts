import type { DraftView } from "../../core/views/judging";
import type { Sql } from "../views/sql";
import { prepared } from "./prepared";

/** A person's draft of an item; null when they never began one. */
export async function findDraft(sql: Sql, itemId: string, personId: string): Promise<DraftView | null> {
  const { rows } = await prepared<DraftView>(
    sql,
    `SELECT body, version, updated_at AS "updatedAt" FROM draft WHERE item_id = $1 AND person_id = $2`,
    [itemId, personId],
  );
  return rows[0] ?? null;
}

/**
 * Keep a draft, in one statement.
 *
 * @param version that of the draft which the page has; 0 when it has none.
 * @returns the draft as it is now, or null when another tab has written meanwhile: nothing was changed then.
 */
export async function putDraft(
  sql: Sql,
  d: { itemId: string; personId: string; body: unknown; version: number },
): Promise<DraftView | null> {
  const body = d.body === null ? null : JSON.stringify(d.body);
  const { rows } = await prepared<DraftView>(
    sql,
    d.version === 0
      ? `INSERT INTO draft (item_id, person_id, body, updated_at) VALUES ($1, $2, $3, now()) ON CONFLICT (item_id, person_id) DO NOTHING
         RETURNING body, version, updated_at AS "updatedAt"`
      : `UPDATE draft SET body = $3, version = version + 1, updated_at = now() WHERE item_id = $1 AND person_id = $2 AND version = $4
         RETURNING body, version, updated_at AS "updatedAt"`,
    d.version === 0 ? [d.itemId, d.personId, body] : [d.itemId, d.personId, body, d.version],
  );
  return rows[0] ?? null;
}
