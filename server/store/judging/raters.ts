import type { VoteAction } from "../../core/judging/labels";
import type { Sql } from "../views/sql";

/** One vote on an item whose votes may be compared. */
export interface VoteRow {
  itemId: string;
  personId: string;
  person: string;
  action: VoteAction;
  firstError: number | null;
  /** In a blind queue: others' votes could have been seen before. */
  notBlind: boolean;
}

/**
 * Votes of a queue for statistics. Of a blind queue only complete items: what agreement says of open ones would tell their judges
 * what the others said.
 */
export async function listVoteRows(sql: Sql, queueId: string): Promise<VoteRow[]> {
  const { rows } = await sql.query<VoteRow>(
    `SELECT v.item_id AS "itemId", p.id AS "personId", p.name AS person, d.action, d.first_error AS "firstError",
            q.blind AND coalesce((d.shown->>'reopened')::boolean, false) AS "notBlind"
     FROM queue_item i JOIN queue q ON q.id = i.queue_id JOIN vote v ON v.item_id = i.id JOIN decision d ON d.id = v.decision_id
     JOIN person p ON p.id = v.person_id
     WHERE i.queue_id = $1 AND (NOT q.blind OR i.state <> 'open' OR q.closed_at IS NOT NULL)
     ORDER BY i.ordinal, d.created_at`,
    [queueId],
  );
  return rows;
}

/** What the model says of each item whose votes may be compared, and what is known of it. */
export interface ItemSaysRow {
  itemId: string;
  steps: number;
  /** It was verified, or has a proposal. */
  asked: boolean;
  /** The step of its proposal, else the one that most of its samples name; null: no error (or nothing to be read). */
  says: number | null;
  /** Nothing in its samples could be read. */
  unread: boolean;
  gold: { firstError: number | null } | null;
  /** The label that stands, where one does. */
  standing: VoteAction | null;
  standingError: number | null;
}

export async function listItemSays(sql: Sql, queueId: string): Promise<ItemSaysRow[]> {
  const { rows } = await sql.query<ItemSaysRow>(
    `SELECT i.id AS "itemId", a.steps, (p.id IS NOT NULL OR c.id IS NOT NULL OR m.n > 0) AS asked,
            coalesce(CASE WHEN p.author = 'model' THEN p.location END, c.location, m.most) AS says,
            (p.id IS NULL AND c.id IS NULL AND m.n > 0 AND m.readable = 0) AS unread, i.gold,
            coalesce(s.action, d.action) AS standing, CASE WHEN s.id IS NOT NULL THEN s.first_error ELSE d.first_error END AS "standingError"
     FROM queue_item i JOIN queue q ON q.id = i.queue_id JOIN attempt a ON a.id = i.attempt_id
     LEFT JOIN proposal p ON p.id = i.proposal_id
     LEFT JOIN proposal c ON c.attempt_id = i.attempt_id AND c.chosen AND c.author = 'model'
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS n, count(*) FILTER (WHERE v.first_error IS NOT NULL OR v.outcome = 'no_error')::int AS readable,
              nullif(mode() WITHIN GROUP (ORDER BY coalesce(v.first_error, 0))
                FILTER (WHERE v.first_error IS NOT NULL OR v.outcome = 'no_error'), 0) AS most
       FROM verification v WHERE v.attempt_id = i.attempt_id
     ) m
     LEFT JOIN decision d ON d.id = i.agreed_id AND i.state = 'complete'
     LEFT JOIN settlement s ON s.item_id = i.id AND NOT EXISTS (SELECT 1 FROM settlement n WHERE n.replaces_id = s.id)
     WHERE i.queue_id = $1 AND (NOT q.blind OR i.state <> 'open' OR q.closed_at IS NOT NULL) ORDER BY i.ordinal`,
    [queueId],
  );
  return rows;
}
