import type { PartSum } from "../../core/scoring/row-parts";
import { ROW_SUBJECT, type ScoreSubject } from "../../core/scoring/subjects";
import type { Tx } from "../transaction";

export interface NewScore {
  id: string;
  studyId: string;
  runId: string;
  modelId: string;
  subject: ScoreSubject;
  subjectId: string | null;
  attemptId: string | null;
  problemId: string;
  step: number;
  /** A text of one's own, else "". */
  text: string;
}

/** Add scores that are to be made, in the caller's transaction; the items that make them point at them. */
export async function insertScores(tx: Tx, scores: readonly NewScore[]): Promise<void> {
  for (const s of scores) {
    await tx.query(
      `INSERT INTO score (id, study_id, run_id, model_id, subject, subject_id, attempt_id, problem_id, step, text, token_ids, tokens, logprobs)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '{}', '{}', '{}')`,
      [s.id, s.studyId, s.runId, s.modelId, s.subject, s.subjectId, s.attemptId, s.problemId, s.step, s.text.replace(/\0/g, "\uFFFD")],
    );
  }
}

export interface NewRowScore {
  id: string;
  rowId: string;
  problemId: string;
}

/** Add scores of training rows that are to be made, in the caller's transaction. */
export async function insertRowScores(
  tx: Tx,
  of: { studyId: string; runId: string; modelId: string },
  scores: readonly NewRowScore[],
): Promise<void> {
  await tx.query(
    `INSERT INTO score (id, study_id, run_id, model_id, subject, subject_id, problem_id, token_ids, tokens, logprobs)
     SELECT x.id, $1, $2, $3, '${ROW_SUBJECT}', x.row_id, x.problem_id, '{}', '{}', '{}'
     FROM unnest($4::uuid[], $5::uuid[], $6::uuid[]) AS x (id, row_id, problem_id)`,
    [of.studyId, of.runId, of.modelId, scores.map((s) => s.id), scores.map((s) => s.rowId), scores.map((s) => s.problemId)],
  );
}

export interface ScoredTokens {
  ids: readonly number[];
  pieces: readonly string[];
  logprobs: ArrayLike<number>;
  overlap: number;
}

/** Write what a score came to, once. @returns 1 when it was still to be made. */
export async function writeScore(tx: Tx, scoreId: string, t: ScoredTokens): Promise<number> {
  const logprobs = Array.from(t.logprobs);
  const mean = -logprobs.reduce((sum, x) => sum + x, 0) / logprobs.length;
  const result = await tx.query(
    `UPDATE score SET token_ids = $2, tokens = $3, logprobs = $4, token_count = $5, mean_nll = $6, overlap = $7
     WHERE id = $1 AND mean_nll IS NULL`,
    [scoreId, t.ids, t.pieces.map((p) => p.replace(/\0/g, "\uFFFD")), logprobs, logprobs.length, mean, t.overlap],
  );
  return result.rowCount ?? 0;
}

/** Write what the score of a training row came to, with the sums over its parts. @returns 1 when it was still to be made. */
export async function writeRowScore(tx: Tx, scoreId: string, t: ScoredTokens, parts: readonly PartSum[]): Promise<number> {
  const written = await writeScore(tx, scoreId, t);
  if (written === 0) return 0;
  for (const { part, tokens, nll, bins } of parts)
    await tx.query("INSERT INTO score_part (score_id, part, tokens, nll, bins) VALUES ($1, $2, $3, $4, $5)", [scoreId, part, tokens, nll, bins]);
  return written;
}
