import { GENERATOR_LABEL } from "../../core/lab/label";
import type { AttemptPage, AttemptQuery, AttemptRow, AttemptSort, Neighbours } from "../../core/views/attempts";
import { locatedFilterOf } from "../../core/views/localisation";
import { toJudgeBlind } from "../judging/blind";
import { locatedCondition } from "./located";
import type { Sql } from "./sql";

/**
 * The whitelist of sorts: the expressions that make a total order, last the id. Each is never null, so that a row
 * comparison can page through them (keyset: the cost of page 500 is that of page 1).
 */
const SORT_KEYS: Record<AttemptSort, string[]> = {
  problem: ["p.ordinal", "a.sample_index"],
  reward: ["coalesce(a.reward, -1)", "p.ordinal", "a.sample_index"],
  steps: ["a.steps"],
  tokens: ["a.tokens"],
  error: ["coalesce(chosen.location, 2147483647)", "p.ordinal", "a.sample_index"],
  added: [], // ids rise with time
};

/** Rows an attempts list ranges over; no long text among them. */
export const ATTEMPTS_FROM = `FROM attempt a
  JOIN problem p ON p.id = a.problem_id
  LEFT JOIN proposal chosen ON chosen.attempt_id = a.id AND chosen.chosen`;

interface Cursor {
  keys: number[];
  id: string;
}

function encode(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([...cursor.keys, cursor.id])).toString("base64url");
}

function decode(text: string, length: number): Cursor | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (!Array.isArray(parts) || parts.length !== length + 1) return null;
    const keys = parts.slice(0, -1).map(Number);
    const id: unknown = parts.at(-1);
    return keys.every(Number.isSafeInteger) && typeof id === "string" && /^[0-9a-f-]{36}$/.test(id)
      ? { keys, id }
      : null;
  } catch {
    return null;
  }
}

/**
 * WHERE clauses of a query and their values; `values` is extended in place.
 *
 * @param judge leave out what this person is still to judge blind: that it is found (or not) would tell.
 */
export function attemptConditions(
  studyId: string,
  query: AttemptQuery,
  values: unknown[],
  judge: string | null = null,
): string[] {
  const add = (value: unknown) => `$${values.push(value)}`;
  const where = [
    // Samples of evaluations (the rollouts that wait in a chain) are looked at by their run.
    query.run === undefined
      ? `a.run_id = ANY(ARRAY(SELECT id FROM run WHERE study_id = ${add(studyId)} AND stage IN ('rollout', 'import') AND NOT waits))`
      : `a.run_id = ${add(query.run)} AND p.study_id = ${add(studyId)}`,
  ];
  if (judge !== null) where.push(`NOT ${toJudgeBlind("a.id", `${add(judge)}::uuid`)}`);
  if (query.problem !== undefined) where.push(`a.problem_id = ${add(query.problem)}`);
  if (query.reward === "right") where.push("a.reward = 1");
  if (query.reward === "wrong") where.push("a.reward = 0");
  if (query.reward === "ungraded") where.push("a.reward IS NULL");
  if (query.proposal === "chosen") where.push("chosen.id IS NOT NULL");
  if (query.proposal === "kept") where.push("chosen.kept");
  if (query.proposal === "dropped") where.push("chosen.kept = false");
  if (query.proposal === "none") where.push("chosen.id IS NULL");
  const located = query.located === undefined ? null : locatedFilterOf(query.located);
  if (located !== null) where.push(locatedCondition(located, add));
  return where;
}

/** ORDER BY of a query, without the id that makes it total. */
export function attemptOrder(query: AttemptQuery): string {
  return SORT_KEYS[query.sort].map((key) => `${key} ${query.dir}`).join(", ");
}

/**
 * One page of the attempts of a study.
 *
 * @param cursor `next` of the page before; one of another sort is ignored, so that an old link shows the first page.
 */
