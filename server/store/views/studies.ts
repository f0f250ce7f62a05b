import { STUDY_RECIPES } from "../../core/arms";
import type { RunState } from "../../core/run-state";
import type { PipelineCard } from "../../core/views/study";
import type { Sql } from "./sql";

export interface StudyRow {
  id: string;
  name: string;
  kind: string;
  note: string;
  createdAt: Date;
  problems: number;
  attempts: number;
}

const COLUMNS = `s.id, s.name, s.kind, s.note, s.created_at AS "createdAt",
  (SELECT count(*)::int FROM problem p WHERE p.study_id = s.id) AS problems,
  (SELECT coalesce(sum(r.done), 0)::int FROM run r WHERE r.study_id = s.id AND (r.stage = 'rollout' AND NOT r.waits OR r.stage = 'import' AND r.pipeline_id IS NULL)) AS attempts`;

/** All studies, newest first. Counts of rows come from the runs' counters (an import's task counts rows of its file, and is left out). */
export async function listStudies(sql: Sql): Promise<StudyRow[]> {
  const { rows } = await sql.query<StudyRow>(`SELECT ${COLUMNS} FROM study s ORDER BY s.created_at DESC, s.id DESC`);
  return rows;
}

/** A study by its name, or by its id. */
export async function findStudy(sql: Sql, nameOrId: string): Promise<StudyRow | null> {
  const { rows } = await sql.query<StudyRow>(
    `SELECT ${COLUMNS} FROM study s WHERE s.name = $1 OR s.id::text = $1 ORDER BY (s.name = $1) DESC LIMIT 1`,
    [nameOrId],
  );
  return rows[0] ?? null;
}

/** Pipelines of {@link STUDY_RECIPES} of some studies with the counters of their runs, newest first, by study. */
export async function listPipelines(sql: Sql, studyIds: readonly string[]): Promise<Map<string, PipelineCard[]>> {
  const { rows } = await sql.query<Omit<PipelineCard, "state"> & { studyId: string; states: RunState[] }>(
    `SELECT p.study_id AS "studyId", p.id, p.recipe, p.created_at AS "createdAt",
            coalesce(array_agg(r.state::text ORDER BY r.ordinal) FILTER (WHERE r.id IS NOT NULL), '{}') AS states,
            coalesce(sum(r.done), 0)::int AS done, coalesce(sum(r.total), 0)::int AS total
     FROM pipeline p LEFT JOIN run r ON r.pipeline_id = p.id
     WHERE p.study_id = ANY($1::uuid[]) AND p.recipe = ANY($2)
     GROUP BY p.id ORDER BY p.created_at DESC, p.id DESC`,
    [studyIds, STUDY_RECIPES],
  );
  const byStudy = new Map<string, PipelineCard[]>();
  for (const { studyId, states, ...rest } of rows) {
    const list = byStudy.get(studyId) ?? [];
    list.push({ ...rest, state: stateOfPipeline(states) });
    byStudy.set(studyId, list);
  }
  return byStudy;
}

/** One word for a chain of runs: what a person would say of all of it. */
export function stateOfPipeline(states: readonly RunState[]): RunState {
  for (const state of ["cancelled", "paused", "failed", "running"] as const) if (states.includes(state)) return state;
  if (states.length > 0 && states.every((s) => s === "done")) return "done";
  return states.includes("done") ? "running" : "queued";
}

/** Names by which servers know the models of a study, oldest first. */
export async function listServedModels(sql: Sql, studyId: string): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT name FROM model WHERE study_id = $1 AND served_name <> '' ORDER BY created_at`,
    [studyId],
  );
  return rows.map((r) => r.name);
}

/** Names of the models whose attempts a study shows, oldest first: what a training made counts once a recipe has sampled it. */
export async function listModels(sql: Sql, studyId: string): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(`SELECT name FROM model m WHERE study_id = $1
       AND (NOT EXISTS (SELECT 1 FROM training t WHERE t.model_id = m.id)
            OR EXISTS (SELECT 1 FROM run r WHERE r.model_id = m.id AND r.stage = 'rollout' AND NOT r.waits))
     ORDER BY created_at`, [
    studyId,
  ]);
  return rows.map((r) => r.name);
}
