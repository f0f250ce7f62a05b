import { z } from "zod";
import { datasetOptionsSchema } from "../../core/datasets/settings";
import {
  createStudyDataset,
  readDataset,
  readDatasetChoices,
  readDatasetPreview,
  readDatasetRow,
  readDatasetRows,
  readDatasets,
  removeDataset,
  startReflections,
} from "../../usecases/datasets/pages";
import { procedure, router } from "../trpc";

const study = z.string();
const one = z.object({ study, dataset: z.string() });
const asked = z.object({ study, options: datasetOptionsSchema, base: z.string().optional() });

/** Data sets of a study: what there is, what one would hold, and the command to build it. */
export const datasetsRouter = router({
  list: procedure.input(z.object({ study })).query(({ ctx, input }) => readDatasets(ctx.deps, input)),
  get: procedure.input(one).query(({ ctx, input }) => readDataset(ctx.deps, input)),
  rows: procedure
    .input(one.extend({ cursor: z.number().int().nullish() }))
    .query(({ ctx, input }) => readDatasetRows(ctx.deps, input)),
  row: procedure
    .input(one.extend({ ordinal: z.number().int().min(0) }))
    .query(({ ctx, input }) => readDatasetRow(ctx.deps, input)),
  choices: procedure.input(z.object({ study })).query(({ ctx, input }) => readDatasetChoices(ctx.deps, input)),
  preview: procedure.input(asked).query(({ ctx, input }) => readDatasetPreview(ctx.deps, input)),
  create: procedure
    .input(asked.extend({ name: z.string() }))
    .mutation(({ ctx, input }) => createStudyDataset(ctx.deps, input)),
  remove: procedure.input(one).mutation(({ ctx, input }) => removeDataset(ctx.deps, input)),
  reflect: procedure
    .input(z.object({ study, samples: z.number().int().min(1).max(64) }))
    .mutation(({ ctx, input }) => startReflections(ctx.deps, input)),
});
