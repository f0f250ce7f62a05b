import type { Sql } from "../views/sql";

export interface QueueCounts {
  items: number;
  complete: number;
  settled: number;
  differing: number;
  votes: number;
  votesWanted: number;
  medianSeconds: number | null;
  atWork: number;
}

export async function countProgress(sql: Sql, queueId: string): Promise<QueueCounts> {
  const { rows } = await sql.query<QueueCounts>(
    `SELECT count(*)::int AS items, count(*) FILTER (WHERE i.state <> 'open')::int AS complete,
            count(*) FILTER (WHERE i.state = 'settled')::int AS settled,
            count(*) FILTER (WHERE i.state = 'complete' AND i.agreed_id IS NULL AND i.gold IS NULL)::int AS differing,
            coalesce(sum(i.decided), 0)::int AS votes, coalesce(sum(q.judges), 0)::int AS "votesWanted",
            (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d.seconds) FROM vote v JOIN decision d ON d.id = v.decision_id
             JOIN queue_item x ON x.id = v.item_id WHERE x.queue_id = $1) AS "medianSeconds",
            (SELECT count(DISTINCT w.person_id)::int FROM (
               SELECT l.person_id FROM lease l JOIN queue_item x ON x.id = l.item_id WHERE x.queue_id = $1 AND l.expires_at > now()
               UNION SELECT d.person_id FROM decision d JOIN queue_item x ON x.id = d.item_id
               WHERE x.queue_id = $1 AND d.created_at > now() - interval '10 minutes') w) AS "atWork"
     FROM queue_item i JOIN queue q ON q.id = i.queue_id WHERE i.queue_id = $1`,
    [queueId],
  );
  const counts = rows[0];
  if (counts === undefined) throw new Error("an aggregate without groups always has one row");
  return counts;
}

export interface JudgeRow {
  id: string;
  name: string;
  votes: number;
  skips: number;
  undos: number;
  flags: number;
  medianSeconds: number | null;
  lastHour: number;
  lastAt: Date | null;
  left: number;
  holds: { number: number; openedAt: string; expiresAt: string }[];
}

/** Everybody who decided something in a queue or holds an item of it, most votes first. */
export async function listJudges(sql: Sql, queueId: string): Promise<JudgeRow[]> {
  const { rows } = await sql.query<JudgeRow>(
    `WITH own AS (SELECT id, ordinal, state FROM queue_item WHERE queue_id = $1),
     d AS (
       SELECT d.person_id, count(v.decision_id)::int AS votes, count(*) FILTER (WHERE d.action = 'skip')::int AS skips,
              count(*) FILTER (WHERE d.action = 'undo')::int AS undos,
              count(v.decision_id) FILTER (WHERE d.action = 'flag')::int AS flags,
              percentile_cont(0.5) WITHIN GROUP (ORDER BY d.seconds) FILTER (WHERE v.decision_id IS NOT NULL) AS median,
              count(v.decision_id) FILTER (WHERE d.created_at > now() - interval '1 hour')::int AS hour,
              max(d.created_at) AS last, count(v.decision_id) FILTER (WHERE i.state = 'open')::int AS open_votes
       FROM own i JOIN decision d ON d.item_id = i.id LEFT JOIN vote v ON v.decision_id = d.id GROUP BY d.person_id
     ), l AS (
       SELECT l.person_id, json_agg(json_build_object('number', i.ordinal + 1, 'openedAt', l.opened_at, 'expiresAt', l.expires_at)
                                    ORDER BY i.ordinal) AS holds
       FROM own i JOIN lease l ON l.item_id = i.id AND l.expires_at > now() GROUP BY l.person_id
     )
     SELECT p.id, p.name, coalesce(d.votes, 0) AS votes, coalesce(d.skips, 0) AS skips, coalesce(d.undos, 0) AS undos,
            coalesce(d.flags, 0) AS flags, d.median AS "medianSeconds", coalesce(d.hour, 0) AS "lastHour", d.last AS "lastAt",
            ((SELECT count(*) FROM own WHERE state = 'open') - coalesce(d.open_votes, 0))::int AS "left", coalesce(l.holds, '[]') AS holds
     FROM d FULL JOIN l ON l.person_id = d.person_id JOIN person p ON p.id = coalesce(d.person_id, l.person_id)
     ORDER BY coalesce(d.votes, 0) DESC, p.name`,
    [queueId],
  );
  return rows;
}
