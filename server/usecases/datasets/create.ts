import { InterveneError } from "../../errors";
import { createDataset } from "../../store/write/datasets";
import type { Deps } from "../deps";
import { type DatasetRequest, resolveDataset } from "./resolve";

/** Longest name: it stands in addresses and file names. */
const LONGEST_NAME = 100;

/**
 * Ask for a data set: its row, and the task that builds it in a worker, once the run `after` (its id) is done.
 * @throws InterveneError when the name is taken or something that it names is not there.
 */
export async function startDataset(
  deps: Pick<Deps, "pool" | "queue">,
  study: { id: string; name: string },
  request: DatasetRequest & { name: string; after?: string | undefined },
): Promise<{ datasetId: string; pipelineId: string; runId: string; name: string }> {
  const name = request.name.trim();
  // A name is a folder of its export, too.
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._ -]*$/u.test(name) || name.length > LONGEST_NAME)
    throw new InterveneError(
      "bad_input",
      `A data set's name begins with a letter or digit, and holds letters, digits, blanks, ".", "_" and "-", at most ${LONGEST_NAME}: "${name.slice(0, LONGEST_NAME)}" does not.`,
    );
  const { settings, base } = await resolveDataset(deps.pool, study, request);
  const made = await createDataset(deps, {
    studyId: study.id,
    name,
    source: settings.source,
    settings,
    modelId: base?.id ?? null,
    after: request.after,
  });
  return { ...made, name };
}
