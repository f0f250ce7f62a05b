import { z } from "zod";
import { publishRequestSchema } from "../../core/publishing/request";
import { parseEnv } from "../../env";
import { readPublicationPreview, readPublications, removePublication } from "../../usecases/pages/publications";
import { startPublication } from "../../usecases/publishing/start";
import { procedure, router } from "../trpc";

const study = z.string();

/** A study as static pages: what they would hold, tasks that write them, and their folders. */
export const publicationsRouter = router({
  preview: procedure
    .input(z.object({ study, wish: publishRequestSchema }))
    .query(({ ctx, input }) => readPublicationPreview(ctx.deps, input)),
  list: procedure.input(z.object({ study })).query(({ ctx, input }) => readPublications(ctx.deps, input, parseEnv().home)),
  start: procedure
    .input(z.object({ study, wish: publishRequestSchema }))
    .mutation(({ ctx, input }) => startPublication(ctx.deps, input)),
  remove: procedure
    .input(z.object({ study, runId: z.uuid() }))
    .mutation(({ ctx, input }) => removePublication(ctx.deps, input, parseEnv().home)),
});
