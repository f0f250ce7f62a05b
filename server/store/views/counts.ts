import type { Arm } from "../../core/arms";
import type { Sql } from "./sql";

/**
 * Samples counted per problem, read from the counts that the database keeps with every write (attempt_count and
 * continuation_count, migration 20261123140700_counts): a page over a million samples reads some thousand rows.
 */

/** Graded samples of one problem by one model, from its evaluations. */
export interface EvaluationCount {
  modelId: string;
  model: string;
  problemSet: string;
  /** The newest of the runs that they come from. */
  runId: string;
  problemId: string;
  n: number;
  c: number;
  /** Generated tokens of all of the problem's samples. */
  tokens: number;
}

/** Per model (in the order in which they were made), problem set and problem, over the evaluation runs of a study. */
export async function evaluationCounts(sql: Sql, studyId: string): Promise<EvaluationCount[]> {
  // The runs by themselves: their settings are long, and would be unpacked once for each of their problems.
  const { rows: runs } = await sql.query<{ runId: string; modelId: string; model: string; problemSet: string }>(
    `SELECT r.id AS "runId", m.id AS "modelId", m.name AS model, r.settings->>'problemSet' AS "problemSet"
     FROM run r JOIN model m ON m.id = r.model_id WHERE r.study_id = $1 AND r.stage = 'rollout' AND r.waits
     ORDER BY m.created_at, m.id, 4, r.id`,
    [studyId],
  );
  const counts = new Map<string, RunProblemCount[]>(runs.map((r) => [r.runId, []]));
  for (const count of await runCounts(sql, [...counts.keys()])) counts.get(count.runId)?.push(count);
  const merged = new Map<string, EvaluationCount>();
  for (const run of runs) {
    for (const { problemId, n, c, tokens } of counts.get(run.runId) ?? []) {
      const key = `${run.modelId} ${problemId} ${run.problemSet}`;
      const before = merged.get(key);
      if (before === undefined) merged.set(key, { ...run, problemId, n, c, tokens });
      // Ids are in the order of time: this run is the newer one.
      else Object.assign(before, { runId: run.runId, n: before.n + n, c: before.c + c, tokens: before.tokens + tokens });
    }
  }
  return [...merged.values()];
}

/** Samples and successes of one problem in one run. */
export interface RunProblemCount {
  runId: string;
  problemId: string;
  /** Graded ones. */
  n: number;
  c: number;
  tokens: number;
}

/** Graded attempts per problem of some runs (rollouts, imports), in the order of run and problem. */
export async function runCounts(sql: Sql, runIds: readonly string[]): Promise<RunProblemCount[]> {
  const { rows } = await sql.query<RunProblemCount>(
    `SELECT run_id AS "runId", problem_id AS "problemId", graded AS n, c, tokens::float8 AS tokens FROM attempt_count
     WHERE run_id = ANY($1::uuid[]) AND graded > 0 ORDER BY run_id, problem_id`,
    [runIds],
  );
  return rows;
}

/** Samples and successes of one problem under one arm. */
export interface ArmCount {
  arm: Arm;
  problemId: string;
  n: number;
  c: number;
}

/** n and c per arm and problem over the continue runs of a pipeline. */
export async function armCounts(sql: Sql, pipelineId: string): Promise<ArmCount[]> {
  const { rows } = await sql.query<ArmCount>(
    `SELECT t.arm, t.problem_id AS "problemId", sum(t.n)::int AS n, sum(t.c)::int AS c
     FROM run r JOIN continuation_count t ON t.run_id = r.id
     WHERE r.pipeline_id = $1 AND r.stage = 'continue' GROUP BY t.arm, t.problem_id`,
    [pipelineId],
  );
  return rows;
}

/** Samples and successes from one target under one arm: what one proposal, attempt or problem has led to. */
export interface TargetCount extends ArmCount {
  targetId: string;
  tokens: number;
}

/** n and c per arm and target (for the arms with a prefix: per proposal) over the continue runs of a pipeline. */
export async function targetCounts(sql: Sql, pipelineId: string): Promise<TargetCount[]> {
  const { rows } = await sql.query<TargetCount>(
    `SELECT t.arm, t.target_id AS "targetId", t.problem_id AS "problemId", sum(t.n)::int AS n, sum(t.c)::int AS c, sum(t.tokens)::float8 AS tokens
     FROM run r JOIN continuation_count t ON t.run_id = r.id
     WHERE r.pipeline_id = $1 AND r.stage = 'continue' GROUP BY t.arm, t.target_id, t.problem_id`,
    [pipelineId],
  );
  return rows;
}
