import { type ImportOptions, type ImportSource, importOptionsSchema, type ImportTaskSettings } from "../../core/importing/settings";
import { canImportAs, FORMAT_IDS, formatById } from "../../core/importing/formats";
import { InterveneError } from "../../errors";
import { createTaskIn } from "../../store/write/create-task";
import { ensureStudy } from "../../store/write/import-study";
import { inTransaction } from "../../store/transaction";
import type { Deps } from "../deps";
import { type SourceDeps, sourceName } from "./source";

export interface StartedImport {
  studyId: string;
  pipelineId: string;
  runId: string;
}

/**
 * Start an import that a worker runs: an upload (uploads.ts) or a dataset of the hub, into a study, which is made when there is
 * none of this name. Its progress is the run's; its `result` is the ImportReport.
 * @throws InterveneError("not_found") for an upload that is gone; ("bad_input") for options that cannot be.
 */
export async function startImport(
  deps: Pick<Deps, "pool" | "queue"> & SourceDeps,
  input: { study: string; source: ImportSource } & Partial<ImportOptions>,
): Promise<StartedImport> {
  const study = input.study.trim();
  if (study === "") throw new InterveneError("bad_input", "Name the study that is to be filled.");
  if (study.length > 200) throw new InterveneError("bad_input", "The study's name is longer than 200 characters.");
  const options = importOptionsSchema.parse(input);
  if (options.format !== "auto") {
    const format = formatById(options.format, options.mapping);
    if (!format) throw new InterveneError("bad_input", `There is no format "${options.format}"; the formats are ${FORMAT_IDS.join(", ")}.`);
    if (options.as && !canImportAs(format, options.as)) {
      throw new InterveneError("bad_input", `${format.title} hold ${format.holds}; they cannot be imported as ${options.as}.`);
    }
  }
  const name = await sourceName(deps, input.source);
  return inTransaction(deps.pool, async (tx) => {
    const { id: studyId } = await ensureStudy(tx, study);
    const settings: ImportTaskSettings = { ...options, source: input.source, name, study };
    const task = await createTaskIn(tx, deps.queue, { studyId, stage: "import", settings, modelId: null }, (runId) => [{ targetId: runId, units: 0 }]);
    return { studyId, ...task };
  });
}
