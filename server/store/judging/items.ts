import type { DecisionView, ItemState, SettlementView } from "../../core/views/judging";
import type { Sql } from "../views/sql";
import { prepared } from "./prepared";

/** An item with what does not have to be hidden, and what the rule of visibility asks for. */
export interface ItemRow {
  id: string;
  queueId: string;
  studyId: string;
  attemptId: string;
  problemId: string;
  proposalId: string | null;
  number: number;
  state: ItemState;
  statement: string;
  answer: string;
  reference: string;
  text: string;
  blind: boolean;
  hideProposal: boolean;
  hideOutcomes: boolean;
  closed: boolean;
  /** The asking person has a vote on it. */
  decided: boolean;
  lease: { openedAt: Date; expiresAt: Date } | null;
}

export async function findItem(sql: Sql, itemId: string, personId: string | null): Promise<ItemRow | null> {
  const { rows } = await prepared<Omit<ItemRow, "lease"> & { openedAt: Date | null; expiresAt: Date | null }>(
    sql,
    `SELECT i.id, i.queue_id AS "queueId", q.study_id AS "studyId", i.attempt_id AS "attemptId", a.problem_id AS "problemId",
            i.proposal_id AS "proposalId", i.ordinal + 1 AS number, i.state, p.statement, p.answer, p.reference, a.text,
            q.blind, q.hide_proposal AS "hideProposal", q.hide_outcomes AS "hideOutcomes", q.closed_at IS NOT NULL AS closed,
            EXISTS (SELECT 1 FROM vote v WHERE v.item_id = i.id AND v.person_id = $2) AS decided,
            l.opened_at AS "openedAt", l.expires_at AS "expiresAt"
     FROM queue_item i JOIN queue q ON q.id = i.queue_id JOIN attempt a ON a.id = i.attempt_id JOIN problem p ON p.id = a.problem_id
     LEFT JOIN lease l ON l.item_id = i.id AND l.person_id = $2 AND l.expires_at > now()
     WHERE i.id = $1`,
    [itemId, personId],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { openedAt, expiresAt, ...rest } = row;
  return { ...rest, lease: openedAt === null || expiresAt === null ? null : { openedAt, expiresAt } };
}

/** Others who hold an item just now. */
export async function listHolders(
  sql: Sql,
  itemId: string,
  personId: string | null,
): Promise<{ name: string; expiresAt: Date }[]> {
  const { rows } = await prepared<{ name: string; expiresAt: Date }>(
    sql,
    `SELECT p.name, l.expires_at AS "expiresAt" FROM lease l JOIN person p ON p.id = l.person_id
     WHERE l.item_id = $1 AND l.expires_at > now() AND l.person_id IS DISTINCT FROM $2 ORDER BY p.name`,
    [itemId, personId],
  );
  return rows;
}

const DECISION = `d.id, json_build_object('id', w.id, 'name', w.name) AS person, d.action, d.reason, d.error_type AS "errorType", d.note,
  d.first_error AS "firstError", d.content, d.location, d.created_at AS "createdAt", d.seconds, d.sampled, d.shown,
  d.undoes_id AS "undoesId", v.decision_id IS NOT NULL AS counts`;
const DECISIONS_FROM = `FROM decision d JOIN person w ON w.id = d.person_id LEFT JOIN vote v ON v.decision_id = d.id`;

/** Every decision about an item, oldest first; of one person alone when `only` is set. */
export async function listDecisions(sql: Sql, itemId: string, only?: string): Promise<DecisionView[]> {
  const { rows } = await prepared<DecisionView>(
    sql,
    `SELECT ${DECISION} ${DECISIONS_FROM} WHERE d.item_id = $1 AND ($2::uuid IS NULL OR d.person_id = $2) ORDER BY d.created_at, d.id`,
    [itemId, only ?? null],
  );
  return rows;
}

/** A person's decisions in a queue with the items that they are about, newest first. */
export async function listMine(
  sql: Sql,
  o: { queueId: string; personId: string; limit: number },
): Promise<(DecisionView & { item: { id: string; number: number } })[]> {
  const { rows } = await prepared<DecisionView & { item: { id: string; number: number } }>(
    sql,
    `SELECT ${DECISION}, json_build_object('id', i.id, 'number', i.ordinal + 1) AS item
     ${DECISIONS_FROM} JOIN queue_item i ON i.id = d.item_id
     WHERE i.queue_id = $1 AND d.person_id = $2 ORDER BY d.created_at DESC, d.id DESC LIMIT $3`,
    [o.queueId, o.personId, o.limit],
  );
  return rows;
}

const SETTLEMENT = `s.id, json_build_object('id', w.id, 'name', w.name) AS person, s.decision_id AS "decisionId", s.action, s.reason,
  s.error_type AS "errorType", s.first_error AS "firstError", s.content, s.location, s.note, s.created_at AS "createdAt"`;

/** Every settlement of an item, oldest first; the last one stands. */
export async function listSettlements(sql: Sql, itemId: string): Promise<SettlementView[]> {
  const { rows } = await prepared<SettlementView>(
    sql,
    `SELECT ${SETTLEMENT} FROM settlement s JOIN person w ON w.id = s.person_id WHERE s.item_id = $1 ORDER BY s.created_at, s.id`,
    [itemId],
  );
  return rows;
}

/** The known answer of a gold item; null for others. Asked only where it may be seen. */
export async function findGold(sql: Sql, itemId: string): Promise<{ firstError: number | null; source: string } | null> {
  const { rows } = await prepared<{ gold: { firstError: number | null; source: string } | null }>(
    sql,
    "SELECT gold FROM queue_item WHERE id = $1",
    [itemId],
  );
  return rows[0]?.gold ?? null;
}

/** An item's proposal, with whether it was kept. */
export async function findProposal(
  sql: Sql,
  id: string,
): Promise<{
  content: string;
  location: number;
  author: string;
  leakEquivalent: boolean;
  leakSubstring: boolean;
  kept: boolean | null;
} | null> {
  const { rows } = await prepared<{
    content: string;
    location: number;
    author: string;
    leakEquivalent: boolean;
    leakSubstring: boolean;
    kept: boolean | null;
  }>(
    sql,
    `SELECT content, location, author, leak_equivalent AS "leakEquivalent", leak_substring AS "leakSubstring", kept FROM proposal WHERE id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** Reward and how the text of an attempt ended. */
export async function findEnd(sql: Sql, attemptId: string): Promise<{ reward: number | null; finishReason: string }> {
  const { rows } = await prepared<{ reward: number | null; finishReason: string }>(
    sql,
    `SELECT reward, finish_reason AS "finishReason" FROM attempt WHERE id = $1`,
    [attemptId],
  );
  return rows[0] ?? { reward: null, finishReason: "" };
}

/** Samples and successes after each step where they were measured, over every model and setting. */
export async function listStepCounts(
  sql: Sql,
  attemptId: string,
): Promise<{ step: number; samples: number; correct: number }[]> {
  const { rows } = await prepared<{ step: number; samples: number; correct: number }>(
    sql,
    `SELECT b.step, count(*)::int AS samples, sum(s.reward)::int AS correct FROM branch b JOIN branch_sample s ON s.branch_id = b.id
     WHERE b.attempt_id = $1 AND b.purpose = 'value' AND b.kind = 'continue' GROUP BY b.step ORDER BY b.step`,
    [attemptId],
  );
  return rows;
}
