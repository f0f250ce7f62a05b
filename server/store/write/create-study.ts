import { v7 as uuid } from "uuid";
import type { Tx } from "../transaction";

export interface NewProblem {
  key: string;
  statement: string;
  answer: string;
  reference: string;
  referenceSource: string;
  difficulty: string;
}

export interface NewStudy {
  name: string;
  kind: string;
  note: string;
  model: { name: string; servedName: string };
  problemSet: { name: string; source: string };
  /** In order. */
  problems: readonly NewProblem[];
}

export interface CreatedStudy {
  studyId: string;
  modelId: string;
  problemIds: string[];
}

/** A study with one model and one problem set, in the caller's transaction. Null when a study of that name is there. */
export async function createStudyIn(tx: Tx, s: NewStudy): Promise<CreatedStudy | null> {
  const [studyId, modelId, setId] = [uuid(), uuid(), uuid()];
  const study = await tx.query(
    "INSERT INTO study (id, name, kind, note) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
    [studyId, s.name, s.kind, s.note],
  );
  if (!study.rowCount) return null;
  await tx.query("INSERT INTO model (id, study_id, name, served_name) VALUES ($1, $2, $3, $4)", [
    modelId,
    studyId,
    s.model.name,
    s.model.servedName,
  ]);
  await tx.query("INSERT INTO problem_set (id, study_id, name, source) VALUES ($1, $2, $3, $4)", [
    setId,
    studyId,
    s.problemSet.name,
    s.problemSet.source,
  ]);
  const problemIds = s.problems.map(() => uuid());
  const column = (of: (p: NewProblem) => string) => s.problems.map(of);
  await tx.query(
    `INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer, reference, reference_source, difficulty)
     SELECT n.id, $1, $2, n.key, n.ordinal - 1, n.statement, n.answer, n.reference, n.source, n.difficulty
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
          WITH ORDINALITY AS n (id, key, statement, answer, reference, source, difficulty, ordinal)`,
    [
      studyId,
      setId,
      problemIds,
      column((p) => p.key),
      column((p) => p.statement),
      column((p) => p.answer),
      column((p) => p.reference),
      column((p) => p.referenceSource),
      column((p) => p.difficulty),
    ],
  );
  return { studyId, modelId, problemIds };
}
