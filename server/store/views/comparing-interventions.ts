import type { Arm } from "../../core/arms";
import type { PlaceCount } from "../../core/comparing/positions";
import { STANDS } from "../judging/stands";
import { attemptRows, attemptsOf, joinChosen, runsOf } from "./comparing-fates";
import { KNOWN } from "./located";
import type { Sql } from "./sql";

/** The runs of a pipeline, as the interventions page needs them. */
export interface ScopeRun {
  id: string;
  stage: string;
  state: string;
  modelId: string | null;
  model: string | null;
  served: boolean;
  settings: unknown;
}

export async function listScopeRuns(sql: Sql, pipelineId: string): Promise<ScopeRun[]> {
  const { rows } = await sql.query<ScopeRun>(
    `SELECT r.id, r.stage, r.state::text AS state, r.model_id AS "modelId", m.name AS model, coalesce(m.served_name, '') <> '' AS served, r.settings
     FROM run r LEFT JOIN model m ON m.id = r.model_id WHERE r.pipeline_id = $1 ORDER BY r.ordinal`,
    [pipelineId],
  );
  return rows;
}

/** Samples and successes of every problem of a pipeline under two arms; only problems that have samples of both. */
export interface PairRow {
  problemId: string;
  ordinal: number;
  an: number;
  ac: number;
  bn: number;
  bc: number;
}

/** Problems on which two arms differ, the largest difference first, and how many there are of each kind. */
export async function listPair(
  sql: Sql,
  pipelineId: string,
  a: Arm,
  b: Arm,
): Promise<{ differing: PairRow[]; same: number }> {
  const { rows } = await sql.query<PairRow & { same: number }>(
    `WITH k AS (
       SELECT problem_id, coalesce(sum(n) FILTER (WHERE arm = $2), 0) AS an, coalesce(sum(c) FILTER (WHERE arm = $2), 0) AS ac,
              coalesce(sum(n) FILTER (WHERE arm = $3), 0) AS bn, coalesce(sum(c) FILTER (WHERE arm = $3), 0) AS bc
       FROM continuation_count WHERE run_id = ANY(${runsOf("$1", "continue")}) AND arm IN ($2, $3) GROUP BY 1
     ), both_arms AS (SELECT * FROM k WHERE an > 0 AND bn > 0),
     same AS (SELECT count(*)::int AS n FROM both_arms WHERE ac * bn = bc * an)
     SELECT x.problem_id AS "problemId", p.ordinal, x.an::int, x.ac::int, x.bn::int, x.bc::int, same.n AS same
     FROM same LEFT JOIN (both_arms x JOIN problem p ON p.id = x.problem_id) ON x.ac * x.bn <> x.bc * x.an
     ORDER BY x.ac::float8 / x.an - x.bc::float8 / x.bn DESC NULLS LAST, p.ordinal, x.problem_id`,
    [pipelineId, a, b],
  );
  return {
    differing: rows.flatMap(({ same: _, ...row }) => (row.problemId === null ? [] : [row])),
    same: rows[0]?.same ?? 0,
  };
}

/** Where the chosen interventions of a pipeline stand. */
export async function listPlaces(sql: Sql, pipelineId: string): Promise<PlaceCount[]> {
  const { rows } = await sql.query<PlaceCount>(
    `SELECT c.location AS step, a.steps, count(*)::int AS count
     FROM proposal c JOIN attempt a ON a.id = c.attempt_id
     WHERE c.run_id = ANY(${runsOf("$1", "verify")}) AND c.chosen GROUP BY 1, 2`,
    [pipelineId],
  );
  return rows;
}

/** Attempts of a pipeline whose first error is known, with the step that the model proposes to replace (null: none). */
export interface KnownPlaceRow extends PlaceCount {
  source: string;
  said: number | null;
}

