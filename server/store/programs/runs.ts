import type { PipelineShape, RunDetailShape, RunShape } from "../../core/programs/shapes";
import type { Sql } from "../views/sql";
import { iso } from "./iso";

const RUN = `r.id, r.pipeline_id, r.stage, r.state::text AS state, r.total, r.done, r.failed, r.message, m.name AS model, r.result,
  ${iso("r.created_at")} AS created_at, ${iso("r.started_at")} AS started_at, ${iso("r.ended_at")} AS ended_at`;
const FROM = "FROM run r LEFT JOIN model m ON m.id = r.model_id";

/** Runs of a study after one, oldest first. */
export async function runsAfter(
  sql: Sql,
  studyId: string,
  where: { stage: string | undefined; state: string | undefined; tasks?: boolean },
  after: string | null,
  limit: number,
): Promise<RunShape[]> {
  const { rows } = await sql.query<RunShape>(
    `SELECT ${RUN} ${FROM} WHERE r.study_id = $1 AND ($2::uuid IS NULL OR r.id > $2)
       AND ($3::text IS NULL OR r.stage = $3) AND ($4::text IS NULL OR r.state::text = $4)
       ${where.tasks ? "AND r.pipeline_id IS NOT NULL" : ""}
     ORDER BY r.id LIMIT $5`,
    [studyId, after, where.stage ?? null, where.state ?? null, limit],
  );
  return rows;
}

export async function runById(sql: Sql, studyId: string, id: string): Promise<RunDetailShape | null> {
  const { rows } = await sql.query<RunDetailShape>(`SELECT ${RUN}, r.settings ${FROM} WHERE r.study_id = $1 AND r.id = $2`, [
    studyId,
    id,
  ]);
  return rows[0] ?? null;
}

export type PipelineRow = Pick<PipelineShape, "id" | "recipe" | "created_at">;

/** Pipelines of a study after one, oldest first. */
export async function pipelinesAfter(
  sql: Sql,
  studyId: string,
  where: { recipe: string | undefined },
  after: string | null,
  limit: number,
): Promise<PipelineRow[]> {
  const { rows } = await sql.query<PipelineRow>(
    `SELECT p.id, p.recipe, ${iso("p.created_at")} AS created_at FROM pipeline p
     WHERE p.study_id = $1 AND ($2::uuid IS NULL OR p.id > $2) AND ($3::text IS NULL OR p.recipe = $3) ORDER BY p.id LIMIT $4`,
    [studyId, after, where.recipe ?? null, limit],
  );
  return rows;
}

export async function pipelineById(sql: Sql, studyId: string, id: string): Promise<PipelineRow | null> {
  const { rows } = await sql.query<PipelineRow>(
    `SELECT p.id, p.recipe, ${iso("p.created_at")} AS created_at FROM pipeline p WHERE p.study_id = $1 AND p.id = $2`,
    [studyId, id],
  );
  return rows[0] ?? null;
}

/** Runs of some pipelines in order. */
export async function runsOf(sql: Sql, pipelineIds: readonly string[]): Promise<RunShape[]> {
  const { rows } = await sql.query<RunShape>(
    `SELECT ${RUN} ${FROM} WHERE r.pipeline_id = ANY($1::uuid[]) ORDER BY r.pipeline_id, r.ordinal`,
    [pipelineIds],
  );
  return rows;
}
