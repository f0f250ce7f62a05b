import type { BranchKind, BranchPurpose } from "../../core/branching/point";
import type { Sql } from "../views/sql";
import type { ProblemText } from "./stage-input";

/** A branch as its stage needs it. */
export interface BranchInput {
  id: string;
  studyId: string;
  runId: string;
  attemptId: string;
  personId: string | null;
  purpose: BranchPurpose;
  kind: BranchKind;
  step: number;
  content: string;
  samples: number;
  seed: number;
  attempt: { text: string; sampleIndex: number };
  problem: ProblemText;
}

export async function readBranch(sql: Sql, id: string): Promise<BranchInput | null> {
  const { rows } = await sql.query<BranchInput>(
    `SELECT b.id, b.study_id AS "studyId", b.run_id AS "runId", b.attempt_id AS "attemptId", b.person_id AS "personId", b.purpose, b.kind, b.step,
            b.content, b.samples, b.seed,
            json_build_object('text', a.text, 'sampleIndex', a.sample_index) AS attempt,
            json_build_object('id', p.id, 'key', p.key, 'statement', p.statement, 'answer', p.answer, 'reference', p.reference) AS problem
     FROM branch b JOIN attempt a ON a.id = b.attempt_id JOIN problem p ON p.id = a.problem_id WHERE b.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** Sample indices that are kept already; a retry asks for the missing ones alone. */
export async function readMadeBranchSamples(sql: Sql, branchId: string): Promise<Set<number>> {
  const { rows } = await sql.query<{ i: number }>("SELECT sample_index AS i FROM branch_sample WHERE branch_id = $1", [
    branchId,
  ]);
  return new Set(rows.map((r) => r.i));
}
