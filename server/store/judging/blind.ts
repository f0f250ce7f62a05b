import type { Sql } from "../views/sql";

/**
 * Attempts that a person is still to judge in a queue which hides something from them: open items without their vote, of open
 * queues in which they have decided or hold something. As a condition on the column that has the attempt's id.
 */
export function toJudgeBlind(attemptId: string, person: string): string {
  return `EXISTS (
    SELECT 1 FROM queue_item bi JOIN queue bq ON bq.id = bi.queue_id AND bq.closed_at IS NULL
    WHERE bi.attempt_id = ${attemptId} AND bi.state = 'open' AND (bq.blind OR bq.hide_proposal OR bq.hide_outcomes)
      AND ${unjudgedBy(person)})`;
}

/** The attempts of {@link toJudgeBlind} as a subquery, for lists: read once, however many rows are looked at. */
export function blindAttempts(person: string): string {
  return `SELECT bi.attempt_id FROM queue_item bi JOIN queue bq ON bq.id = bi.queue_id AND bq.closed_at IS NULL
    WHERE bi.state = 'open' AND (bq.blind OR bq.hide_proposal OR bq.hide_outcomes) AND ${unjudgedBy(person)}`;
}

/** Items (bi) without the person's vote, of queues in which they have decided or hold something. */
const unjudgedBy = (person: string) => `NOT EXISTS (SELECT 1 FROM vote bv WHERE bv.item_id = bi.id AND bv.person_id = ${person})
      AND bi.queue_id = ANY(ARRAY(
        SELECT x.queue_id FROM lease l JOIN queue_item x ON x.id = l.item_id WHERE l.person_id = ${person}
        UNION SELECT x.queue_id FROM decision d JOIN queue_item x ON x.id = d.item_id WHERE d.person_id = ${person}))`;

/** What names an attempt in a request. */
export const ATTEMPT_OF = {
  attempt: "$1::uuid",
  continuation: "(SELECT attempt_id FROM continuation WHERE id = $1::uuid)",
  verification: "(SELECT attempt_id FROM verification WHERE id = $1::uuid)",
  proposal: "(SELECT attempt_id FROM proposal WHERE id = $1::uuid)",
  score: "(SELECT attempt_id FROM score WHERE id = $1::uuid)",
  // A judge's samples from a correction of their own are for them to see.
  branch: "(SELECT attempt_id FROM branch WHERE id = $1::uuid AND NOT (purpose = 'judge' AND person_id IS NOT DISTINCT FROM $2::uuid))",
} as const;

/** The queue in which a person is still to judge an attempt blind; null when there is none. */
export async function findBlindQueue(
  sql: Sql,
  o: { of: keyof typeof ATTEMPT_OF; id: string; personId: string },
): Promise<string | null> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT q.name FROM queue_item i JOIN queue q ON q.id = i.queue_id
     WHERE i.attempt_id = ${ATTEMPT_OF[o.of]} AND i.state = 'open' AND ${toJudgeBlind("i.attempt_id", "$2::uuid")} LIMIT 1`,
    [o.id, o.personId],
  );
  return rows[0]?.name ?? null;
}
