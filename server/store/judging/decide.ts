import type pg from "pg";
import { v7 as uuid } from "uuid";
import type { DecisionContent } from "../../core/judging/decision";
import type { LabelSchema } from "../../core/judging/labels";
import type { Shown } from "../../core/judging/visible";
import { inTransaction, type Tx } from "../transaction";
import type { Sql } from "../views/sql";
import { lockItem, takePlace } from "./reserve";
import { prepared } from "./prepared";

/** An item as a decision meets it, read under its lock. */
export interface DecidingItem {
  id: string;
  queueId: string;
  studyId: string;
  number: number;
  state: "open" | "complete" | "settled";
  decided: number;
  judges: number;
  blind: boolean;
  hideProposal: boolean;
  hideOutcomes: boolean;
  closed: boolean;
  schema: LabelSchema;
  steps: number;
  proposal: { content: string; location: number } | null;
  gold: boolean;
  everComplete: boolean;
  /** The person's own vote. */
  voteId: string | null;
  voteAction: string | null;
  voteAt: Date | null;
  /** They had decided it before and taken it back. */
  takenBack: boolean;
  /** Seconds since they reserved it; null when they hold no reservation, not even one that has run out. */
  heldFor: number | null;
  live: boolean;
  /** Others who hold it just now. */
  holders: string[];
  /** They have had continuations of a correction of their own sampled. */
  sampled: boolean;
}

/** Lock an item and read it as it is now. The lock comes first: what a waiting statement has read is as old as its wait. */
export async function lockDeciding(tx: Tx, itemId: string, personId: string): Promise<DecidingItem | null> {
  if (!(await lockItem(tx, itemId))) return null;
  const { rows } = await prepared<DecidingItem>(
    tx,
    `SELECT i.id, i.queue_id AS "queueId", q.study_id AS "studyId", i.ordinal + 1 AS number, i.state, i.decided, q.judges, q.blind,
            q.hide_proposal AS "hideProposal", q.hide_outcomes AS "hideOutcomes", q.closed_at IS NOT NULL AS closed, q.schema,
            a.steps, CASE WHEN p.id IS NULL THEN NULL ELSE json_build_object('content', p.content, 'location', p.location) END AS proposal,
            i.gold IS NOT NULL AS gold, i.completed_at IS NOT NULL AS "everComplete",
            d.id AS "voteId", d.action AS "voteAction", d.created_at AS "voteAt",
            EXISTS (SELECT 1 FROM decision u WHERE u.item_id = i.id AND u.person_id = $2 AND u.action = 'undo' AND EXISTS (
                      SELECT 1 FROM decision w WHERE w.id = u.undoes_id AND w.action <> 'skip')) AS "takenBack",
            extract(epoch FROM now() - l.opened_at)::float8 AS "heldFor", coalesce(l.expires_at > now(), false) AS live,
            ARRAY(SELECT o.name FROM lease x JOIN person o ON o.id = x.person_id
                  WHERE x.item_id = i.id AND x.person_id <> $2 AND x.expires_at > now() ORDER BY o.name) AS holders,
            EXISTS (SELECT 1 FROM branch b WHERE b.attempt_id = i.attempt_id AND b.person_id = $2 AND b.purpose = 'judge') AS sampled
     FROM queue_item i JOIN queue q ON q.id = i.queue_id JOIN attempt a ON a.id = i.attempt_id
     LEFT JOIN proposal p ON p.id = i.proposal_id
     LEFT JOIN vote v ON v.item_id = i.id AND v.person_id = $2 LEFT JOIN decision d ON d.id = v.decision_id
     LEFT JOIN lease l ON l.item_id = i.id AND l.person_id = $2
     WHERE i.id = $1`,
    [itemId, personId],
  );
  return rows[0] ?? null;
}

export interface NewDecision {
  itemId: string;
  personId: string;
  content: DecisionContent;
  shown: Shown;
  seconds: number;
  sampled: boolean;
  clientKey: string;
}

/** The decision that was kept under a client's key; null when there is none. */
export async function findByClientKey(
  sql: Sql,
  clientKey: string,
): Promise<{ id: string; itemId: string; personId: string; state: DecidingItem["state"]; action: string } | null> {
  const { rows } = await prepared<{ id: string; itemId: string; personId: string; state: DecidingItem["state"]; action: string }>(
    sql,
    `SELECT d.id, d.item_id AS "itemId", d.person_id AS "personId", i.state, d.action
     FROM decision d JOIN queue_item i ON i.id = d.item_id WHERE d.client_key = $1`,
    [clientKey],
  );
  return rows[0] ?? null;
}

const INSERT_DECISION = `INSERT INTO decision (id, item_id, person_id, action, reason, error_type, note, first_error, content, location,
  undoes_id, shown, seconds, sampled, client_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`;

function decisionValues(d: NewDecision, id: string, undoesId: string | null): unknown[] {
  const c = d.content;
  return [
    id,
    d.itemId,
    d.personId,
    c.action,
    c.reason,
    c.errorType,
    c.note,
    c.firstError,
    c.content,
    c.location,
    undoesId,
    JSON.stringify(d.shown),
    d.seconds,
    d.sampled,
    d.clientKey,
  ];
}

