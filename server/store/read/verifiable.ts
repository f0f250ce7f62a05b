import type { Sql } from "../views/sql";

/** Which attempts of a study: those whose first error is known, those with a wrong answer, or all. */
export const VERIFIABLE = ["labelled", "wrong", "all"] as const;
export type Verifiable = (typeof VERIFIABLE)[number];

export interface VerifiableAttempt {
  id: string;
  reward: number | null;
  /** Its problem has a reference solution. */
  referenced: boolean;
}

const WHICH: Record<Verifiable, string> = {
  labelled: "AND EXISTS (SELECT 1 FROM label l WHERE l.attempt_id = a.id)",
  wrong: "AND a.reward = 0",
  all: "",
};

/** Attempts of a study in the order of their problems, without texts. `limit` 0 takes all. */
export async function listVerifiable(
  sql: Sql,
  studyId: string,
  which: Verifiable,
  limit: number,
): Promise<VerifiableAttempt[]> {
  const { rows } = await sql.query<VerifiableAttempt>(
    `SELECT a.id, a.reward, p.reference <> '' AS referenced
     FROM attempt a JOIN problem p ON p.id = a.problem_id
     WHERE p.study_id = $1 ${WHICH[which]}
     ORDER BY p.problem_set_id, p.ordinal, a.run_id, a.sample_index ${limit > 0 ? `LIMIT ${Math.floor(limit)}` : ""}`,
    [studyId],
  );
  return rows;
}

/** Attempts at problems of the lab's generator that have no label of this source yet. */
export async function listUnlabelledLab(
  sql: Sql,
  studyId: string,
  source: string,
): Promise<{ id: string; text: string; key: string; statement: string }[]> {
  const { rows } = await sql.query<{ id: string; text: string; key: string; statement: string }>(
    `SELECT a.id, a.text, p.key, p.statement FROM attempt a JOIN problem p ON p.id = a.problem_id
     WHERE p.study_id = $1 AND p.key LIKE 'lab-%' AND NOT EXISTS (SELECT 1 FROM label l WHERE l.attempt_id = a.id AND l.source = $2)`,
    [studyId, source],
  );
  return rows;
}
