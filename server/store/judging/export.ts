import type { DecisionRecord } from "../../core/judging/export";
import type { Sql } from "../views/sql";

type Row = Omit<DecisionRecord, "at"> & { at: Date };

/**
 * Decisions of a queue after one, oldest first, as far as this person may see them: of a blind queue those on items with all of
 * their votes, and their own. A page at a time, so that a queue of any size streams.
 */
export async function pageDecisions(
  sql: Sql,
  o: { queueId: string; personId: string | null; after: { at: string; id: string } | null; limit: number },
): Promise<{ records: DecisionRecord[]; last: { at: string; id: string } | null }> {
  const { rows } = await sql.query<Row & { key: string }>(
    `SELECT q.name AS queue, i.ordinal + 1 AS item, i.id AS "itemId", p.key AS problem, i.attempt_id AS "attemptId",
            i.proposal_id AS "proposalId", w.name AS person, d.id AS "decisionId", d.created_at AS at, d.created_at::text AS key, d.action,
            d.reason, d.error_type AS "errorType", d.note, d.first_error AS "firstError", d.content, d.location, d.seconds, d.sampled,
            v.decision_id IS NOT NULL AS counts, d.undoes_id AS undoes, d.shown, i.state,
            CASE WHEN i.state <> 'open' OR q.closed_at IS NOT NULL THEN i.gold END AS gold,
            CASE WHEN s.id IS NULL THEN NULL ELSE json_build_object('action', s.action, 'firstError', s.first_error, 'content', s.content,
              'location', s.location, 'person', sp.name) END AS settled
     FROM decision d JOIN queue_item i ON i.id = d.item_id JOIN queue q ON q.id = i.queue_id
     JOIN attempt a ON a.id = i.attempt_id JOIN problem p ON p.id = a.problem_id JOIN person w ON w.id = d.person_id
     LEFT JOIN vote v ON v.decision_id = d.id
     LEFT JOIN settlement s ON s.item_id = i.id AND NOT EXISTS (SELECT 1 FROM settlement n WHERE n.replaces_id = s.id)
     LEFT JOIN person sp ON sp.id = s.person_id
     WHERE i.queue_id = $1 AND (NOT q.blind OR q.closed_at IS NOT NULL OR i.state <> 'open' OR d.person_id = $2)
       AND ($3::timestamptz IS NULL OR (d.created_at, d.id) > ($3::timestamptz, $4::uuid))
     ORDER BY d.created_at, d.id LIMIT $5`,
    [o.queueId, o.personId, o.after?.at ?? null, o.after?.id ?? null, o.limit],
  );
  const end = rows.at(-1);
  return {
    records: rows.map(({ key: _, at, ...row }) => ({ ...row, at: at.toISOString() })),
    last: end === undefined || rows.length < o.limit ? null : { at: end.key, id: end.decisionId },
  };
}
