import type { ScoreSubject } from "../../core/scoring/subjects";
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