export async function listKnownPlaces(sql: Sql, pipelineId: string): Promise<KnownPlaceRow[]> {
  const { rows } = await sql.query<KnownPlaceRow>(
    `SELECT k.source, k.first_error AS step, a.steps, chosen_here.location AS said, count(*)::int AS count
     FROM attempt a JOIN ${KNOWN} k ON k.attempt_id = a.id ${joinChosen("$1", "a")}
     WHERE ${attemptsOf("$1", "a")} AND k.first_error IS NOT NULL
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    [pipelineId],
  );
  return rows;
}

/** A length in tokens and how many have it; 0: not known. */
export interface LengthRow {
  value: number;
  count: number;
  kept: number;
}

/** Lengths of the chosen interventions of a pipeline. */
export async function listInterventionLengths(sql: Sql, pipelineId: string): Promise<LengthRow[]> {
  const { rows } = await sql.query<LengthRow>(
    `SELECT c.tokens AS value, count(*)::int AS count, (count(*) FILTER (WHERE c.kept))::int AS kept
     FROM proposal c WHERE c.run_id = ANY(${runsOf("$1", "verify")}) AND c.chosen GROUP BY 1`,
    [pipelineId],
  );
  return rows;
}

/** Lengths of the failed attempts of a pipeline. */
export async function listAttemptLengths(sql: Sql, pipelineId: string): Promise<LengthRow[]> {
  const { rows } = await sql.query<LengthRow>(
    `SELECT a.tokens AS value, count(*)::int AS count, 0 AS kept FROM (${attemptRows("$1", "a.tokens, a.reward")}) a
     WHERE a.reward = 0 GROUP BY 1`,
    [pipelineId],
  );
  return rows;
}

/** Continuations of one intervention. */
export interface OutcomeRow {
  proposalId: string;
  problemId: string;
  /** "person", or the run's model: its id, "" for one of no name. */
  author: "model" | "person";
  modelId: string | null;
  model: string | null;
  n: number;
  c: number;
}

const OUTCOME = `JOIN LATERAL (SELECT sum(k.n)::int AS n, sum(k.c)::int AS c FROM continuation_count k
  WHERE k.target_id = o.id AND k.arm = 'intervention') k ON k.n > 0`;

/**
 * Sampled interventions at a pipeline's attempts that others proposed: people, and runs of other models. What others proposed is
 * looked up first: mostly there is none of it, while the attempts are many.
 */
export async function listOtherOutcomes(sql: Sql, studyId: string, pipelineId: string): Promise<OutcomeRow[]> {
  const { rows } = await sql.query<OutcomeRow>(
    `WITH o AS MATERIALIZED (
       SELECT id, attempt_id, run_id, author FROM proposal WHERE run_id = ANY(ARRAY(
         SELECT id FROM run WHERE study_id = $2 AND stage IN ('verify', 'continue') AND pipeline_id <> $1))
     ), a AS MATERIALIZED (
       SELECT a.id, a.problem_id FROM attempt a WHERE EXISTS (SELECT 1 FROM o) AND ${attemptsOf("$1", "a")}
     )
     SELECT o.id AS "proposalId", a.problem_id AS "problemId", o.author, m.id AS "modelId", m.name AS model, k.n, k.c
     FROM o JOIN a ON a.id = o.attempt_id JOIN run r ON r.id = o.run_id LEFT JOIN model m ON m.id = r.model_id ${OUTCOME}
     ORDER BY o.id`,
    [pipelineId, studyId],
  );
  return rows;
}

/** Sampled interventions of a pipeline whose error people gave a type, by their label that stands. */
export interface TypedRow {
  proposalId: string;
  problemId: string;
  /** Id of the type in its queue, and its words there. */
  group: string;
  label: string;
  n: number;
  c: number;
}

export async function listTypedOutcomes(sql: Sql, studyId: string, pipelineId: string): Promise<TypedRow[]> {
  const { rows } = await sql.query<TypedRow>(
    `SELECT o.id AS "proposalId", a.problem_id AS "problemId", s.error_type AS "group", coalesce(s.label, s.error_type) AS label, k.n, k.c
     FROM (SELECT DISTINCT ON (x.attempt_id) x.attempt_id, x.error_type,
                  (SELECT e->>'label' FROM jsonb_array_elements(q.schema->'errorTypes') e WHERE e->>'id' = x.error_type LIMIT 1) AS label
           FROM ${STANDS} x JOIN queue q ON q.id = x.queue_id AND q.study_id = $2
           WHERE x.error_type <> '' ORDER BY x.attempt_id, x.created_at DESC) s
     JOIN attempt a ON a.id = s.attempt_id
     JOIN proposal o ON o.attempt_id = a.id AND o.chosen AND o.run_id = ANY(${runsOf("$1", "verify")})
     ${OUTCOME} ORDER BY s.error_type, o.id`,
    [pipelineId, studyId],
  );
  return rows;
}

/** An attempt's kind of error as people settled on it, newest first; null without one. */
export const errorTypeSql = (attempt: string): string =>
  `(SELECT x.error_type FROM ${STANDS} x WHERE x.attempt_id = ${attempt}.id AND x.error_type <> '' ORDER BY x.created_at DESC LIMIT 1)`;

/** Chosen interventions of a pipeline whose continuations are there. */
export async function countSampled(sql: Sql, pipelineId: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM proposal c WHERE c.run_id = ANY(${runsOf("$1", "verify")}) AND c.chosen AND c.kept IS NOT NULL`,
    [pipelineId],
  );
  return rows[0]?.n ?? 0;
}
