import { z } from "zod";
import { importOptionsSchema, importSourceSchema } from "../../core/importing/settings";
import { parseEnv } from "../../env";
import { previewImport } from "../../usecases/importing/preview";
import { startImport } from "../../usecases/importing/start";
import { readImport, readImports } from "../../usecases/pages/imports";
import { procedure, router } from "../trpc";

const source = { source: importSourceSchema };

/** Where files lie and which hub is asked. */
function files() {
  const { home, hfEndpoint, hfToken } = parseEnv();
  return { home, hub: { endpoint: hfEndpoint, token: hfToken } };
}

export const importsRouter = router({
  /** The first rows as they would be imported; writes nothing. */
  preview: procedure.input(importOptionsSchema.extend(source)).query(({ input }) => previewImport(files(), input)),
  start: procedure
    .input(importOptionsSchema.extend({ ...source, study: z.string().trim().min(1).max(200) }))
    .mutation(({ ctx, input }) => startImport({ ...ctx.deps, ...files() }, input)),
  get: procedure.input(z.object({ run: z.uuid() })).query(({ ctx, input }) => readImport({ ...ctx.deps, ...files() }, input)),
  list: procedure
    .input(z.object({ study: z.string().optional() }))
    .query(({ ctx, input }) => readImports({ ...ctx.deps, ...files() }, input)),
});
