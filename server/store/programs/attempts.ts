import type { BareProposal, GradeShape, VerificationShape } from "../../core/programs/shapes";
import type { Sql } from "../views/sql";
import { iso } from "./iso";

/** Columns of a proposal p as programs are given them. */
export const PROPOSAL = `p.id, p.run_id, p.verification_id, p.sample_index, p.author, p.content, p.location,
  p.leak_equivalent, p.leak_substring, p.chosen, p.kept, ${iso("p.created_at")} AS created_at`;

/** Texts of some attempts. */
export async function attemptTexts(sql: Sql, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql.query<{ id: string; text: string }>("SELECT id, text FROM attempt WHERE id = ANY($1::uuid[])", [ids]);
  return new Map(rows.map((r) => [r.id, r.text]));
}

/** Grades of an attempt by every grader version, the newest first. */
export async function gradesOf(sql: Sql, attemptId: string): Promise<GradeShape[]> {
  const { rows } = await sql.query<GradeShape>(
    `SELECT g.grader_version, g.reward, g.extracted, g.reason, ${iso("g.created_at")} AS created_at
     FROM grade g WHERE g.attempt_id = $1 ORDER BY g.created_at DESC, g.id DESC`,
    [attemptId],
  );
  return rows;
}

/** Verification samples of an attempt with their texts. */
export async function verificationsOf(sql: Sql, attemptId: string): Promise<VerificationShape[]> {
  const { rows } = await sql.query<VerificationShape>(
    `SELECT v.id, v.run_id, v.sample_index, v.outcome, v.first_error, v.verdicts, v.parse_note, v.tokens, v.text
     FROM verification v WHERE v.attempt_id = $1 ORDER BY v.created_at, v.sample_index, v.id`,
    [attemptId],
  );
  return rows;
}

/** Proposals at an attempt, the chosen one first. */
export async function proposalsOf(sql: Sql, attemptId: string): Promise<BareProposal[]> {
  const { rows } = await sql.query<BareProposal>(
    `SELECT ${PROPOSAL} FROM proposal p WHERE p.attempt_id = $1 ORDER BY p.chosen DESC, p.created_at, p.sample_index, p.id`,
    [attemptId],
  );
  return rows;
}
