import type { OpenScore, ScoreView } from "../../core/views/scores";
import type { Sql } from "./sql";

const SCORE = `s.id, r.pipeline_id AS "pipelineId", s.subject, s.subject_id AS "subjectId", s.step, left(s.text, 200) AS text, m.name AS model,
  s.token_count AS n, s.mean_nll AS mean, (SELECT stddev_samp(x)::float8 FROM unnest(s.logprobs) x) AS sd, s.overlap,
  r.state::text AS state, s.created_at AS "createdAt",
  CASE WHEN r.message <> '' THEN r.message
       ELSE coalesce((SELECT error FROM work_item i WHERE i.run_id = r.id AND i.target_id = s.id AND i.state = 'failed'), '') END AS message`;
const FROM = "score s JOIN run r ON r.id = s.run_id JOIN model m ON m.id = s.model_id";

/** Samples of hidden branches are their author's alone ($2). */
const VISIBLE = `(s.subject <> 'branch' OR EXISTS (
  SELECT 1 FROM branch_sample x JOIN branch b ON b.id = x.branch_id
  WHERE x.id = s.subject_id AND (NOT b.hidden OR b.person_id = $2::uuid)))`;

/** Scores of an attempt's texts and of its problem's reference, newest first. */
export async function listScores(
  sql: Sql,
  of: { attemptId: string; problemId: string; personId: string | null },
): Promise<ScoreView[]> {
  const { rows } = await sql.query<ScoreView>(
    `SELECT ${SCORE} FROM ${FROM}
     WHERE (s.attempt_id = $1 OR s.subject = 'reference' AND s.subject_id = $3) AND ${VISIBLE}
     ORDER BY s.created_at DESC, s.id DESC`,
    [of.attemptId, of.personId, of.problemId],
  );
  return rows;
}

/** One score with its tokens; null when there is none that this person may see. */
export async function findScore(sql: Sql, id: string, personId: string | null): Promise<OpenScore | null> {
  const { rows } = await sql.query<OpenScore>(
    `SELECT ${SCORE}, s.tokens, s.logprobs FROM ${FROM} WHERE s.id = $1 AND ${VISIBLE}`,
    [id, personId],
  );
  return rows[0] ?? null;
}

/** A score of the very same text under the same model that is there or on its way; null when there is none. */
export async function findSameScore(
  sql: Sql,
  s: { modelId: string; subject: string; subjectId: string | null; attemptId: string | null; step: number; text: string },
): Promise<string | null> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT s.id FROM score s JOIN run r ON r.id = s.run_id
     WHERE s.model_id = $1 AND s.subject = $2 AND s.subject_id IS NOT DISTINCT FROM $3::uuid AND s.attempt_id IS NOT DISTINCT FROM $4::uuid
       AND s.step = $5 AND s.text = $6 AND (s.mean_nll IS NOT NULL OR r.state IN ('queued', 'running', 'paused'))
     ORDER BY s.created_at DESC LIMIT 1`,
    [s.modelId, s.subject, s.subjectId, s.attemptId, s.step, s.text],
  );
  return rows[0]?.id ?? null;
}
