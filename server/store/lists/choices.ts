import type { ChoiceSource } from "../../core/lists/column";
import type { Sql } from "../views/sql";

const OF: Record<ChoiceSource, string> = {
  models: "SELECT name AS value FROM model WHERE study_id = $1 ORDER BY created_at, id",
  sets: "SELECT name AS value FROM problem_set WHERE study_id = $1 ORDER BY created_at, id",
  levels: "SELECT DISTINCT difficulty AS value FROM problem WHERE study_id = $1 AND difficulty <> '' ORDER BY difficulty LIMIT 200",
  tags: "SELECT name AS value FROM tag WHERE study_id = $1 ORDER BY name",
  labelSources: "SELECT DISTINCT l.source AS value FROM label l JOIN attempt a ON a.id = l.attempt_id JOIN run r ON r.id = a.run_id WHERE r.study_id = $1 ORDER BY 1",
  errorTypes: `SELECT DISTINCT x.type AS value FROM queue q JOIN queue_item i ON i.queue_id = q.id AND i.state <> 'open'
    CROSS JOIN LATERAL (SELECT d.error_type AS type FROM decision d WHERE d.item_id = i.id UNION SELECT s.error_type FROM settlement s WHERE s.item_id = i.id) x
    WHERE q.study_id = $1 AND x.type <> '' ORDER BY 1`,
};

/** Values that a study has for an enum. */
export async function listChoices(sql: Sql, studyId: string, source: ChoiceSource): Promise<string[]> {
  const { rows } = await sql.query<{ value: string }>(OF[source], [studyId]);
  return rows.map((r) => r.value);
}
