import type pg from "pg";
import { v7 as uuid } from "uuid";
import type { ListName } from "../../core/lists/tables";
import { notifyLive } from "../notify";
import type { Sql } from "../views/sql";

export interface SavedViewRow {
  id: string;
  name: string;
  query: unknown;
  createdBy: string;
  createdAt: Date;
}

/** Saved views of a study's list, by name. */
export async function listSavedViews(sql: Sql, studyId: string, list: ListName): Promise<SavedViewRow[]> {
  const { rows } = await sql.query<SavedViewRow>(
    `SELECT id, name, query, created_by AS "createdBy", created_at AS "createdAt" FROM saved_view
     WHERE study_id = $1 AND list = $2 ORDER BY lower(name), id`,
    [studyId, list],
  );
  return rows;
}

/** Keep a question under a name. `replace`: in the place of one that has the name. @returns its id; null when the name is taken. */
export async function insertSavedView(
  pool: pg.Pool,
  v: { studyId: string; list: ListName; name: string; query: unknown; createdBy: string; replace: boolean },
): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO saved_view (id, study_id, list, name, query, created_by) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (study_id, list, name) ${v.replace ? "DO UPDATE SET query = excluded.query, created_by = excluded.created_by, created_at = now()" : "DO NOTHING"}
     RETURNING id`,
    [uuid(), v.studyId, v.list, v.name, JSON.stringify(v.query), v.createdBy],
  );
  await notifyLive(pool, { studyId: v.studyId, kind: "study" });
  return rows[0]?.id ?? null;
}

/** @returns whether there was such a view. */
export async function deleteSavedView(pool: pg.Pool, studyId: string, id: string): Promise<boolean> {
  const { rowCount } = await pool.query("DELETE FROM saved_view WHERE study_id = $1 AND id = $2", [studyId, id]);
  await notifyLive(pool, { studyId, kind: "study" });
  return rowCount === 1;
}
