import type { Label, People } from "../../core/datasets/people";
import { STANDS } from "../judging/stands";
import type { Sql } from "../views/sql";
import { byAttempt } from "./by-attempt";

/** What people said of attempts, by attempt: labels that stand, and items that wait to be settled. Gold items are no opinion. */
export async function listPeople(sql: Sql, attemptIds: readonly string[]): Promise<Map<string, People>> {
  const [stands, differing] = await Promise.all([
    sql.query<Label & { attemptId: string }>(
      `SELECT s.attempt_id AS "attemptId", s.action, s.proposal_id AS "proposalId", s.decision_id AS "decisionId",
              s.settlement_id AS "settlementId", s.first_error AS "firstError", s.content, s.location,
              extract(epoch FROM s.created_at)::float8 * 1000 AS at
       FROM ${STANDS} s WHERE s.attempt_id = ANY($1::uuid[])`,
      [attemptIds],
    ),
    sql.query<{ attemptId: string }>(
      `SELECT DISTINCT attempt_id AS "attemptId" FROM queue_item
       WHERE attempt_id = ANY($1::uuid[]) AND gold IS NULL AND state = 'complete' AND agreed_id IS NULL`,
      [attemptIds],
    ),
  ]);
  const differ = new Set(differing.rows.map((r) => r.attemptId));
  const labels = byAttempt(stands.rows);
  return new Map(
    [...new Set([...labels.keys(), ...differ])].map((id) => [
      id,
      { labels: labels.get(id) ?? [], differ: differ.has(id) },
    ]),
  );
}
