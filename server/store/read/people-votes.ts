import { VOTE_ACTIONS, type Vote } from "../../core/datasets/people";
import type { Sql } from "../views/sql";

/**
 * What people said about attempts, by attempt: of each judge and item the newest decision that was not undone, and every
 * item's settlement.
 */
export async function listVotes(sql: Sql, attemptIds: readonly string[]): Promise<Map<string, Vote[]>> {
  const { rows } = await sql.query<Vote & { attemptId: string }>(
    `SELECT * FROM (
       SELECT DISTINCT ON (d.item_id, d.person_id) i.attempt_id AS "attemptId", d.action, i.proposal_id AS "proposalId",
              d.id AS "decisionId", NULL::uuid AS "settlementId", d.content, d.location,
              extract(epoch FROM d.created_at)::float8 * 1000 AS at
       FROM queue_item i JOIN decision d ON d.item_id = i.id
       WHERE i.attempt_id = ANY($1::uuid[]) AND d.action = ANY($2::text[])
         AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes_id = d.id)
       ORDER BY d.item_id, d.person_id, d.created_at DESC, d.id DESC) newest
     UNION ALL
     SELECT i.attempt_id, s.action, i.proposal_id, NULL, s.id, s.content, s.location, extract(epoch FROM s.created_at)::float8 * 1000
     FROM queue_item i JOIN settlement s ON s.item_id = i.id
     WHERE i.attempt_id = ANY($1::uuid[]) AND s.action = ANY($2::text[])`,
    [attemptIds, VOTE_ACTIONS],
  );
  return Map.groupBy(rows, (r) => r.attemptId);
}
