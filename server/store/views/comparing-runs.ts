import type { RunState } from "../../core/run-state";
import type { Sql } from "./sql";

/** A training with what its lineage and its curves' notes need. */
export interface TrainingLine {
  id: string;
  kind: "sft" | "grpo";
  /** The model it made; null before. */
  modelId: string | null;
  baseId: string | null;
  /** The training before it in its chain, whose model it starts from. */
  beforeId: string | null;
  beforeModelId: string | null;
  state: RunState;
  step: number;
  steps: number;
  settings: Record<string, unknown>;
  problemSet: string | null;
  dataset: { name: string; source: string; settings: Record<string, unknown>; digest: string } | null;
}

/** Every training of a study, oldest first. */
export async function trainingLines(sql: Sql, studyId: string): Promise<TrainingLine[]> {
  const { rows } = await sql.query<TrainingLine>(
    `SELECT t.id, t.kind, t.model_id AS "modelId", t.base_id AS "baseId", before.id AS "beforeId", before.model_id AS "beforeModelId",
            r.state::text AS state, t.step, t.steps, r.settings, s.name AS "problemSet",
            CASE WHEN d.id IS NULL THEN NULL ELSE json_build_object(
              'name', d.name, 'source', d.source, 'settings', d.settings, 'digest', d.digest) END AS dataset
     FROM training t JOIN run r ON r.id = t.run_id
     LEFT JOIN dataset d ON d.id = t.dataset_id LEFT JOIN problem_set s ON s.id = t.problem_set_id
     LEFT JOIN LATERAL (
       SELECT b.id, b.model_id FROM training b JOIN run br ON br.id = b.run_id
       WHERE br.pipeline_id = r.pipeline_id AND br.ordinal < r.ordinal ORDER BY br.ordinal DESC LIMIT 1) before ON true
     WHERE t.study_id = $1 ORDER BY t.created_at, t.id`,
    [studyId],
  );
  return rows;
}
