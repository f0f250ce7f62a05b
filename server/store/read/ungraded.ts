import type pg from "pg";

/** A sample that has no grade of a version yet, with all that grading it takes. */
export interface Ungraded {
  id: string;
  answer: string;
  text: string;
  finishReason: string;
  /** How its newest grade found the answer; null when it has none. */
  before: { extracted: string | null; reason: string } | null;
  /** For a continuation: where it went on from. */
  arm: string;
  attemptText: string | null;
  content: string | null;
  location: number | null;
}

/** What a run holds that is graded. */
export async function readGradedRun(
  pool: pg.Pool,
  runId: string,
): Promise<{ studyId: string; stage: string; settings: unknown } | null> {
  const { rows } = await pool.query<{ studyId: string; stage: string; settings: unknown }>(
    `SELECT study_id AS "studyId", stage, settings FROM run WHERE id = $1`,
    [runId],
  );
  return rows[0] ?? null;
}

/** The runs of a study whose samples are graded, oldest first. */
export async function listGradedRuns(pool: pg.Pool, studyId: string): Promise<{ id: string; stage: string }[]> {
  const { rows } = await pool.query<{ id: string; stage: string }>(
    `SELECT id, stage FROM run WHERE study_id = $1 AND stage IN ('rollout', 'import', 'continue') ORDER BY created_at, ordinal, id`,
    [studyId],
  );
  return rows;
}

/**
 * Samples of a run after an id, in the order of their ids, that no grader of this version has graded. Those of problems
 * whose answer is not known are left alone: they keep the verdict of the file they came from ("the file" is no grader).
 */
export async function readUngraded(
  pool: pg.Pool,
  q: { runId: string; table: "attempt" | "continuation"; graderVersion: string; after: string | null; limit: number },
): Promise<Ungraded[]> {
  const continued = q.table === "continuation";
  const branch = continued
    ? `s.arm, a.text AS "attemptText", pr.content, pr.location`
    : `'' AS arm, NULL AS "attemptText", NULL AS content, NULL AS location`;
  const joins = continued
    ? "LEFT JOIN proposal pr ON pr.id = s.proposal_id LEFT JOIN attempt a ON a.id = s.attempt_id"
    : "";
  const { rows } = await pool.query<Ungraded>(
    `SELECT s.id, p.answer, s.text, s.finish_reason AS "finishReason", ${branch},
            (SELECT json_build_object('extracted', g.extracted, 'reason', g.reason) FROM grade g
             WHERE g.${q.table}_id = s.id AND g.grader_version <> 'the file' ORDER BY g.created_at DESC, g.id DESC LIMIT 1) AS before
     FROM ${q.table} s JOIN problem p ON p.id = s.problem_id ${joins}
     WHERE s.run_id = $1 AND p.answer <> '' AND ($3::uuid IS NULL OR s.id > $3)
       AND NOT EXISTS (SELECT 1 FROM grade g WHERE g.${q.table}_id = s.id AND g.grader_version = $2)
     ORDER BY s.id LIMIT $4`,
    [q.runId, q.graderVersion, q.after, q.limit],
  );
  return rows;
}
