import type { DatasetCard, DatasetPageState, DatasetRowCard, DatasetRowPage, DatasetRowView, DatasetView, ReflectionCounts } from "../../core/datasets/view";
import type { RunState } from "../../core/run-state";
import type { Sql } from "./sql";

interface CardRow extends Omit<DatasetCard, "state" | "build"> {
  state: "building" | "ready" | "failed";
  run: { pipelineId: string; state: RunState; done: number; total: number; message: string } | null;
}

const COLUMNS = `d.id, d.name, d.source, d.state::text AS state, d.rows, d.digest, d.message, d.created_at AS "createdAt", m.name AS base,
  CASE WHEN (d.manifest->'tokens'->>'counted')::boolean THEN (d.manifest->'tokens'->>'total')::float8 END AS tokens,
  CASE WHEN r.id IS NOT NULL THEN json_build_object('pipelineId', r.pipeline_id, 'state', r.state, 'done', r.done, 'total', r.total, 'message', r.message) END AS run`;
const FROM = "FROM dataset d LEFT JOIN model m ON m.id = d.model_id LEFT JOIN run r ON r.id = d.run_id";

/** Data sets of a study, newest first. */
export async function listDatasets(sql: Sql, studyId: string): Promise<DatasetCard[]> {
  const { rows } = await sql.query<CardRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE d.study_id = $1 ORDER BY d.created_at DESC, d.id DESC`,
    [studyId],
  );
  return rows.map(cardOf);
}

/** One data set of a study, by name or id. */
export async function findDatasetView(sql: Sql, studyId: string, nameOrId: string): Promise<DatasetView | null> {
  const { rows } = await sql.query<CardRow & Pick<DatasetView, "manifest" | "settings">>(
    `SELECT ${COLUMNS}, d.manifest, d.settings ${FROM}
     WHERE d.study_id = $1 AND (d.name = $2 OR d.id::text = $2) ORDER BY (d.name = $2) DESC LIMIT 1`,
    [studyId, nameOrId],
  );
  const [row] = rows;
  return row ? { ...cardOf(row), studyId, manifest: row.manifest, settings: row.settings } : null;
}

function cardOf(row: CardRow): DatasetCard {
  const { run, id, name, source, rows, tokens, base, digest, createdAt } = row;
  const state = stateOf(row.state, run?.state);
  const message = row.message !== "" || state === "ready" ? row.message : (run?.message ?? "");
  return { id, name, source, state, rows, tokens, base, digest, message, createdAt, build: run };
}

/** A task that was cancelled, or that failed in a way nobody foresaw, leaves its data set as it was. */
function stateOf(state: CardRow["state"], run: RunState | undefined): DatasetPageState {
  if (state !== "building" || run === undefined) return state;
  return run === "cancelled" ? "cancelled" : run === "failed" ? "failed" : "building";
}

const ROW = `d.id, d.ordinal, d.problem_id AS "problemId", p.key AS problem, left(p.statement, 160) AS start,
  d.attempt_id AS "attemptId", d.proposal_id AS "proposalId", d.decision_id AS "decisionId", d.reflection_id AS "reflectionId",
  right(d.completion, 160) AS "completionEnd", d.ends, d.tokens, d.meta`;

/** Rows of a data set after an ordinal (-1 from the beginning), without their texts. */
export async function listDatasetRows(sql: Sql, datasetId: string, after: number, limit: number): Promise<DatasetRowPage> {
  const { rows } = await sql.query<DatasetRowCard>(
    `SELECT ${ROW} FROM dataset_row d JOIN problem p ON p.id = d.problem_id
     WHERE d.dataset_id = $1 AND d.ordinal > $2 ORDER BY d.ordinal LIMIT $3`,
    [datasetId, after, limit + 1],
  );
  const shown = rows.slice(0, limit);
  return { rows: shown, next: rows.length > limit ? (shown.at(-1)?.ordinal ?? null) : null };
}

/** What is trained by one row, and whose word it rests on: the settlement's where there is one. */
export async function findDatasetRow(sql: Sql, datasetId: string, ordinal: number): Promise<DatasetRowView | null> {
  const { rows } = await sql.query<Omit<DatasetRowView, "decided"> & Omit<NonNullable<DatasetRowView["decided"]>, "person"> & { person: string | null }>(
    `SELECT ${ROW}, d.prompt, d.completion, o.name AS person, coalesce(s.created_at, c.created_at) AS at, q.name AS queue,
            q.id AS "queueId", i.id AS "itemId", i.ordinal + 1 AS number
     FROM dataset_row d JOIN problem p ON p.id = d.problem_id
     LEFT JOIN decision c ON c.id = d.decision_id
     LEFT JOIN settlement s ON s.id = (d.meta->>'settlementId')::uuid
     LEFT JOIN person o ON o.id = coalesce(s.person_id, c.person_id)
     LEFT JOIN queue_item i ON i.id = coalesce(s.item_id, c.item_id) LEFT JOIN queue q ON q.id = i.queue_id
     WHERE d.dataset_id = $1 AND d.ordinal = $2`,
    [datasetId, ordinal],
  );
  const [row] = rows;
  if (!row) return null;
  const { person, at, queue, queueId, itemId, number, ...rest } = row;
  return { ...rest, decided: person === null ? null : { person, at, queue, queueId, itemId, number } };
}

/** What self-reflection has to go by in a study, and what it has made. */
export async function reflectionCounts(sql: Sql, studyId: string): Promise<ReflectionCounts> {
  const { rows } = await sql.query<ReflectionCounts>(
    `SELECT
       (SELECT count(*)::int FROM run r JOIN attempt a ON a.run_id = r.id AND a.reward = 0
        WHERE r.study_id = $1 AND r.stage IN ('rollout', 'import')) AS attempts,
       (SELECT coalesce(sum(done), 0)::int FROM run WHERE study_id = $1 AND stage = 'reflect') AS reflections,
       (SELECT count(*)::int FROM run r JOIN reflection f ON f.run_id = r.id AND f.reward = 1 WHERE r.study_id = $1 AND r.stage = 'reflect') AS right,
       (SELECT json_build_object('done', sum(done), 'total', sum(total), 'message', max(message)) FROM run
        WHERE study_id = $1 AND stage = 'reflect' AND state IN ('queued', 'running', 'paused') HAVING count(*) > 0) AS live`,
    [studyId],
  );
  return rows[0] ?? { attempts: 0, reflections: 0, right: 0, live: null };
}

/** Models of a study with how many attempts each has, from the runs' counters; problem sets; ready data sets. */
export async function listDatasetChoices(
  sql: Sql,
  studyId: string,
): Promise<{
  models: { name: string; served: boolean; attempts: number }[];
  problemSets: string[];
  ready: string[];
}> {
  const { rows } = await sql.query<{
    models: { name: string; served: boolean; attempts: number }[] | null;
    problemSets: string[] | null;
    ready: string[] | null;
  }>(
    `SELECT
       (SELECT json_agg(json_build_object('name', m.name, 'served', m.served_name <> '', 'attempts',
                 (SELECT coalesce(sum(r.done), 0)::int FROM run r WHERE r.study_id = $1 AND r.model_id = m.id
                    AND (r.stage = 'rollout' OR r.stage = 'import' AND r.pipeline_id IS NULL)))
               ORDER BY m.created_at, m.id) FROM model m WHERE m.study_id = $1) AS models,
       (SELECT json_agg(name ORDER BY created_at, id) FROM problem_set WHERE study_id = $1) AS "problemSets",
       (SELECT json_agg(name ORDER BY created_at DESC, id DESC) FROM dataset WHERE study_id = $1 AND state = 'ready') AS ready`,
    [studyId],
  );
  const row = rows[0];
  return { models: row?.models ?? [], problemSets: row?.problemSets ?? [], ready: row?.ready ?? [] };
}
