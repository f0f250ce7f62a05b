import type pg from "pg";
import { idsOf, type ListQuestion } from "../lists/list";
import { notifyLive } from "../notify";
import { inTransaction } from "../transaction";

export type AddedItems = { added: number; had: number } | { refused: "closed" | "full" | "subject"; items: number; found: number };

/**
 * Put a question's rows at the end of a queue, in a shuffled order that tells nothing of the list's. Rows that it has stay where
 * they are. What was added, by whom and from which question is kept in the queue's filter.
 *
 * @param question of attempts or of proposals. Attempts in a queue of proposals: the chosen proposal of each.
 */
export function addItems(
  pool: pg.Pool,
  queueId: string,
  question: ListQuestion,
  o: { cap: number; by: string; search: string },
): Promise<AddedItems> {
  return inTransaction(pool, async (tx) => {
    // Two that add at once must not give the same ordinals.
    const { rows } = await tx.query<{ subject: string; closed: boolean; items: number; next: number }>(
      `SELECT q.subject, q.closed_at IS NOT NULL AS closed, count(i.id)::int AS items, coalesce(max(i.ordinal) + 1, 0)::int AS next
       FROM (SELECT * FROM queue WHERE id = $1 AND study_id = $2 FOR UPDATE) q LEFT JOIN queue_item i ON i.queue_id = q.id
       GROUP BY q.subject, q.closed_at`,
      [queueId, question.studyId],
    );
    const [queue] = rows;
    if (queue === undefined) return { refused: "closed", items: 0, found: 0 };
    if (queue.closed) return { refused: "closed", items: queue.items, found: 0 };
    if (queue.subject === "attempt" && question.list !== "attempts") return { refused: "subject", items: queue.items, found: 0 };
    const { text, values } = idsOf(question);
    const rowsOf =
      question.list === "proposals"
        ? `SELECT pr.attempt_id, pr.id AS proposal_id FROM proposal pr WHERE pr.id IN (${text})`
        : queue.subject === "attempt"
          ? `SELECT x.id AS attempt_id, NULL::uuid AS proposal_id FROM (${text}) x`
          : `SELECT pr.attempt_id, pr.id AS proposal_id FROM proposal pr WHERE pr.chosen AND pr.attempt_id IN (${text})`;
    const found = (await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM (${rowsOf}) y`, values)).rows[0]?.n ?? 0;
    const mark = `$${values.push(queueId)}::uuid`;
    const fresh = `SELECT y.* FROM (${rowsOf}) y WHERE NOT EXISTS (
      SELECT 1 FROM queue_item i WHERE i.queue_id = ${mark} AND i.attempt_id = y.attempt_id AND i.proposal_id IS NOT DISTINCT FROM y.proposal_id)`;
    const room = o.cap - queue.items;
    const count = (await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM (${fresh}) z`, values)).rows[0]?.n ?? 0;
    if (count > room) return { refused: "full", items: queue.items, found: count };
    const added = await tx.query(
      `INSERT INTO queue_item (id, queue_id, ordinal, attempt_id, proposal_id)
       SELECT gen_random_uuid(), ${mark}, ${queue.next} + row_number() OVER (ORDER BY md5(coalesce(z.proposal_id, z.attempt_id)::text)) - 1, z.attempt_id, z.proposal_id
       FROM (${fresh}) z`,
      values,
    );
    await tx.query(
      `UPDATE queue SET filter = jsonb_set(filter, '{added}', coalesce(filter->'added', '[]'::jsonb) || $2::jsonb) WHERE id = $1`,
      [queueId, JSON.stringify([{ list: question.list, search: o.search, items: added.rowCount ?? 0, by: o.by, at: new Date().toISOString() }])],
    );
    await notifyLive(tx, { studyId: question.studyId, kind: "study" });
    return { added: added.rowCount ?? 0, had: found - (added.rowCount ?? 0) };
  });
}
