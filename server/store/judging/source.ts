import type { QueueSource } from "../../core/judging/source";
import type { QueueSubject } from "../../core/views/judging";
import { ATTEMPTS_FROM, attemptConditions, attemptOrder } from "../views/attempt-list";
import type { Sql } from "../views/sql";

/** One thing to judge. */
export interface SourceRow {
  attemptId: string;
  proposalId: string | null;
  problemId: string;
}

const UNREAD = "('unparsed', 'out_of_range', 'cut_off')";

/** Mean reward after step b.step, over every value branch of the attempt there. */
const VALUES = `SELECT b.step, avg(s.reward) AS v FROM branch b JOIN branch_sample s ON s.branch_id = b.id
  WHERE b.attempt_id = a.id AND b.purpose = 'value' AND b.kind = 'continue' GROUP BY b.step`;

/** FROM and WHERE of what a source finds; `values` is extended in place. */
function found(studyId: string, subject: QueueSubject, source: QueueSource, values: unknown[]): string {
  const add = (value: unknown) => `$${values.push(value)}`;
  const where = attemptConditions(studyId, source.attempts, values);
  if (source.unparsed === "some")
    where.push(`EXISTS (SELECT 1 FROM verification v WHERE v.attempt_id = a.id AND v.outcome IN ${UNREAD})`);
  if (source.unparsed === "all")
    where.push(`(SELECT count(*) > 0 AND bool_and(v.outcome IN ${UNREAD}) FROM verification v WHERE v.attempt_id = a.id)`);
  if (source.disagree === true)
    where.push(
      `(SELECT count(DISTINCT coalesce(v.first_error, 0)) > 1 FROM verification v
        WHERE v.attempt_id = a.id AND (v.first_error IS NOT NULL OR v.outcome = 'no_error'))`,
    );
  if (source.valueDrop !== undefined)
    where.push(
      `EXISTS (SELECT 1 FROM (SELECT v, lag(v) OVER (ORDER BY step) AS before FROM (${VALUES}) x) y WHERE y.before - y.v >= ${add(source.valueDrop)}::float8)`,
    );
  if (subject === "attempt") return `${ATTEMPTS_FROM} WHERE ${where.join(" AND ")}`;
  const own = source.proposals === "chosen" ? "subject.chosen" : "true";
  return `${ATTEMPTS_FROM} JOIN proposal subject ON subject.attempt_id = a.id AND ${own} WHERE ${where.join(" AND ")}`;
}

/** How many there are, up to `cap`; and of how many problems (of those counted). */
export async function countSource(
  sql: Sql,
  o: { studyId: string; subject: QueueSubject; source: QueueSource; cap: number },
): Promise<{ count: number }> {
  const values: unknown[] = [];
  const from = found(o.studyId, o.subject, o.source, values);
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (SELECT 1 ${from} LIMIT ${o.cap + 1}) x`,
    values,
  );
  return { count: rows[0]?.count ?? 0 };
}

/**
 * What a source finds: drawn by its seed when it asks for a sample (the same seed draws the same ones as long as the rows are the
 * same), in the table's order otherwise.
 */
export async function listSource(
  sql: Sql,
  o: { studyId: string; subject: QueueSubject; source: QueueSource; limit: number },
): Promise<SourceRow[]> {
  const { studyId, subject, source } = o;
  const values: unknown[] = [];
  const from = found(studyId, subject, source, values);
  const id = subject === "attempt" ? "a.id" : "subject.id";
  const order = source.sample ? `md5($${values.push(String(source.sample.seed))} || ${id}::text), ${id}` : `${attemptOrder(source.attempts)}, ${id}`;
  const limit = Math.min(source.sample?.size ?? o.limit, o.limit);
  const { rows } = await sql.query<SourceRow>(
    `SELECT a.id AS "attemptId", ${subject === "attempt" ? "NULL::uuid" : "subject.id"} AS "proposalId", a.problem_id AS "problemId"
     ${from} ORDER BY ${order} LIMIT ${limit}`,
    values,
  );
  if (!source.sample || source.order === "shuffled") return rows;
  // A sample in the table's order: ids say nothing of it, so it is asked for once more.
  const wanted = new Map(rows.map((r) => [r.proposalId ?? r.attemptId, r]));
  const again: unknown[] = [];
  const all = found(studyId, subject, source, again);
  const sorted = await sql.query<{ id: string }>(
    `SELECT ${id} AS id ${all} AND ${id} = ANY($${again.push([...wanted.keys()])}::uuid[]) ORDER BY ${attemptOrder(source.attempts)}, ${id}`,
    again,
  );
  return sorted.rows.flatMap((r) => wanted.get(r.id) ?? []);
}

export interface GoldRow extends SourceRow {
  firstError: number | null;
  source: string;
}

/** Labelled attempts of a study that could serve as gold, drawn by a seed. With subject "proposal" those that have a chosen one. */
export async function listGold(
  sql: Sql,
  o: { studyId: string; subject: QueueSubject; source: string | undefined; seed: number; limit: number },
): Promise<GoldRow[]> {
  const { rows } = await sql.query<GoldRow>(
    `SELECT * FROM (
       SELECT DISTINCT ON (a.id) a.id AS "attemptId", ${o.subject === "attempt" ? "NULL::uuid" : "p.id"} AS "proposalId",
              a.problem_id AS "problemId", l.first_error AS "firstError", l.source
       FROM label l JOIN attempt a ON a.id = l.attempt_id JOIN run r ON r.id = a.run_id AND r.study_id = $1
       ${o.subject === "attempt" ? "" : "JOIN proposal p ON p.attempt_id = a.id AND p.chosen"}
       WHERE ($2::text IS NULL OR l.source = $2)
       ORDER BY a.id, l.source) g
     ORDER BY md5($3 || g."attemptId"::text) LIMIT $4`,
    [o.studyId, o.source ?? null, `gold ${o.seed}`, o.limit],
  );
  return rows;
}

/** Sources of labels with how many attempts each has that could serve. */
export async function listGoldSources(
  sql: Sql,
  studyId: string,
  subject: QueueSubject,
): Promise<{ source: string; attempts: number }[]> {
  const { rows } = await sql.query<{ source: string; attempts: number }>(
    `SELECT l.source, count(*)::int AS attempts FROM label l JOIN attempt a ON a.id = l.attempt_id
     JOIN run r ON r.id = a.run_id AND r.study_id = $1
     WHERE $2 = 'attempt' OR EXISTS (SELECT 1 FROM proposal p WHERE p.attempt_id = a.id AND p.chosen)
     GROUP BY l.source ORDER BY l.source`,
    [studyId, subject],
  );
  return rows;
}