export async function listAttempts(
  sql: Sql,
  studyId: string,
  query: AttemptQuery,
  cursor: string | null,
  limit: number,
  judge: string | null = null,
): Promise<AttemptPage> {
  const values: unknown[] = [];
  const where = attemptConditions(studyId, query, values, judge);
  const keys = [...SORT_KEYS[query.sort], "a.id"];
  const after = cursor === null ? null : decode(cursor, keys.length - 1);
  if (after !== null) {
    const marks = [...after.keys, after.id].map((v) => `$${values.push(v)}`);
    marks[marks.length - 1] += "::uuid";
    where.push(`(${keys.join(", ")}) ${query.dir === "asc" ? ">" : "<"} (${marks.join(", ")})`);
  }
  const { rows } = await sql.query<AttemptRow & { keys: number[] }>(
    `WITH page AS (
       SELECT a.id, a.problem_id, p.ordinal, p.statement, a.sample_index, a.reward, a.steps, a.tokens, a.finish_reason, a.model_id,
              chosen.id AS proposal_id, chosen.verification_id, chosen.location, chosen.kept, chosen.leak_equivalent,
              ARRAY[${SORT_KEYS[query.sort].join(", ")}]::int[] AS keys
       ${ATTEMPTS_FROM}
       WHERE ${where.join(" AND ")}
       ORDER BY ${keys.map((k) => `${k} ${query.dir}`).join(", ")} LIMIT ${limit + 1}
     )
     SELECT page.id, page.problem_id AS "problemId", page.ordinal AS "problemOrdinal", left(page.statement, 160) AS "problemStart",
            page.sample_index AS "sampleIndex", model.name AS model, page.reward, page.steps, page.tokens, page.finish_reason AS "finishReason", page.keys,
            CASE WHEN page.proposal_id IS NULL THEN v.most ELSE coalesce(named.first_error, page.location) END AS "firstError",
            v.n AS verifications,
            (SELECT count(*)::int FROM verification x WHERE x.attempt_id = page.id AND x.first_error =
               CASE WHEN page.proposal_id IS NULL THEN v.most ELSE coalesce(named.first_error, page.location) END) AS agreeing,
            label.value AS label, label.by AS "labelBy",
            CASE WHEN page.proposal_id IS NULL THEN NULL ELSE json_build_object('id', page.proposal_id, 'location', page.location,
              'kept', page.kept, 'leaked', page.leak_equivalent) END AS proposal,
            json_build_object('prefix', arms.by->'prefix', 'original', arms.by->'original', 'intervention', arms.by->'intervention') AS arms
     FROM page
     LEFT JOIN model ON model.id = page.model_id
     LEFT JOIN verification named ON named.id = page.verification_id
     LEFT JOIN LATERAL (
       SELECT count(*)::int AS n, mode() WITHIN GROUP (ORDER BY x.first_error) AS most FROM verification x WHERE x.attempt_id = page.id
     ) v ON true
     LEFT JOIN LATERAL (
       SELECT coalesce(to_json(l.first_error), '"none"'::json) AS value, CASE l.source WHEN '${GENERATOR_LABEL}' THEN 'generator' ELSE 'people' END AS by
       FROM label l WHERE l.attempt_id = page.id ORDER BY (l.source = '${GENERATOR_LABEL}'), l.source LIMIT 1
     ) label ON true
     LEFT JOIN LATERAL (
       SELECT json_object_agg(x.arm, json_build_object('samples', x.n, 'correct', x.c)) AS by
       FROM (SELECT arm, count(*) AS n, sum(reward) AS c FROM continuation
             WHERE attempt_id = page.id AND (proposal_id IS NULL OR proposal_id = page.proposal_id) GROUP BY arm) x
     ) arms ON true
     ORDER BY page.keys ${query.dir}, page.id ${query.dir}`,
    values,
  );
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    rows: shown.map(({ keys: _, ...row }) => row),
    next: last === undefined ? null : encode({ keys: last.keys, id: last.id }),
  };
}

/** The attempts before and after one in the list that `query` orders; nulls at the ends, or when it is not in the list. */
export async function attemptNeighbours(
  sql: Sql,
  studyId: string,
  query: AttemptQuery,
  attemptId: string,
  judge: string | null = null,
): Promise<Neighbours> {
  const values: unknown[] = [];
  const where = attemptConditions(studyId, query, values, judge).join(" AND ");
  const keys = [...SORT_KEYS[query.sort], "a.id"];
  const here = `$${values.push(attemptId)}::uuid`;
  const side = (forward: boolean) => {
    const dir = (query.dir === "asc") === forward ? "asc" : "desc";
    return `(SELECT a.id ${ATTEMPTS_FROM} WHERE ${where}
      AND (${keys.join(", ")}) ${dir === "asc" ? ">" : "<"} (SELECT ${keys.join(", ")} ${ATTEMPTS_FROM} WHERE a.id = ${here})
      ORDER BY ${keys.map((k) => `${k} ${dir}`).join(", ")} LIMIT 1)`;
  };
  const { rows } = await sql.query<Neighbours>(`SELECT ${side(false)} AS previous, ${side(true)} AS next`, values);
  return rows[0] ?? { previous: null, next: null };
}

/** How many attempts a query finds, counted up to `cap` so that the answer costs the same in a study of any size. */
export async function countAttempts(sql: Sql, studyId: string, query: AttemptQuery, cap: number, judge: string | null = null): Promise<number> {
  const values: unknown[] = [];
  const where = attemptConditions(studyId, query, values, judge).join(" AND ");
  const { rows } = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT 1 ${ATTEMPTS_FROM} WHERE ${where} LIMIT ${cap + 1}) x`,
    values,
  );
  return rows[0]?.n ?? 0;
}
