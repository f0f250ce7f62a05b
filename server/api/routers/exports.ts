import { z } from "zod";
import { filtersSchema, whatSchema } from "../../core/exporting/request";
import { FILE_KINDS } from "../../core/exporting/format";
import { parseEnv } from "../../env";
import { ServedEncoders } from "../../usecases/exports/served-encoder";
import { startExport, startPush } from "../../usecases/exports/start-export";
import { readExportChoices, readExportPreview, readExports, removeExport } from "../../usecases/pages/exports";
import { procedure, router } from "../trpc";

const study = z.string();
/** As exportRequestSchema, whose own check is made by the use case: it says in a sentence what does not go together. */
const wish = z.object({
  what: whatSchema,
  format: z.string(),
  file: z.enum(FILE_KINDS).optional(),
  filters: filtersSchema.optional(),
  names: z.boolean().optional(),
  openBlindQueues: z.array(z.string()).optional(),
});
const push = z.object({ repo: z.string(), private: z.boolean().optional(), token: z.string().min(1).optional() });

let encoders: ServedEncoders | null = null;

/** Tokenizers for previews; null where no inference server is known. */
function encoder() {
  const { inferenceUrl, inferenceServer, inferenceApiKey } = parseEnv();
  if (inferenceUrl === undefined) return null;
  // Somebody looks at a page: a server that is slow or away is not waited for.
  const patience = { timeoutMs: 5_000, retry: { tries: 1 } };
  encoders ??= new ServedEncoders({ baseUrl: inferenceUrl, server: inferenceServer, apiKey: inferenceApiKey, ...patience });
  const known = encoders;
  return (servedName: string) => known.get(servedName);
}

/** What leaves a study: formats, a preview, tasks that write and push, and their files. */
export const exportsRouter = router({
  choices: procedure
    .input(z.object({ study }))
    .query(({ ctx, input }) => readExportChoices(ctx.deps, input, parseEnv())),
  preview: procedure
    .input(z.object({ study, wish }))
    .query(({ ctx, input }) => readExportPreview({ pool: ctx.deps.pool, encoder: encoder() }, input)),
  list: procedure.input(z.object({ study })).query(({ ctx, input }) => readExports(ctx.deps, input, parseEnv().home)),
  start: procedure
    .input(z.object({ study, wish, push: push.optional() }))
    .mutation(({ ctx, input }) =>
      startExport(
        ctx.deps,
        { study: input.study, ...input.wish, ...(input.push ? { push: input.push } : {}) },
        parseEnv().home,
      ),
    ),
  push: procedure
    .input(z.object({ study, runId: z.uuid(), push }))
    .mutation(({ ctx, input }) => startPush(ctx.deps, input, parseEnv().home)),
  remove: procedure
    .input(z.object({ study, runId: z.uuid() }))
    .mutation(({ ctx, input }) => removeExport(ctx.deps, input, parseEnv().home)),
});
