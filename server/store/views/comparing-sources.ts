import type { ProblemNll } from "../../core/comparing/nll";
import { NLL_BINS, NLL_EDGES } from "../../core/scoring/bins";
import type { RowPart } from "../../core/scoring/row-parts";
import { ROW_SUBJECT } from "../../core/scoring/subjects";
import type { RowBehind, ScoringState, SourceTraining } from "../../core/views/comparing-sources";
import type { Sql } from "./sql";

/** Models of a study, oldest first; `trainings`: how many fine-tunings began from each. */
export async function sourceModels(sql: Sql, studyId: string): Promise<{ id: string; name: string; served: boolean; trainings: number }[]> {
  const { rows } = await sql.query<{ id: string; name: string; served: boolean; trainings: number }>(
    `SELECT m.id, m.name, m.served_name <> '' AS served,
            (SELECT count(*)::int FROM training t WHERE t.base_id = m.id AND t.kind = 'sft') AS trainings
     FROM model m WHERE m.study_id = $1 ORDER BY m.created_at, m.id`,
    [studyId],
  );
  return rows;
}

/** What data sets were asked with, and the problem sets that they have rows of. */
export async function sourceFacts(
  sql: Sql,
  studyId: string,
): Promise<{ datasetId: string; settings: Record<string, unknown>; sets: string[] }[]> {
  const { rows } = await sql.query<{ datasetId: string; settings: Record<string, unknown>; sets: string[] }>(
    `SELECT d.id AS "datasetId", d.settings, ARRAY(
       SELECT s.name FROM problem_set s WHERE s.study_id = $1 AND EXISTS (
         SELECT 1 FROM dataset_row r JOIN problem p ON p.id = r.problem_id WHERE r.dataset_id = d.id AND p.problem_set_id = s.id)
       ORDER BY s.created_at, s.id) AS sets
     FROM dataset d WHERE d.study_id = $1`,
    [studyId],
  );
  return rows;
}

/** Scored rows of a study's data sets under a model: each row's first score. No token arrays are read. */
const SCORED = `SELECT DISTINCT ON (s.subject_id) s.id, s.subject_id FROM score s
  WHERE s.study_id = $1 AND s.model_id = $2 AND s.subject = '${ROW_SUBJECT}' AND s.mean_nll IS NOT NULL
  ORDER BY s.subject_id, s.created_at, s.id`;

/** Sums over the scored traces per data set, part (all, or the one that is named) and problem. */
export async function nllByProblem(sql: Sql, studyId: string, modelId: string, part: RowPart | null = null): Promise<(ProblemNll & { datasetId: string })[]> {
  const { rows } = await sql.query<ProblemNll & { datasetId: string }>(
    `WITH scored AS (${SCORED})
     SELECT r.dataset_id AS "datasetId", x.part, count(*)::int AS traces, sum(x.tokens)::int AS tokens, sum(x.nll) AS nll,
            sum(x.nll / x.tokens) AS means
     FROM scored s JOIN score_part x ON x.score_id = s.id AND ($3::text IS NULL OR x.part = $3) JOIN dataset_row r ON r.id = s.subject_id
     GROUP BY r.dataset_id, x.part, r.problem_id ORDER BY r.dataset_id, x.part, r.problem_id`,
    [studyId, modelId, part],
  );
  return rows;
}

/** Counts of one part of a data set in every bin of core/scoring/bins: of traces by their mean, and of tokens. */
export interface BinsRow {
  datasetId: string;
  part: RowPart;
  traces: number[];
  tokens: number[];
}

/** Each bin's sum is written out: unnesting the arrays of whole data sets would make a million rows of some ten thousand. */
const TOKEN_SUMS = Array.from({ length: NLL_BINS }, (_, bin) => `coalesce(sum(bins[${bin + 1}]), 0)`).join(", ");

/** Histograms per data set and part. */
export async function nllBins(sql: Sql, studyId: string, modelId: string): Promise<BinsRow[]> {
  const { rows } = await sql.query<{ datasetId: string; part: RowPart; bin: number; count: number; tokens: number[] }>(
    `WITH scored AS (${SCORED}),
     part AS (
       SELECT r.dataset_id, x.part, width_bucket(x.nll / x.tokens, $3::float8[]) AS bin, x.bins
       FROM scored s JOIN score_part x ON x.score_id = s.id JOIN dataset_row r ON r.id = s.subject_id)
     SELECT dataset_id AS "datasetId", part, bin, count(*)::int AS count, ARRAY[${TOKEN_SUMS}]::int[] AS tokens
     FROM part GROUP BY dataset_id, part, bin`,
    [studyId, modelId, NLL_EDGES],
  );
  const parts = new Map<string, BinsRow>();
  for (const { datasetId, part, bin, count, tokens } of rows) {
    const key = `${datasetId} ${part}`;
    const sums = parts.get(key) ?? { datasetId, part, traces: new Array<number>(NLL_BINS).fill(0), tokens: new Array<number>(NLL_BINS).fill(0) };
    sums.traces[bin] = count;
    for (const [i, n] of tokens.entries()) sums.tokens[i] = (sums.tokens[i] ?? 0) + n;
    parts.set(key, sums);
  }
  return [...parts.values()];
}

