import type { DatasetDetailShape, DatasetRowShape, DatasetShape } from "../../core/programs/shapes";
import { InterveneError } from "../../errors";
import { datasetRowsAfter, datasetsAfter, findDataset } from "../../store/programs/datasets";
import { startDataset } from "../datasets/create";
import type { DatasetRequest } from "../datasets/resolve";
import type { Deps } from "../deps";
import { type PageDeps, studyOf } from "../pages/find";
import { type ListAt, type ListPage, pageBy, pageById } from "./page";

export async function listDatasets(deps: PageDeps, study: string, at: ListAt): Promise<ListPage<DatasetShape>> {
  const { id } = await studyOf(deps, study);
  return pageById(at, (after, limit) => datasetsAfter(deps.pool, id, after, limit));
}

/** One data set by name or id. @throws InterveneError("not_found") */
export async function getDataset(deps: PageDeps, study: string, dataset: string): Promise<DatasetDetailShape> {
  const { id, name } = await studyOf(deps, study);
  const row = await findDataset(deps.pool, id, dataset);
  if (row === null) throw new InterveneError("not_found", `The study “${name}” has no data set “${dataset}”.`);
  return row;
}

/** Rows in their order. @throws InterveneError("conflict") while it is not ready: its rows would not be all. */
export async function listDatasetRows(deps: PageDeps, study: string, dataset: string, at: ListAt): Promise<ListPage<DatasetRowShape>> {
  const { id, name, state, message } = await getDataset(deps, study, dataset);
  if (state !== "ready") {
    const why = state === "failed" ? `could not be built: ${message}` : "is still being built";
    throw new InterveneError("conflict", `The data set “${name}” ${why}.`);
  }
  return pageBy(
    at,
    (after, limit) => datasetRowsAfter(deps.pool, id, after === null ? -1 : Number(after), limit),
    (row) => String(row.ordinal),
  );
}

/** Ask for a data set; a worker builds it. @throws InterveneError when its name is taken or something it names is missing. */
export async function buildDataset(
  deps: Pick<Deps, "pool" | "queue">,
  study: string,
  request: DatasetRequest & { name: string },
): Promise<DatasetDetailShape> {
  const found = await studyOf(deps, study);
  const { datasetId } = await startDataset(deps, found, request);
  return getDataset(deps, found.id, datasetId);
}
