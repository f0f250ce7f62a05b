import type { LabelSchema } from "../../core/judging/labels";
import type { GoldChoice, QueueSource } from "../../core/judging/source";
import type { QueueCard, QueueSubject } from "../../core/views/judging";
import type { Sql } from "../views/sql";

/** A queue as its row has it. */
export interface QueueRow {
  id: string;
  studyId: string;
  studyName: string;
  name: string;
  subject: QueueSubject;
  instructions: string;
  schema: LabelSchema;
  judges: number;
  blind: boolean;
  hideProposal: boolean;
  hideOutcomes: boolean;
  leaseSeconds: number;
  filter: { source: QueueSource; gold: GoldChoice };
  createdBy: string;
  createdAt: Date;
  closedAt: Date | null;
}

const COLUMNS = `q.id, q.study_id AS "studyId", s.name AS "studyName", q.name, q.subject, q.instructions, q.schema, q.judges,
  q.blind, q.hide_proposal AS "hideProposal", q.hide_outcomes AS "hideOutcomes", q.lease_seconds AS "leaseSeconds",
  q.filter, q.created_by AS "createdBy", q.created_at AS "createdAt", q.closed_at AS "closedAt"`;

export async function findQueue(sql: Sql, id: string): Promise<QueueRow | null> {
  const { rows } = await sql.query<QueueRow>(
    `SELECT ${COLUMNS} FROM queue q JOIN study s ON s.id = q.study_id WHERE q.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** Decisions of every kind that a queue holds. */
export async function countDecisions(sql: Sql, queueId: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM decision d JOIN queue_item i ON i.id = d.item_id WHERE i.queue_id = $1",
    [queueId],
  );
  return rows[0]?.n ?? 0;
}

export type CardRow = Omit<QueueCard, "mine"> & { mineVotes: number; mineLeft: number };

/** Queues of a study (or one of them) with their counts, newest first. */
export async function listQueueCards(
  sql: Sql,
  of: { studyId: string } | { queueId: string },
  personId: string | null,
): Promise<CardRow[]> {
  const [where, id] = "studyId" in of ? ["q.study_id = $1", of.studyId] : ["q.id = $1", of.queueId];
  const { rows } = await sql.query<CardRow>(
    `SELECT q.id, q.name, q.subject, q.judges, q.blind, q.hide_proposal AS "hideProposal", q.hide_outcomes AS "hideOutcomes",
            q.created_by AS "createdBy", q.created_at AS "createdAt", q.closed_at AS "closedAt",
            c.items, c.complete, c.votes, c.items * q.judges AS "votesWanted", c.differing, c."mineVotes",
            CASE WHEN q.closed_at IS NULL AND $2::uuid IS NOT NULL THEN c."mineLeft" ELSE 0 END AS "mineLeft",
            (SELECT count(DISTINCT l.person_id)::int FROM lease l JOIN queue_item i ON i.id = l.item_id
             WHERE i.queue_id = q.id AND l.expires_at > now()) AS "atWork"
     FROM queue q CROSS JOIN LATERAL (
       SELECT count(*)::int AS items, count(*) FILTER (WHERE i.state <> 'open')::int AS complete,
              coalesce(sum(i.decided), 0)::int AS votes,
              count(*) FILTER (WHERE i.state = 'complete' AND i.agreed_id IS NULL AND i.gold IS NULL)::int AS differing,
              count(v.decision_id)::int AS "mineVotes",
              count(*) FILTER (WHERE i.state = 'open' AND v.decision_id IS NULL)::int AS "mineLeft"
       FROM queue_item i LEFT JOIN vote v ON v.item_id = i.id AND v.person_id = $2
       WHERE i.queue_id = q.id
     ) c
     WHERE ${where} ORDER BY q.created_at DESC, q.id DESC`,
    [id, personId],
  );
  return rows;
}

/** Change what may be changed of a queue. @returns false when labels were to be changed and it holds decisions by now: nothing is changed then. */
export async function updateQueue(
  sql: Sql,
  id: string,
  change: { instructions?: string | undefined; schema?: LabelSchema | undefined },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    "UPDATE queue SET instructions = coalesce($2, instructions), schema = coalesce($3::jsonb, schema) WHERE id = $1 AND ($3::jsonb IS NULL OR schema = $3::jsonb OR NOT EXISTS (SELECT 1 FROM decision d JOIN queue_item i ON i.id = d.item_id WHERE i.queue_id = $1))",
    [id, change.instructions ?? null, change.schema === undefined ? null : JSON.stringify(change.schema)],
  );
  return rowCount === 1;
}

/**
 * Close a queue (nobody is asked any more, and what was hidden can be seen) or open it again. Its open items are marked: what
 * is decided about them afterwards is not blind any more.
 */
export async function setClosed(sql: Sql, id: string, closed: boolean): Promise<void> {
  if (closed) {
    await sql.query(
      `WITH q AS (UPDATE queue SET closed_at = coalesce(closed_at, now()) WHERE id = $1 RETURNING id)
       UPDATE queue_item i SET completed_at = coalesce(i.completed_at, now()) FROM q
       WHERE i.queue_id = q.id AND i.state = 'open' AND i.decided > 0`,
      [id],
    );
    await sql.query("DELETE FROM lease l USING queue_item i WHERE i.id = l.item_id AND i.queue_id = $1", [id]);
  } else await sql.query("UPDATE queue SET closed_at = NULL WHERE id = $1", [id]);
}
