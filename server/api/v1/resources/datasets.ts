import { z } from "zod";
import { datasetDetailShape, datasetRowShape, datasetShape } from "../../../core/programs/shapes";
import { buildDataset, getDataset, listDatasetRows, listDatasets } from "../../../usecases/programs/datasets";
import { datasetOptionsSchema } from "../../../core/datasets/settings";
import { jsonBody } from "../body";
import { listRoute } from "../paging";
import { type Route, route } from "../route";
import { inStudy } from "./params";

const inDataset = inStudy.extend({ dataset: z.string().min(1).max(300).meta({ description: "name or id of the data set" }) });

const newDataset = z.strictObject({
  name: z.string().trim().min(1).max(200),
  base: z.string().max(300).optional().meta({ description: "name of the base model; without it the study's only one" }),
  options: datasetOptionsSchema.meta({ description: "source, filters and ablations, named as in the manifest" }),
});

export const datasetRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/studies/{study}/datasets",
    id: "buildDataset",
    tag: "data",
    summary: "Build a data set of training rows",
    description: "Answers at once; a worker builds it. Ask `GET …/datasets/{dataset}` until its state is ready or failed.",
    scope: "write",
    params: inStudy,
    body: jsonBody(newDataset),
    status: 202,
    answer: datasetDetailShape,
    async handle({ program, path, body }) {
      const made = await buildDataset(program.deps, path.study, body);
      return { value: made, headers: { location: `/api/v1/studies/${encodeURIComponent(path.study)}/datasets/${made.id}` } };
    },
  }),
  listRoute({
    path: "/studies/{study}/datasets",
    id: "listDatasets",
    tag: "data",
    summary: "Data sets of a study, oldest first",
    params: inStudy,
    filters: {},
    row: datasetShape,
    page: ({ program, path }, at) => listDatasets(program.deps, path.study, at),
    after: (row) => row.id,
  }),
  route({
    method: "GET",
    path: "/studies/{study}/datasets/{dataset}",
    id: "getDataset",
    tag: "data",
    summary: "One data set with its settings and its manifest",
    scope: "read",
    params: inDataset,
    answer: datasetDetailShape,
    handle: async ({ program, path }) => ({ value: await getDataset(program.deps, path.study, path.dataset) }),
  }),
  listRoute({
    path: "/studies/{study}/datasets/{dataset}/rows",
    id: "listDatasetRows",
    tag: "data",
    summary: "Its training rows in order",
    description: "A data set never changes once it is ready, so the rows of two readings are the same.",
    params: inDataset,
    filters: {},
    row: datasetRowShape,
    page: ({ program, path }, at) => listDatasetRows(program.deps, path.study, path.dataset, at),
    after: (row) => String(row.ordinal),
  }),
];
