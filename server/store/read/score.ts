import { splitSteps } from "../../core/steps";
import type { ScoreSubject, SubjectParts } from "../../core/scoring/subjects";
import type { Sql } from "../views/sql";
import type { ProblemText } from "./stage-input";

/** What is to be scored, with its problem. */
export interface ScoreInput {
  parts: SubjectParts;
  problem: ProblemText;
}

interface Found {
  text: string | null;
  location: number | null;
  content: string | null;
  arm: SubjectParts["arm"];
  kind: SubjectParts["kind"];
  step: number | null;
  attemptText: string | null;
  problem: ProblemText | null;
}

const PROBLEM = `json_build_object('id', p.id, 'key', p.key, 'statement', p.statement, 'answer', p.answer, 'reference', p.reference)`;
const NONE = `NULL::int AS location, NULL AS content, NULL AS arm, NULL AS kind, NULL::int AS step`;

/** For each subject: its text, where it stands, its attempt and its problem. $1 is the subject's id (text: the attempt's). */
const SUBJECT: Record<ScoreSubject, string> = {
  attempt: `SELECT a.text, ${NONE}, a.text AS "attemptText", ${PROBLEM} AS problem
    FROM attempt a JOIN problem p ON p.id = a.problem_id WHERE a.id = $1`,
  original: `SELECT '' AS text, ${NONE}, a.text AS "attemptText", ${PROBLEM} AS problem
    FROM attempt a JOIN problem p ON p.id = a.problem_id WHERE a.id = $1`,
  text: `SELECT '' AS text, ${NONE}, a.text AS "attemptText", ${PROBLEM} AS problem
    FROM attempt a JOIN problem p ON p.id = a.problem_id WHERE a.id = $1`,
  proposal: `SELECT q.content AS text, q.location, NULL AS content, NULL AS arm, NULL AS kind, NULL::int AS step,
      a.text AS "attemptText", ${PROBLEM} AS problem
    FROM proposal q JOIN attempt a ON a.id = q.attempt_id JOIN problem p ON p.id = a.problem_id WHERE q.id = $1`,
  continuation: `SELECT c.text, q.location, q.content, c.arm, NULL AS kind, NULL::int AS step, a.text AS "attemptText", ${PROBLEM} AS problem
    FROM continuation c JOIN problem p ON p.id = c.problem_id LEFT JOIN attempt a ON a.id = c.attempt_id
    LEFT JOIN proposal q ON q.id = c.proposal_id WHERE c.id = $1`,
  branch: `SELECT s.text, NULL::int AS location, b.content, NULL AS arm, b.kind, b.step, a.text AS "attemptText", ${PROBLEM} AS problem
    FROM branch_sample s JOIN branch b ON b.id = s.branch_id JOIN attempt a ON a.id = b.attempt_id
    JOIN problem p ON p.id = a.problem_id WHERE s.id = $1`,
  reference: `SELECT p.reference AS text, ${NONE}, NULL AS "attemptText", ${PROBLEM} AS problem FROM problem p WHERE p.id = $1`,
};

/** A subject with its text and place; null when it is not there. */
export async function readSubject(
  sql: Sql,
  s: { subject: ScoreSubject; subjectId: string; step: number; text: string },
): Promise<ScoreInput | null> {
  const { rows } = await sql.query<Found>(SUBJECT[s.subject], [s.subjectId]);
  const row = rows[0];
  if (!row?.problem) return null;
  return {
    problem: row.problem,
    parts: {
      subject: s.subject,
      step: row.step ?? s.step,
      steps: splitSteps(row.attemptText ?? ""),
      text: s.subject === "text" ? s.text : (row.text ?? ""),
      location: row.location ?? 1,
      content: row.content ?? "",
      arm: row.arm,
      kind: row.kind,
    },
  };
}

/** The score that an item is about, with its subject; null when either is gone. */
export async function readScore(sql: Sql, scoreId: string): Promise<ScoreInput | null> {
  const { rows } = await sql.query<{ subject: ScoreSubject; subjectId: string | null; attemptId: string | null; step: number; text: string }>(
    `SELECT subject, subject_id AS "subjectId", attempt_id AS "attemptId", step, text FROM score WHERE id = $1`,
    [scoreId],
  );
  const row = rows[0];
  const subjectId = row?.subjectId ?? row?.attemptId;
  return row && subjectId ? readSubject(sql, { ...row, subjectId }) : null;
}
