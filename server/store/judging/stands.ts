import type { SettleAction } from "../../core/judging/labels";
import type { Sql } from "../views/sql";

/**
 * What people say of an item, in the end: the settlement where there is one, else the decision on which all of its judges agree.
 * Gold items are no opinion, and are left out. As an SQL row source.
 */
export const STANDS = `(
  SELECT i.id AS item_id, i.queue_id, i.attempt_id, i.proposal_id, d.id AS decision_id, NULL::uuid AS settlement_id, d.action, d.reason,
         d.error_type, d.first_error, d.content, d.location, d.created_at
  FROM queue_item i JOIN decision d ON d.id = i.agreed_id WHERE i.state = 'complete' AND i.gold IS NULL
  UNION ALL
  SELECT i.id, i.queue_id, i.attempt_id, i.proposal_id, s.decision_id, s.id, s.action, s.reason, s.error_type, s.first_error, s.content,
         s.location, s.created_at
  FROM queue_item i JOIN settlement s ON s.item_id = i.id AND NOT EXISTS (SELECT 1 FROM settlement n WHERE n.replaces_id = s.id)
  WHERE i.state = 'settled' AND i.gold IS NULL
)`;

/** The person's version of a label that stands, as a join condition between proposal p and stands s. */
const VERSION = "(p.decision_id = s.decision_id OR p.settlement_id = s.settlement_id) AND p.attempt_id = s.attempt_id";

/** One attempt's label that stands: the newest, should several queues have judged it. */
export interface StandingRow {
  attemptId: string;
  itemId: string;
  action: SettleAction;
  firstError: number | null;
  /** The model's proposal was there, and where. */
  modelLocation: number | null;
  /** The person's version, once there is a row of it. */
  proposalId: string | null;
  /** Its continuations asked for and made; 0 of 0 before there are any. */
  wanted: number;
  samples: number;
  correct: number;
  /** Why it could not be sampled, for people; "" when it can. */
  error: string;
}

/** The labels that stand in a study, one for each attempt, with people's versions and their continuations. */
export async function listStanding(sql: Sql, studyId: string): Promise<StandingRow[]> {
  const { rows } = await sql.query<StandingRow>(
    `SELECT s.attempt_id AS "attemptId", s.item_id AS "itemId", s.action, s.first_error AS "firstError", m.location AS "modelLocation",
            v.id AS "proposalId", coalesce(w.units, 0)::int AS wanted, coalesce(w.error, '') AS error, coalesce(c.n, 0)::int AS samples, coalesce(c.c, 0)::int AS correct
     FROM (SELECT DISTINCT ON (x.attempt_id) x.* FROM ${STANDS} x JOIN queue q ON q.id = x.queue_id AND q.study_id = $1
           ORDER BY x.attempt_id, x.created_at DESC, x.item_id) s
     LEFT JOIN proposal m ON m.attempt_id = s.attempt_id AND m.chosen
     LEFT JOIN LATERAL (SELECT p.id FROM proposal p WHERE s.action = 'edit' AND ${VERSION} LIMIT 1) v ON true
     LEFT JOIN LATERAL (SELECT sum(i.units) AS units, max(i.error) FILTER (WHERE i.state = 'failed') AS error
                        FROM work_item i WHERE i.target_id = v.id AND i.arm = 'intervention') w ON true
     LEFT JOIN LATERAL (SELECT count(*) AS n, sum(reward) AS c FROM continuation k WHERE k.proposal_id = v.id AND k.arm = 'intervention') c ON true
     ORDER BY s.attempt_id`,
    [studyId],
  );
  return rows;
}

/** Samples of the model's interventions of a pipeline, by attempt. */
export async function listModelCounts(
  sql: Sql,
  pipelineId: string,
): Promise<{ attemptId: string; problemId: string; n: number; c: number }[]> {
  const { rows } = await sql.query<{ attemptId: string; problemId: string; n: number; c: number }>(
    `SELECT k.attempt_id AS "attemptId", k.problem_id AS "problemId", count(*)::int AS n, sum(k.reward)::int AS c
     FROM continuation k JOIN proposal p ON p.id = k.proposal_id AND p.author = 'model'
     WHERE k.run_id = ANY(ARRAY(SELECT id FROM run WHERE pipeline_id = $1 AND stage = 'continue')) AND k.arm = 'intervention'
     GROUP BY 1, 2`,
    [pipelineId],
  );
  return rows;
}

/** The problems of some attempts. */
export async function listProblemsOf(
  sql: Sql,
  attemptIds: readonly string[],
): Promise<{ attemptId: string; problemId: string; ordinal: number; start: string }[]> {
  const { rows } = await sql.query<{ attemptId: string; problemId: string; ordinal: number; start: string }>(
    `SELECT a.id AS "attemptId", p.id AS "problemId", p.ordinal, left(p.statement, 160) AS start
     FROM attempt a JOIN problem p ON p.id = a.problem_id WHERE a.id = ANY($1::uuid[])`,
    [attemptIds],
  );
  return rows;
}

/** A version of people that is not sampled yet. */
export interface UnsampledRow {
  itemId: string;
  studyId: string;
  studyName: string;
  attemptId: string;
  decisionId: string | null;
  settlementId: string | null;
  content: string;
  location: number;
  /** The version's row, where there is one already. */
  proposalId: string | null;
  /** Where the model's chosen proposal stands, and was sampled; null where it has none. */
  sampledLocation: number | null;
}

/** Rewritten interventions that stand and whose continuations nobody has asked for, oldest first. */
export async function listUnsampled(
  sql: Sql,
  of: { queueId: string } | { studyId: string },
  limit: number,
): Promise<UnsampledRow[]> {
  const [where, id] = "queueId" in of ? ["q.id = $1", of.queueId] : ["q.study_id = $1", of.studyId];
  const { rows } = await sql.query<UnsampledRow>(
    `SELECT s.item_id AS "itemId", t.id AS "studyId", t.name AS "studyName", s.attempt_id AS "attemptId", s.decision_id AS "decisionId",
            s.settlement_id AS "settlementId", s.content, s.location, p.id AS "proposalId", m.location AS "sampledLocation"
     FROM ${STANDS} s JOIN queue q ON q.id = s.queue_id JOIN study t ON t.id = q.study_id
     LEFT JOIN proposal p ON ${VERSION}
     LEFT JOIN proposal m ON m.attempt_id = s.attempt_id AND m.chosen AND EXISTS (
       SELECT 1 FROM continuation k WHERE k.attempt_id = s.attempt_id AND k.arm = 'original' AND k.target_id = m.id)
     WHERE ${where} AND s.action = 'edit' AND s.content IS NOT NULL AND s.location IS NOT NULL
       AND (p.id IS NULL OR NOT EXISTS (SELECT 1 FROM work_item w WHERE w.target_id = p.id AND w.arm = 'intervention'))
     ORDER BY s.created_at, s.item_id LIMIT $2`,
    [id, limit],
  );
  return rows;
}
