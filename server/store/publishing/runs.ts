import { publicationResultSchema, publicationTaskSchema } from "../../core/publishing/manifest";
import type { PublicationView } from "../../core/views/publication";
import type { Sql } from "../views/sql";

export type PublicationRun = Omit<PublicationView, "there">;

interface Row extends Omit<PublicationRun, "request" | "result"> {
  settings: unknown;
  result: unknown;
}

const COLUMNS = `id, pipeline_id AS "pipelineId", state, done, total, message, created_at AS "createdAt", settings, result`;

/** Publications of a study, newest first. */
export async function listPublications(sql: Sql, studyId: string, limit = 50): Promise<PublicationRun[]> {
  const { rows } = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM run WHERE study_id = $1 AND stage = 'publish' AND pipeline_id IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT $2`,
    [studyId, limit],
  );
  return rows.flatMap((row) => read(row) ?? []);
}

/** One publication, of whatever study. */
export async function findPublication(sql: Sql, runId: string): Promise<PublicationRun | null> {
  if (!/^[0-9a-f-]{36}$/i.test(runId)) return null;
  const { rows } = await sql.query<Row>(`SELECT ${COLUMNS} FROM run WHERE id = $1 AND stage = 'publish'`, [runId]);
  return rows[0] ? read(rows[0]) : null;
}

/** Forget a publication that is over. @returns false when it is not, or not there. */
export async function deletePublication(sql: Sql, studyId: string, runId: string): Promise<boolean> {
  const result = await sql.query(
    `DELETE FROM pipeline p USING run r
     WHERE r.id = $1 AND r.study_id = $2 AND r.stage = 'publish' AND r.pipeline_id = p.id AND r.state IN ('done', 'failed', 'cancelled')`,
    [runId, studyId],
  );
  return result.rowCount === 1;
}

/** Settings and results of another version of this program are left out of the list. */
function read({ settings, result, ...row }: Row): PublicationRun | null {
  const task = publicationTaskSchema.safeParse(settings);
  if (!task.success) return null;
  const written = publicationResultSchema.safeParse(result);
  return { ...row, request: task.data.request, result: written.success ? written.data : null };
}
