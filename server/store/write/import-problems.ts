import { v7 as uuidv7 } from "uuid";
import type { Sql } from "./import-study";

export interface NewProblem {
  /** Natural key in its set. */
  key: string;
  statement: string;
  /** "" when it is not known. */
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

/** Keys under which a set holds these very statements. */
export async function keysOfStatements(sql: Sql, problemSetId: string, statements: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql.query<{ key: string; statement: string }>(
    "SELECT key, statement FROM problem WHERE problem_set_id = $1 AND statement = ANY($2::text[]) ORDER BY ordinal DESC",
    [problemSetId, [...new Set(statements)]],
  );
  return new Map(rows.map((r) => [r.statement, r.key]));
}

/** Problems of a set by their keys; those that it does not hold are missing. */
export async function findProblems(sql: Sql, problemSetId: string, keys: readonly string[]): Promise<Map<string, StoredProblem>> {
  const { rows } = await sql.query<{ key: string; id: string; answer: string }>(
    "SELECT key, id, answer FROM problem WHERE problem_set_id = $1 AND key = ANY($2::text[])",
    [problemSetId, [...new Set(keys)]],
  );
  return new Map(rows.map((r) => [r.key, { id: r.id, answer: r.answer, isNew: false, otherStatement: false }]));
}

/**
 * Write problems of one set, in the order given; a key that is there already keeps its row, but for an answer or a reference
 * that it lacks and that is known now. The set's row is locked, so that the positions of two imports do not collide.
 * @returns by key, every problem that was given.
 */
export async function insertProblems(
  sql: Sql,
  input: { studyId: string; problemSetId: string; problems: readonly NewProblem[] },
): Promise<Map<string, StoredProblem>> {
  // The first of two rows with one key decides; the second is compared with it below like one from an earlier import.
  if (input.problems.length === 0) return new Map();
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
  if (isNew.size < problems.length) await fillGaps(sql, input.problemSetId, problems.filter((p) => !isNew.has(p.key)));
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

/** What a problem lacks and a later file knows: its answer, its reference solution. */
async function fillGaps(sql: Sql, problemSetId: string, problems: readonly NewProblem[]): Promise<void> {
  const known = problems.filter((p) => p.answer !== "" || p.reference !== "");
  if (known.length === 0) return;
  await sql.query(
    `UPDATE problem p SET
       answer = CASE WHEN p.answer = '' THEN n.answer ELSE p.answer END,
       reference = CASE WHEN p.reference = '' THEN n.reference ELSE p.reference END,
       reference_source = CASE WHEN p.reference = '' THEN n.reference_source ELSE p.reference_source END
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) AS n(key, statement, answer, reference, reference_source)
     WHERE p.problem_set_id = $1 AND p.key = n.key AND p.statement = n.statement
       AND ((p.answer = '' AND n.answer <> '') OR (p.reference = '' AND n.reference <> ''))`,
    [
      problemSetId,
      known.map((p) => p.key),
      known.map((p) => p.statement),
      known.map((p) => p.answer),
      known.map((p) => p.reference),
      known.map((p) => p.referenceSource),
    ],
  );
}
