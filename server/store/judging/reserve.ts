import type pg from "pg";
import { v7 as uuid } from "uuid";
import { inTransaction, type Tx } from "../transaction";
import type { Sql } from "../views/sql";
import { prepared } from "./prepared";

/**
 * Reservations. One rule: votes and live reservations of an item together are never more than its judges, and nobody has
 * two. Whoever adds to either holds the item's row lock and counts under it; the clock is the database's.
 */

/** The item that this person goes on with: a held one that the page does not have, else a new one. */
export interface Want {
  queueId: string;
  personId: string;
  /** Items that the page has already. */
  not: readonly string[];
}

/** A free place on an item, as a condition. $1 queue, $2 person. */
const FREE = `i.queue_id = $1 AND i.state = 'open'
  AND NOT EXISTS (SELECT 1 FROM vote v WHERE v.item_id = i.id AND v.person_id = $2)
  AND i.decided + (SELECT count(*) FROM lease l WHERE l.item_id = i.id AND l.person_id <> $2 AND l.expires_at > now()) <
      (SELECT q.judges FROM queue q WHERE q.id = i.queue_id)`;

const SKIPPED = `SELECT 1 FROM decision s WHERE s.item_id = i.id AND s.person_id = $2 AND s.action = 'skip'
  AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes_id = s.id)`;

/** Where to look, in this order: what the person has begun, then what they hold; what is new to them; what they skipped, oldest skip first. */
const CANDIDATES = [
  `SELECT i.id FROM queue_item i
   WHERE i.id IN (SELECT item_id FROM lease WHERE person_id = $2 AND expires_at > now()
                  UNION SELECT item_id FROM draft WHERE person_id = $2 AND body IS NOT NULL)
     AND ${FREE} AND i.id <> ALL($3::uuid[]) AND NOT EXISTS (${SKIPPED})
   ORDER BY NOT EXISTS (SELECT 1 FROM draft b WHERE b.item_id = i.id AND b.person_id = $2 AND b.body IS NOT NULL), i.ordinal
   LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED`,
  `SELECT i.id FROM queue_item i WHERE ${FREE} AND i.id <> ALL($3::uuid[]) AND NOT EXISTS (${SKIPPED})
   ORDER BY i.ordinal LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED`,
  `SELECT i.id FROM queue_item i WHERE ${FREE} AND i.id <> ALL($3::uuid[])
   ORDER BY (SELECT max(s.created_at) FROM decision s WHERE s.item_id = i.id AND s.person_id = $2 AND s.action = 'skip') NULLS FIRST,
            i.ordinal LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED`,
] as const;

/** Tries before it is said that others have what is left: each lost try means that somebody else got on. */
const TRIES = 25;

/** Reserve an item. @returns its id; null when there is none that is free just now. */
export async function reserveNext(pool: pg.Pool, want: Want): Promise<string | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const got = await inTransaction(pool, async (tx) => {
      for (const sql of CANDIDATES) {
        const { rows } = await prepared<{ id: string }>(tx, sql, [want.queueId, want.personId, want.not]);
        const id = rows[0]?.id;
        // The row is locked now, so this second look cannot be overtaken; the first one could (its snapshot is older).
        if (id !== undefined) return { id, held: await takePlace(tx, id, want.personId) };
      }
      return null;
    });
    if (got === null) return null;
    if (got.held) return got.id;
  }
  return null;
}

/** Reserve a place on a locked item, or go on holding it. @returns whether there was one. */
export async function takePlace(tx: Tx, itemId: string, personId: string): Promise<boolean> {
  const { rowCount } = await prepared(
    tx,
    `INSERT INTO lease (id, item_id, person_id, expires_at)
     SELECT $3, i.id, $2, now() + make_interval(secs => q.lease_seconds)
     FROM queue_item i JOIN queue q ON q.id = i.queue_id AND q.closed_at IS NULL
     WHERE i.id = $1 AND i.state = 'open'
       AND NOT EXISTS (SELECT 1 FROM vote v WHERE v.item_id = i.id AND v.person_id = $2)
       AND i.decided + (SELECT count(*) FROM lease l WHERE l.item_id = i.id AND l.person_id <> $2 AND l.expires_at > now()) < q.judges
     ON CONFLICT (item_id, person_id) DO UPDATE SET expires_at = excluded.expires_at,
       opened_at = CASE WHEN lease.expires_at > now() THEN lease.opened_at ELSE now() END`,
    [itemId, personId, uuid()],
  );
  return rowCount === 1;
}

/** Lock an item against everybody who reserves, decides or takes back. @returns false when there is none. */
export async function lockItem(tx: Tx, itemId: string): Promise<boolean> {
  const { rowCount } = await prepared(tx, "SELECT 1 FROM queue_item WHERE id = $1 FOR NO KEY UPDATE", [itemId]);
  return rowCount === 1;
}

/**
 * The sign of life of a page: its reservations last on. One that had run out is taken up again where its place is still free.
 * @returns items that are held, with the new end.
 */
export function extendLeases(
  pool: pg.Pool,
  personId: string,
  itemIds: readonly string[],
): Promise<{ item: string; expiresAt: Date }[]> {
  return inTransaction(pool, async (tx) => {
    const held: string[] = [];
    // In the order of ids, as everybody who locks several.
    for (const id of [...new Set(itemIds)].sort())
      if ((await lockItem(tx, id)) && (await takePlace(tx, id, personId))) held.push(id);
    const { rows } = await prepared<{ item: string; expiresAt: Date }>(
      tx,
      `SELECT item_id AS item, expires_at AS "expiresAt" FROM lease WHERE person_id = $1 AND item_id = ANY($2::uuid[])`,
      [personId, held],
    );
    return rows;
  });
}

/** Give an item back. What was begun stays in its draft. */
export async function dropLease(sql: Sql, personId: string, itemId: string): Promise<void> {
  await prepared(sql, "DELETE FROM lease WHERE person_id = $1 AND item_id = $2", [personId, itemId]);
}

/** Items that this person could still be asked for; null for a queue that is closed. */
export async function countLeft(sql: Sql, queueId: string, personId: string): Promise<number | null> {
  const { rows } = await prepared<{ left: number; closed: boolean }>(
    sql,
    `SELECT (SELECT count(*)::int FROM queue_item i WHERE i.queue_id = $1 AND i.state = 'open'
               AND NOT EXISTS (SELECT 1 FROM vote v WHERE v.item_id = i.id AND v.person_id = $2)) AS "left",
            q.closed_at IS NOT NULL AS closed
     FROM queue q WHERE q.id = $1`,
    [queueId, personId],
  );
  return rows[0] === undefined || rows[0].closed ? null : rows[0].left;
}

/** Why a person holds an item no longer. */
export interface PlaceRow {
  item: string;
  state: string;
  closed: boolean;
  mine: boolean;
  holders: string[];
}

export async function listPlaces(sql: Sql, personId: string, itemIds: readonly string[]): Promise<PlaceRow[]> {
  const { rows } = await prepared<PlaceRow>(
    sql,
    `SELECT i.id AS item, i.state, q.closed_at IS NOT NULL AS closed,
            EXISTS (SELECT 1 FROM vote v WHERE v.item_id = i.id AND v.person_id = $1) AS mine,
            ARRAY(SELECT p.name FROM lease l JOIN person p ON p.id = l.person_id
                  WHERE l.item_id = i.id AND l.person_id <> $1 AND l.expires_at > now() ORDER BY p.name) AS holders
     FROM queue_item i JOIN queue q ON q.id = i.queue_id WHERE i.id = ANY($2::uuid[])`,
    [personId, itemIds],
  );
  return rows;
}
