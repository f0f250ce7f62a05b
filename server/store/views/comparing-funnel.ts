import type { DepthCount, FateCount, ProblemFate, RowOrigin, Unused } from "../../core/comparing/fates";
import { attemptRows, attemptsOf, depthSql, fateSql, hasRow, joinChosen, originSql, runsOf, unusedSql } from "./comparing-fates";
import { FATES } from "../../core/comparing/fates";
import type { Sql } from "./sql";

/** Attempts of a pipeline by fate, and its problems by the fate of the attempt that came furthest; in one pass over the attempts. */
export async function listFates(sql: Sql, pipelineId: string): Promise<{ attempts: FateCount[]; problems: DepthCount[] }> {
  const { rows } = await sql.query<{ fate: string | null; depth: number | null; n: number }>(
    `WITH chosen AS MATERIALIZED (
       SELECT id, attempt_id, kept FROM proposal WHERE chosen AND run_id = ANY(${runsOf("$1", "verify")})
     ), f AS MATERIALIZED (
       SELECT x.problem_id, x.fate, ${depthSql("x.fate")} AS depth, count(*) AS n
       FROM (SELECT a.problem_id, ${fateSql("$1", "a")} AS fate FROM (${attemptRows("$1", "a.id, a.problem_id, a.reward")}) a
             LEFT JOIN chosen chosen_here ON chosen_here.attempt_id = a.id) x
       GROUP BY 1, 2
     )
     SELECT fate, NULL::int AS depth, sum(n)::int AS n FROM f GROUP BY 1
     UNION ALL
     SELECT NULL, depth, count(*)::int FROM (SELECT problem_id, max(depth) AS depth FROM f GROUP BY 1) y GROUP BY 2`,
    [pipelineId],
  );
  const of = (fate: string | null | undefined) => FATES.find((f) => f === fate);
  return {
    attempts: rows.flatMap((r) => {
      const fate = of(r.fate);
      return fate === undefined ? [] : [{ fate, attempts: r.n }];
    }),
    problems: rows.flatMap((r) => {
      const fate = r.depth === null ? undefined : FATES[r.depth - 1];
      return fate === undefined ? [] : [{ fate, problems: r.n }];
    }),
  };
}

/** The fate of each of a pipeline's problems: a problem (alias p) with its attempts there counted (alias t). */
export const problemFateSql = `CASE WHEN coalesce(t.n, 0) = 0 THEN 'no_attempt' WHEN t.graded = 0 THEN 'ungraded'
  WHEN t.wrong = 0 THEN 'all_right' ELSE 'failed' END`;

/** Attempts of a pipeline at one problem, counted. */
export const countedAttempts = (pipeline: string, problem: string): string =>
  `SELECT count(*) AS n, count(a.reward) AS graded, count(*) FILTER (WHERE a.reward = 0) AS wrong
   FROM attempt a WHERE a.problem_id = ${problem} AND ${attemptsOf(pipeline, "a")}`;

/** Problems that a pipeline was asked to sample, by what became of them. */
export async function listProblemFates(sql: Sql, pipelineId: string): Promise<{ fate: ProblemFate; problems: number }[]> {
  const { rows } = await sql.query<{ fate: ProblemFate; problems: number }>(
    `WITH t AS MATERIALIZED (
       SELECT problem_id, sum(n) AS n, sum(graded) AS graded, sum(graded - c) AS wrong FROM (
         SELECT t.problem_id, t.n, t.graded, t.c FROM run o JOIN attempt_count t ON t.run_id = o.id
         WHERE o.pipeline_id = $1::uuid AND o.stage = 'rollout'
         UNION ALL
         SELECT a.problem_id, 1, (a.reward IS NOT NULL)::int, coalesce(a.reward, 0) FROM run v JOIN work_item w ON w.run_id = v.id
         JOIN attempt a ON a.id = w.target_id WHERE v.pipeline_id = $1::uuid AND v.stage = 'verify'
           AND NOT EXISTS (SELECT 1 FROM run o WHERE o.pipeline_id = v.pipeline_id AND o.stage = 'rollout')
       ) x GROUP BY 1
     )
     SELECT ${problemFateSql} AS fate, count(*)::int AS problems
     FROM (SELECT target_id AS id FROM work_item WHERE run_id = ANY(${runsOf("$1", "rollout")}) UNION SELECT problem_id FROM t) p
     LEFT JOIN t ON t.problem_id = p.id
     GROUP BY 1`,
    [pipelineId],
  );
  return rows;
}

/** Kept attempts of a pipeline that have no row in a data set, by why. */
export async function listUnused(sql: Sql, pipelineId: string, datasetId: string): Promise<{ why: Unused; attempts: number }[]> {
  const { rows } = await sql.query<{ why: Unused; attempts: number }>(
    `SELECT ${unusedSql("$2", "a")} AS why, count(*)::int AS attempts
     FROM proposal c JOIN attempt a ON a.id = c.attempt_id AND a.reward = 0
     WHERE c.run_id = ANY(${runsOf("$1", "verify")}) AND c.chosen AND c.kept AND ${attemptsOf("$1", "a")} AND NOT ${hasRow("$2", "a")}
     GROUP BY 1`,
    [pipelineId, datasetId],
  );
  return rows;
}

/** Rows of a data set by where they come from. */
export async function listOrigins(sql: Sql, pipelineId: string, datasetId: string): Promise<{ origin: RowOrigin; rows: number }[]> {
  const { rows } = await sql.query<{ origin: RowOrigin; rows: number }>(
    `SELECT CASE WHEN a.id IS NULL THEN 'other_runs' ELSE ${originSql("$1", "a")} END AS origin, count(*)::int AS rows
     FROM dataset_row d LEFT JOIN attempt a ON a.id = d.attempt_id ${joinChosen("$1", "a")}
     WHERE d.dataset_id = $2 GROUP BY 1`,
    [pipelineId, datasetId],
  );
  return rows;
}

export interface InterventionDataset {
  id: string;
  name: string;
  rows: number;
  /** Unfiltered, without the prefix or with a suffix. */
  ablation: boolean;
  manifest: unknown;
}

/** Data sets of interventions that are ready, newest first. */
export async function listInterventionDatasets(sql: Sql, studyId: string): Promise<InterventionDataset[]> {
  const { rows } = await sql.query<InterventionDataset>(
    `SELECT id, name, rows, manifest, (settings @> '{"unfiltered": true}' OR settings @> '{"withoutPrefix": true}' OR settings @> '{"withSuffix": true}') AS ablation
     FROM dataset WHERE study_id = $1 AND source = 'int' AND state = 'ready' ORDER BY created_at DESC, id DESC`,
    [studyId],
  );
  return rows;
}