/** Keep a skip: the item goes back, and is offered to this person again when nothing else is left. @returns its id. */
export async function insertSkip(tx: Tx, d: NewDecision): Promise<string> {
  const id = uuid();
  await prepared(
    tx,
    `WITH kept AS (${INSERT_DECISION} RETURNING item_id, person_id)
     DELETE FROM lease l USING kept WHERE l.item_id = kept.item_id AND l.person_id = kept.person_id`,
    decisionValues(d, id, null),
  );
  return id;
}

/**
 * Keep a vote on a locked item that has a place for it: the decision, that it counts, the item's count, the end of the reservation
 * and of the draft, in one statement. @returns its id and the item's votes now.
 */
export async function insertVote(tx: Tx, d: NewDecision): Promise<{ id: string; decided: number }> {
  const id = uuid();
  const { rows } = await prepared<{ decided: number }>(
    tx,
    `WITH kept AS (${INSERT_DECISION} RETURNING id, item_id, person_id),
     counts AS (INSERT INTO vote (item_id, person_id, decision_id) SELECT item_id, person_id, id FROM kept),
     free AS (DELETE FROM lease l USING kept WHERE l.item_id = kept.item_id AND l.person_id = kept.person_id),
     clear AS (UPDATE draft f SET body = NULL, version = f.version + 1, updated_at = now() FROM kept
               WHERE f.item_id = kept.item_id AND f.person_id = kept.person_id)
     UPDATE queue_item i SET decided = i.decided + 1 FROM kept WHERE i.id = kept.item_id RETURNING i.decided`,
    decisionValues(d, id, null),
  );
  return { id, decided: rows[0]?.decided ?? 0 };
}

/** The votes of an item in the order in which they were given. */
export async function listVotesOf(tx: Sql, itemId: string): Promise<(DecisionContent & { id: string; personId: string })[]> {
  const { rows } = await prepared<DecisionContent & { id: string; personId: string }>(
    tx,
    `SELECT d.id, d.person_id AS "personId", d.action, d.reason, d.error_type AS "errorType", d.note, d.first_error AS "firstError",
            d.content, d.location
     FROM vote v JOIN decision d ON d.id = v.decision_id WHERE v.item_id = $1 ORDER BY d.created_at, d.id`,
    [itemId],
  );
  return rows;
}

/** The item has all of its votes: say so, and which of them stands for all (null while they differ). */
export async function markComplete(tx: Tx, itemId: string, agreedId: string | null): Promise<void> {
  await prepared(
    tx,
    `WITH gone AS (DELETE FROM lease WHERE item_id = $1)
     UPDATE queue_item SET state = 'complete', completed_at = coalesce(completed_at, now()), agreed_id = $2 WHERE id = $1`,
    [itemId, agreedId],
  );
}

export interface LastDecision extends DecisionContent {
  id: string;
  itemId: string;
}

/** The newest decision (or the one named) of a person in a queue that was not taken back. */
export async function findLast(
  sql: Sql,
  o: { queueId: string; personId: string; decisionId: string | null },
): Promise<LastDecision | null> {
  const { rows } = await prepared<LastDecision>(
    sql,
    `SELECT d.id, d.item_id AS "itemId", d.action, d.reason, d.error_type AS "errorType", d.note, d.first_error AS "firstError",
            d.content, d.location
     FROM decision d JOIN queue_item i ON i.id = d.item_id
     WHERE i.queue_id = $1 AND d.person_id = $2 AND d.action <> 'undo' AND ($3::uuid IS NULL OR d.id = $3)
       AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes_id = d.id)
       -- An older vote on an item that was decided anew is history.
       AND (d.action = 'skip' OR EXISTS (SELECT 1 FROM vote v WHERE v.decision_id = d.id))
     ORDER BY d.created_at DESC, d.id DESC LIMIT 1`,
    [o.queueId, o.personId, o.decisionId],
  );
  return rows[0] ?? null;
}

/**
 * Take a decision back on its locked item: a row of its own says so, the vote goes, the item is open again and reserved for its
 * judge, and the draft is what was decided.
 * @returns false when its place was taken meanwhile (of a skipped item).
 */
export async function insertUndo(tx: Tx, d: NewDecision, undone: LastDecision): Promise<boolean> {
  await prepared(tx, INSERT_DECISION, decisionValues(d, uuid(), undone.id));
  if (undone.action !== "skip") {
    await prepared(
      tx,
      `WITH gone AS (DELETE FROM vote WHERE decision_id = $2)
       UPDATE queue_item SET decided = decided - 1, state = 'open', agreed_id = NULL WHERE id = $1`,
      [d.itemId, undone.id],
    );
    const { action, reason, errorType, note, firstError, content, location } = undone;
    await prepared(
      tx,
      `INSERT INTO draft (item_id, person_id, body, updated_at) VALUES ($1, $2, $3, now())
       ON CONFLICT (item_id, person_id) DO UPDATE SET body = excluded.body, version = draft.version + 1, updated_at = now()`,
      [d.itemId, d.personId, JSON.stringify({ action, reason, errorType, note, firstError, content, location })],
    );
  }
  return takePlace(tx, d.itemId, d.personId);
}

/** One transaction over one locked item. */
export function withItem<T>(
  pool: pg.Pool,
  key: { itemId: string; personId: string },
  work: (tx: Tx, item: DecidingItem) => Promise<T>,
): Promise<T | null> {
  return inTransaction(pool, async (tx) => {
    const item = await lockDeciding(tx, key.itemId, key.personId);
    return item === null ? null : work(tx, item);
  });
}
