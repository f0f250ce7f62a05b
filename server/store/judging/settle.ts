import type pg from "pg";
import { v7 as uuid } from "uuid";
import type { DecisionContent } from "../../core/judging/decision";
import { inTransaction } from "../transaction";
import type { Sql } from "../views/sql";
import { lockItem } from "./reserve";

/** Items on which judges differ (or that somebody flagged) and that nobody has settled, and the settled ones. Gold is neither. */
const DIFFERING = "i.queue_id = $1 AND i.gold IS NULL AND (i.state = 'settled' OR (i.state = 'complete' AND i.agreed_id IS NULL))";

/** Their ids in the order of the queue. */
export async function listDiffering(
  sql: Sql,
  o: { queueId: string; which: "open" | "settled"; after: number; limit: number },
): Promise<{ id: string; number: number }[]> {
  const { rows } = await sql.query<{ id: string; number: number }>(
    `SELECT i.id, i.ordinal + 1 AS number FROM queue_item i
     WHERE ${DIFFERING} AND (i.state = 'settled') = $2 AND i.ordinal >= $3 ORDER BY i.ordinal LIMIT $4`,
    [o.queueId, o.which === "settled", o.after, o.limit],
  );
  return rows;
}

export async function countDiffering(sql: Sql, queueId: string): Promise<{ open: number; settled: number }> {
  const { rows } = await sql.query<{ open: number; settled: number }>(
    `SELECT count(*) FILTER (WHERE i.state <> 'settled')::int AS open, count(*) FILTER (WHERE i.state = 'settled')::int AS settled
     FROM queue_item i WHERE ${DIFFERING}`,
    [queueId],
  );
  return rows[0] ?? { open: 0, settled: 0 };
}

export interface NewSettlement {
  itemId: string;
  personId: string;
  /** The settlement that the page shows; null when it shows none. */
  replaces: string | null;
  /** The judge's decision that is followed. */
  decisionId: string | null;
  content: DecisionContent;
}

/**
 * Settle an item, in one transaction.
 * @returns its id, or what stands in the way: the item is still open, or another settlement was made meanwhile.
 */
export function insertSettlement(
  pool: pg.Pool,
  s: NewSettlement,
): Promise<{ id: string } | { refused: "open" } | { refused: "gone" } | { refused: "other"; by: string; action: string }> {
  return inTransaction(pool, async (tx) => {
    if (!(await lockItem(tx, s.itemId))) return { refused: "gone" };
    const { rows } = await tx.query<{ state: string; id: string | null; by: string | null; action: string | null }>(
      `SELECT i.state, s.id, p.name AS by, s.action FROM queue_item i
       LEFT JOIN settlement s ON s.item_id = i.id AND NOT EXISTS (SELECT 1 FROM settlement n WHERE n.replaces_id = s.id)
       LEFT JOIN person p ON p.id = s.person_id WHERE i.id = $1`,
      [s.itemId],
    );
    const now = rows[0];
    if (now === undefined) return { refused: "gone" };
    if (now.state === "open") return { refused: "open" };
    if (now.id !== s.replaces) return { refused: "other", by: now.by ?? "", action: now.action ?? "" };
    const id = uuid();
    const c = s.content;
    await tx.query(
      `WITH made AS (
         INSERT INTO settlement (id, item_id, person_id, replaces_id, decision_id, action, reason, error_type, first_error, content, location, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING item_id)
       UPDATE queue_item i SET state = 'settled' FROM made WHERE i.id = made.item_id`,
      [id, s.itemId, s.personId, s.replaces, s.decisionId, c.action, c.reason, c.errorType, c.firstError, c.content, c.location, c.note],
    );
    return { id };
  });
}
