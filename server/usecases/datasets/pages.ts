import type {
  DatasetCard,
  DatasetChoices,
  DatasetPreview,
  DatasetRowPage,
  DatasetRowView,
  DatasetView,
} from "../../core/datasets/view";
import { InterveneError } from "../../errors";
import {
  findDatasetRow,
  findDatasetView,
  listDatasetChoices,
  listDatasetRows,
  listDatasets,
  reflectionCounts,
} from "../../store/views/datasets";
import { removeUnfinishedDataset } from "../../store/write/datasets";
import type { Deps } from "../deps";
import { type PageDeps, studyOf } from "../pages/find";
import { reflectRecipe } from "../recipes/reflect";
import { startDataset } from "./create";
import { previewDataset } from "./preview";
import type { DatasetRequest } from "./resolve";

const PAGE = 50;

/** Data sets of a study, newest first. @throws InterveneError("not_found") */
export async function readDatasets(deps: PageDeps, input: { study: string }): Promise<DatasetCard[]> {
  return listDatasets(deps.pool, (await studyOf(deps, input.study)).id);
}

/** @throws InterveneError("not_found") */
export async function readDataset(deps: PageDeps, input: { study: string; dataset: string }): Promise<DatasetView> {
  const study = await studyOf(deps, input.study);
  const found = await findDatasetView(deps.pool, study.id, input.dataset);
  if (!found)
    throw new InterveneError("not_found", `Study "${study.name}" has no data set called “${input.dataset}”.`);
  return found;
}

/** One page of a data set's rows, without their texts. */
export async function readDatasetRows(
  deps: PageDeps,
  input: { study: string; dataset: string; cursor?: number | null | undefined },
): Promise<DatasetRowPage> {
  const dataset = await readDataset(deps, input);
  return listDatasetRows(deps.pool, dataset.id, input.cursor ?? -1, PAGE);
}

/** One row as it is trained. @throws InterveneError("not_found") */
export async function readDatasetRow(
  deps: PageDeps,
  input: { study: string; dataset: string; ordinal: number },
): Promise<DatasetRowView> {
  const dataset = await readDataset(deps, input);
  const row = await findDatasetRow(deps.pool, dataset.id, input.ordinal);
  if (!row) throw new InterveneError("not_found", `Data set "${dataset.name}" has no row ${input.ordinal + 1}.`);
  return row;
}

/** What there is to build from. */
export async function readDatasetChoices(deps: PageDeps, input: { study: string }): Promise<DatasetChoices> {
  const study = await studyOf(deps, input.study);
  const [choices, reflections] = [
    await listDatasetChoices(deps.pool, study.id),
    await reflectionCounts(deps.pool, study.id),
  ];
  const served = choices.models.filter((m) => m.served);
  const bases = served.length > 0 ? served : choices.models;
  return {
    ...choices,
    studyId: study.id,
    models: choices.models.map((m) => ({ ...m, isBase: bases.length === 1 && bases[0]?.name === m.name })),
    reflections,
  };
}

export type DatasetAsked = { study: string } & DatasetRequest;

export async function readDatasetPreview(deps: PageDeps, input: DatasetAsked): Promise<DatasetPreview> {
  return previewDataset(deps, await studyOf(deps, input.study), input);
}

/** Ask for a data set; a worker builds it. */
export async function createStudyDataset(
  deps: PageDeps & Deps,
  input: DatasetAsked & { name: string },
): Promise<{ datasetId: string; name: string }> {
  return startDataset(deps, await studyOf(deps, input.study), input);
}

/** Remove what was never finished, so that its name is free. @throws InterveneError("conflict") for a ready or living one. */
export async function removeDataset(deps: PageDeps & Deps, input: { study: string; dataset: string }): Promise<void> {
  const study = await studyOf(deps, input.study);
  const dataset = await readDataset(deps, input);
  if (!(await removeUnfinishedDataset(deps.pool, study.id, dataset.id)))
    throw new InterveneError(
      "conflict",
      dataset.state === "ready"
        ? `Data set "${dataset.name}" is ready: exports and runs may rest on it, so it stays.`
        : `Data set "${dataset.name}" is being built: cancel that first.`,
    );
}

/** Start self-reflection from the page, with the study's only served model. */
export async function startReflections(
  deps: PageDeps & Deps,
  input: { study: string; samples: number },
): Promise<{ pipelineId: string }> {
  const study = await studyOf(deps, input.study);
  const { samples } = input;
  return reflectRecipe(deps, study, { recipe: "reflect", study: study.name, samples, inference: null });
}
