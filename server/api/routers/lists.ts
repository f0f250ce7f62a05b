import { z } from "zod";
import { selectionSchema } from "../../core/lists/selection";
import { LIST_NAMES } from "../../core/lists/tables";
import { addToQueue } from "../../usecases/lists/add-to-queue";
import { readList, readListCount, readListHead, readListNeighbours } from "../../usecases/lists/read";
import { readSavedViews, removeView, saveView } from "../../usecases/lists/saved-views";
import { tagRows } from "../../usecases/lists/tag";
import { procedure, router } from "../trpc";

const study = z.string();
const of = z.object({ study, list: z.enum(LIST_NAMES) });
/** The question as an address says it (core/lists/query.ts). */
const search = z.string().max(20_000);

/** The six lists of a study: their pages, saved views, and what is done with many rows at once. */
export const listsRouter = router({
  head: procedure.input(of).query(({ ctx, input }) => readListHead(ctx.deps, input)),
  page: procedure
    .input(of.extend({ search }))
    .query(({ ctx, input }) => readList(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  count: procedure
    .input(of.extend({ search, exact: z.boolean().default(false) }))
    .query(({ ctx, input }) => readListCount(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  neighbours: procedure
    .input(z.object({ study, search, attempt: z.uuid() }))
    .query(({ ctx, input }) => readListNeighbours(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  views: procedure.input(of).query(({ ctx, input }) => readSavedViews(ctx.deps, input)),
  saveView: procedure
    .input(of.extend({ search, name: z.string().trim().min(1, "A view needs a name.").max(120), replace: z.boolean().default(false) }))
    .mutation(({ ctx, input }) => saveView(ctx.deps, input, ctx.person)),
  removeView: procedure.input(z.object({ study, view: z.uuid() })).mutation(({ ctx, input }) => removeView(ctx.deps, input)),
  tag: procedure
    .input(of.extend({ selection: selectionSchema, tag: z.string().trim().min(1, "A tag needs a name.").max(60), on: z.boolean().default(true) }))
    .mutation(({ ctx, input }) => tagRows(ctx.deps, input, ctx.person)),
  addToQueue: procedure
    .input(z.object({ study, list: z.enum(["attempts", "proposals"]), selection: selectionSchema, queue: z.uuid() }))
    .mutation(({ ctx, input }) => addToQueue(ctx.deps, input, ctx.person)),
});
