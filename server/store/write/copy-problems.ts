import { v7 as uuid } from "uuid";
import type { Tx } from "../transaction";

export interface ProblemCopy {
  studyId: string;
  /** Of the new set; unique in its study. */
  name: string;
  /** Where the set comes from, for people. */
  source: string;
  /** Problems to copy, in any order: they stand in the new set as they stand in theirs. */
  problemIds: readonly string[];
}

/** A problem set made of some problems of others, in the caller's transaction. @returns its id; null when the name is taken. */
export async function copyProblemsIn(tx: Tx, o: ProblemCopy): Promise<string | null> {
  const id = uuid();
  const made = await tx.query(
    "INSERT INTO problem_set (id, study_id, name, source) VALUES ($1, $2, $3, $4) ON CONFLICT (study_id, name) DO NOTHING",
    [id, o.studyId, o.name, o.source],
  );
  if (!made.rowCount) return null;
  await tx.query(
    `INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer, reference, reference_source, difficulty)
     SELECT n.id, $1, $2, p.key, row_number() OVER (ORDER BY p.ordinal, p.id) - 1, p.statement, p.answer, p.reference, p.reference_source, p.difficulty
     FROM unnest($3::uuid[], $4::uuid[]) AS n (id, source) JOIN problem p ON p.id = n.source`,
    [o.studyId, id, o.problemIds.map(() => uuid()), o.problemIds],
  );
  return id;
}
