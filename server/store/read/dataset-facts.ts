import type { Sql } from "../views/sql";

/** What a manifest says that only the written rows know. */
export interface DatasetFacts {
  problems: number;
  attempts: number;
  /** Of the completions. */
  tokens: { total: number; mean: number; min: number; median: number; p90: number; max: number };
}

export async function readDatasetFacts(sql: Sql, datasetId: string): Promise<DatasetFacts> {
  const { rows } = await sql.query<{ problems: number; attempts: number } & DatasetFacts["tokens"]>(
    `SELECT count(DISTINCT problem_id)::int AS problems, count(DISTINCT attempt_id)::int AS attempts,
            coalesce(sum(tokens), 0)::float8 AS total, coalesce(avg(tokens), 0)::float8 AS mean, coalesce(min(tokens), 0) AS min,
            coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY tokens), 0) AS median,
            coalesce(percentile_disc(0.9) WITHIN GROUP (ORDER BY tokens), 0) AS p90, coalesce(max(tokens), 0) AS max
     FROM dataset_row WHERE dataset_id = $1`,
    [datasetId],
  );
  const { problems = 0, attempts = 0, ...tokens } = rows[0] ?? { total: 0, mean: 0, min: 0, median: 0, p90: 0, max: 0 };
  return { problems, attempts, tokens };
}

export interface OriginRun {
  id: string;
  stage: string;
  settings: unknown;
  rows: number;
}

/** The runs that the attempts, proposals and reflections of the rows came from, with how many rows each. */
export async function listOriginRuns(sql: Sql, datasetId: string): Promise<OriginRun[]> {
  const { rows } = await sql.query<OriginRun>(
    `WITH origin AS (
       SELECT a.run_id FROM dataset_row d JOIN attempt a ON a.id = d.attempt_id WHERE d.dataset_id = $1
       UNION ALL SELECT p.run_id FROM dataset_row d JOIN proposal p ON p.id = d.proposal_id WHERE d.dataset_id = $1
       UNION ALL SELECT f.run_id FROM dataset_row d JOIN reflection f ON f.id = d.reflection_id WHERE d.dataset_id = $1)
     SELECT r.id, r.stage, r.settings, count(*)::int AS rows FROM origin o JOIN run r ON r.id = o.run_id
     GROUP BY r.id ORDER BY r.created_at, r.id`,
    [datasetId],
  );
  return rows;
}

/** What is trained, in order, a page at a time: constant memory. */
export async function* readTrained(
  sql: Sql,
  datasetId: string,
  page = 64,
): AsyncGenerator<{ prompt: string; completion: string; ends: boolean }[]> {
  for (let after = -1; ; ) {
    const { rows } = await sql.query<{ ordinal: number; prompt: string; completion: string; ends: boolean }>(
      `SELECT ordinal, prompt, completion, ends FROM dataset_row WHERE dataset_id = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3`,
      [datasetId, after, page],
    );
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)?.ordinal ?? after;
  }
}
