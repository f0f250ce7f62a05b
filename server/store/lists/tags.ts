import type pg from "pg";
import { v7 as uuid } from "uuid";
import { notifyLive } from "../notify";
import { inTransaction } from "../transaction";
import { idsOf, type ListQuestion } from "./list";

/** What tags call a list's rows. */
const SUBJECT: Record<ListQuestion["list"], string> = {
  problems: "problem",
  attempts: "attempt",
  proposals: "proposal",
  runs: "run",
  models: "model",
  datasets: "dataset",
};

/** Put a tag on a question's rows; the tag is made where there is none. @returns how many rows had not had it. */
export function addTag(pool: pg.Pool, question: ListQuestion, name: string, by: string): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO tag (id, study_id, name, created_by) VALUES ($1, $2, $3, $4)
       ON CONFLICT (study_id, name) DO UPDATE SET name = excluded.name RETURNING id`,
      [uuid(), question.studyId, name, by],
    );
    const { text, values } = idsOf(question);
    const tag = `$${values.push(rows[0]?.id)}::uuid`;
    // In the order of the ids: two people who tag the same rows cannot wait for each other in a circle.
    const added = await tx.query(
      `INSERT INTO tagging (tag_id, subject, subject_id) SELECT ${tag}, '${SUBJECT[question.list]}', x.id FROM (${text}) x ORDER BY x.id
       ON CONFLICT DO NOTHING`,
      values,
    );
    await notifyLive(tx, { studyId: question.studyId, kind: "study" });
    return added.rowCount ?? 0;
  });
}

/** Take a tag off a question's rows; a tag that is on nothing any more goes. @returns how many rows had it. */
export function removeTag(pool: pg.Pool, question: ListQuestion, name: string): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const { text, values } = idsOf(question);
    const mark = `$${values.push(name)}`;
    const removed = await tx.query(
      `DELETE FROM tagging g USING tag t WHERE t.id = g.tag_id AND t.study_id = $1 AND t.name = ${mark} AND g.subject_id IN (${text})`,
      values,
    );
    await tx.query("DELETE FROM tag t WHERE t.study_id = $1 AND t.name = $2 AND NOT EXISTS (SELECT 1 FROM tagging g WHERE g.tag_id = t.id)", [
      question.studyId,
      name,
    ]);
    await notifyLive(tx, { studyId: question.studyId, kind: "study" });
    return removed.rowCount ?? 0;
  });
}
