import { v7 as uuidv7 } from "uuid";
import type { Sql } from "./import-study";

export interface NewProblem {
  /** Natural key in its set. */
  key: string;
  statement: string;
  answer: string;
  reference: string;
  referenceSource: string;
  difficulty: string;
}

export interface StoredProblem {
  id: string;
  /** Made by this call. */
  isNew: boolean;
  /** The set holds another statement under this key. */
  otherStatement: boolean;
  /** The answer that the set holds. */
  answer: string;
}

/**
 * Write problems of one set, in the order given; a key that is there already keeps its row. The set's row is locked, so
 * that the positions of two imports do not collide.
 * @returns by key, every problem that was given.
 */
export async function insertProblems(
  sql: Sql,
  input: { studyId: string; problemSetId: string; problems: readonly NewProblem[] },
): Promise<Map<string, StoredProblem>> {
  // The first of two rows with one key decides; the second is compared with it below like one from an earlier import.
  const byKey = new Map<string, NewProblem>();
  for (const p of input.problems) if (!byKey.has(p.key)) byKey.set(p.key, p);
  const problems = [...byKey.values()];
  await sql.query("SELECT 1 FROM problem_set WHERE id = $1 FOR UPDATE", [input.problemSetId]);
  const made = await sql.query<{ key: string }>(
    `INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer, reference, reference_source, difficulty)
     SELECT n.id, $1, $2, n.key, base.next + (row_number() OVER (ORDER BY n.place))::int - 1,
            n.statement, n.answer, n.reference, n.reference_source, n.difficulty
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
          WITH ORDINALITY AS n(id, key, statement, answer, reference, reference_source, difficulty, place),
          (SELECT coalesce(max(ordinal) + 1, 0) AS next FROM problem WHERE problem_set_id = $2) AS base
     WHERE NOT EXISTS (SELECT 1 FROM problem p WHERE p.problem_set_id = $2 AND p.key = n.key)
     ON CONFLICT (problem_set_id, key) DO NOTHING
     RETURNING key`,
    [
      input.studyId,
      input.problemSetId,
      problems.map(() => uuidv7()),
      problems.map((p) => p.key),
      problems.map((p) => p.statement),
      problems.map((p) => p.answer),
      problems.map((p) => p.reference),
      problems.map((p) => p.referenceSource),
      problems.map((p) => p.difficulty),
    ],
  );
  const isNew = new Set(made.rows.map((r) => r.key));
  const stored = await sql.query<{ key: string; id: string; answer: string; other: boolean }>(
    `SELECT p.key, p.id, p.answer, p.statement <> n.statement AS other
     FROM unnest($2::text[], $3::text[]) AS n(key, statement)
     JOIN problem p ON p.problem_set_id = $1 AND p.key = n.key`,
    [input.problemSetId, problems.map((p) => p.key), problems.map((p) => p.statement)],
  );
  return new Map(
    stored.rows.map((r) => [r.key, { id: r.id, isNew: isNew.has(r.key), otherStatement: r.other, answer: r.answer }]),
  );
}