/** The newest scoring of each data set under a model. A score that cannot be made leaves its run's counters. */
export async function scoringRuns(sql: Sql, studyId: string, modelId: string): Promise<(ScoringState & { dataset: string })[]> {
  const { rows } = await sql.query<ScoringState & { dataset: string }>(
    `SELECT DISTINCT ON (r.settings->>'dataset') r.settings->>'dataset' AS dataset, r.pipeline_id AS "pipelineId", r.state::text AS state,
            r.done, r.total, r.failed,
            CASE WHEN r.message <> '' THEN r.message
                 ELSE coalesce((SELECT error FROM work_item i WHERE i.run_id = r.id AND i.state = 'failed' ORDER BY i.updated_at LIMIT 1), '') END AS message
     FROM run r WHERE r.study_id = $1 AND r.stage = 'score' AND r.model_id = $2 AND r.settings ? 'dataset'
     ORDER BY r.settings->>'dataset', r.created_at DESC, r.id DESC`,
    [studyId, modelId],
  );
  return rows;
}

export interface TrainingRow extends SourceTraining {
  baseId: string | null;
  datasetId: string | null;
  /** GRPO's. */
  problemSet: string | null;
  hinted: boolean;
}

/**
 * Fine-tunings that began from a model, and RL trainings that began from it or from what those made; oldest first.
 * Entropies are those of the first and the last step that told one.
 */
export async function sourceTrainings(sql: Sql, studyId: string, baseId: string): Promise<TrainingRow[]> {
  const entropy = (order: "ASC" | "DESC") =>
    `(SELECT (p.values->>'entropy')::float8 FROM training_point p WHERE p.training_id = t.id AND p.values ? 'entropy' ORDER BY p.step ${order} LIMIT 1)`;
  const { rows } = await sql.query<TrainingRow>(
    `SELECT t.id, t.kind, t.trainer, (r.settings->>'seed')::int AS seed, r.state::text AS state, t.step, t.steps,
            CASE WHEN m.id IS NULL THEN NULL ELSE json_build_object('id', m.id, 'name', m.name) END AS model,
            t.base_id AS "baseId", t.dataset_id AS "datasetId", s.name AS "problemSet",
            jsonb_typeof(r.settings->'hints') = 'object' AS hinted,
            ${entropy("ASC")} AS "firstEntropy", CASE WHEN r.state = 'done' THEN ${entropy("DESC")} END AS "lastEntropy"
     FROM training t JOIN run r ON r.id = t.run_id LEFT JOIN model m ON m.id = t.model_id LEFT JOIN problem_set s ON s.id = t.problem_set_id
     WHERE t.study_id = $1 AND (t.base_id = $2 OR t.kind = 'grpo' AND t.base_id IN (
       SELECT f.model_id FROM training f WHERE f.study_id = $1 AND f.kind = 'sft' AND f.base_id = $2))
     ORDER BY t.created_at, t.id`,
    [studyId, baseId],
  );
  return rows;
}

/** Scored rows of a data set that stand in a bin: traces by their mean, or those with a token in it. Most unlikely ones first. */
export async function rowsBehind(
  sql: Sql,
  o: { studyId: string; modelId: string; datasetId: string; part: RowPart; of: "traces" | "tokens"; bin: number; limit: number },
): Promise<{ rows: RowBehind[]; total: number }> {
  const { of } = o;
  const tokens = "x.bins[$5::int + 1]";
  const params = [o.studyId, o.modelId, o.datasetId, o.part, o.bin, o.limit, ...(of === "traces" ? [NLL_EDGES] : [])];
  const { rows } = await sql.query<RowBehind & { total: number }>(
    `WITH scored AS (${SCORED})
     SELECT r.ordinal, p.key AS problem, x.tokens, x.nll / x.tokens AS mean, ${of === "tokens" ? tokens : "NULL::int"} AS "inBin",
            count(*) OVER ()::int AS total
     FROM scored s JOIN score_part x ON x.score_id = s.id AND x.part = $4
     JOIN dataset_row r ON r.id = s.subject_id AND r.dataset_id = $3 JOIN problem p ON p.id = r.problem_id
     WHERE ${of === "tokens" ? `${tokens} > 0` : "width_bucket(x.nll / x.tokens, $7::float8[]) = $5::int"}
     ORDER BY ${of === "tokens" ? `${tokens} DESC, ` : ""}mean DESC, r.ordinal LIMIT $6`,
    params,
  );
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
}
