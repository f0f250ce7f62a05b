import { v7 as uuid } from "uuid";
import { SCORED_TRACES, sampledRows } from "../core/scoring/sample";
import { type RowScoreSettings, rowScoreSettingsSchema } from "../core/scoring/subjects";
import { InterveneError } from "../errors";
import { listScorableRows } from "../store/read/row-score";
import { inTransaction } from "../store/transaction";
import { createTaskIn } from "../store/write/create-task";
import { insertRowScores } from "../store/write/score-rows";
import type { Deps } from "./deps";
import type { StudyName } from "./recipes/recipe";

export interface ScoreDataset {
  /** A ready data set of the study, by name. */
  dataset: string;
  /** The model that reads the rows. */
  model: { id: string; name: string };
  /** Rows in the sample; not set: the paper's 64. All of them when there are fewer. */
  samples?: number | undefined;
  /** The sample is drawn with it; not set: 1. */
  seed?: number | undefined;
}

/**
 * Score a sample of a data set's rows under a model: the log-likelihood of every token that training puts a loss on. Rows
 * that were scored already, or are about to be, are not scored again.
 * @throws InterveneError that says what is missing, or that nothing is left to do.
 */
export async function startDatasetScores(
  deps: Pick<Deps, "pool" | "queue" | "prisma">,
  study: StudyName,
  o: ScoreDataset,
): Promise<{ pipelineId: string; rows: number }> {
  const dataset = await deps.prisma.dataset.findUnique({ where: { studyId_name: { studyId: study.id, name: o.dataset } } });
  if (!dataset) throw new InterveneError("not_found", `Study "${study.name}" has no data set "${o.dataset}".`);
  if (dataset.source === "hint")
    throw new InterveneError("bad_input", `The rows of "${o.dataset}" are prompts without completions: there is nothing in them to score.`);
  if (dataset.state !== "ready")
    throw new InterveneError(
      "conflict",
      dataset.state === "failed"
        ? `The data set "${o.dataset}" could not be built, so it has no rows to score: ${dataset.message}`
        : `The data set "${o.dataset}" is still being built: score it when it is ready.`,
    );
  const settings: RowScoreSettings = { dataset: dataset.name, samples: o.samples ?? SCORED_TRACES, seed: o.seed ?? 1 };
  const checked = rowScoreSettingsSchema.safeParse(settings);
  if (!checked.success) throw new InterveneError("bad_input", `At least one row is scored, not ${o.samples}.`);
  const rows = await listScorableRows(deps.pool, dataset.id, o.model.id);
  if (rows.length === 0) throw new InterveneError("bad_input", `The data set "${o.dataset}" has no row to score.`);
  const sample = sampledRows(rows.length, settings.samples, settings.seed).flatMap((i) => rows[i] ?? []);
  const fresh = sample.filter((row) => !row.scored).map((row) => ({ id: uuid(), rowId: row.id, problemId: row.problemId }));
  if (fresh.length === 0)
    throw new InterveneError(
      "conflict",
      `All ${sample.length} rows of this sample of "${o.dataset}" are scored under "${o.model.name}" already, or about to be. Ask for more rows to score others.`,
    );
  const task = { studyId: study.id, stage: "score" as const, settings: checked.data, modelId: o.model.id };
  const { pipelineId } = await inTransaction(deps.pool, (tx) =>
    createTaskIn(tx, deps.queue, task, async (runId) => {
      await insertRowScores(tx, { studyId: study.id, runId, modelId: o.model.id }, fresh);
      return fresh.map((s) => ({ targetId: s.id, units: 1 }));
    }),
  );
  return { pipelineId, rows: fresh.length };
}
