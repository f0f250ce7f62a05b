import type pg from "pg";

export interface TrainedText {
  ordinal: number;
  problemKey: string;
  answer: string;
  prompt: string;
  completion: string;
  ends: boolean;
}

/** Rows of a data set a page at a time, in their order: texts are long, and there may be many. */
export async function* datasetTexts(pool: pg.Pool, datasetId: string, page = 200): AsyncGenerator<TrainedText[]> {
  for (let after = -1; ; ) {
    const { rows } = await pool.query<TrainedText>(
      `SELECT r.ordinal, p.key AS "problemKey", p.answer, r.prompt, r.completion, r.ends
       FROM dataset_row r JOIN problem p ON p.id = r.problem_id
       WHERE r.dataset_id = $1 AND r.ordinal > $2 ORDER BY r.ordinal LIMIT $3`,
      [datasetId, after, page],
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = last.ordinal;
  }
}
