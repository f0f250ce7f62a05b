import { z } from "zod";
import { datasetDetailShape, datasetRowShape, datasetShape } from "../../../core/programs/shapes";
import { getDataset, listDatasetRows, listDatasets } from "../../../usecases/programs/datasets";
import { listRoute } from "../paging";
import { type Route, route } from "../route";
import { inStudy } from "./params";

const inDataset = inStudy.extend({ dataset: z.string().min(1).max(300).meta({ description: "name or id of the data set" }) });

export const datasetRoutes: readonly Route[] = [
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
