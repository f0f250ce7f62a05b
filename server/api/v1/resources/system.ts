import { z } from "zod";
import { health } from "../../../usecases/health";
import { PROBLEMS, type ProblemKind, Refusal } from "../problem";
import { type Route, route } from "../route";

const healthShape = z
  .object({
    ok: z.boolean(),
    database: z.object({ ok: z.boolean(), version: z.string(), message: z.string() }),
    workers: z.int().meta({ description: "alive within the last 15 seconds" }),
    queue: z.object({ pending: z.int(), paused: z.int(), stages: z.record(z.string(), z.int()) }),
    engine: z.object({ ok: z.boolean(), message: z.string() }),
  })
  .meta({ id: "Health" });

const errorShape = z.object({ kind: z.string(), status: z.int(), title: z.string(), help: z.string() });

export const systemRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/health",
    id: "getHealth",
    tag: "system",
    summary: "How the system is; needs no key",
    scope: null,
    answer: healthShape,
    async handle({ program }) {
      const { ok, database, workers, queue, engine } = await health({
        pool: program.deps.pool,
        inferenceUrl: program.inference?.baseUrl,
        inferenceApiKey: program.inference?.apiKey,
      });
      if (!ok) throw new Refusal("unavailable", `The database does not answer: ${database.message}.`, { headers: { "retry-after": "2" } });
      const { url: _, ...said } = engine;
      return { value: { ok, database, workers: workers.length, queue, engine: said } };
    },
  }),
  route({
    method: "GET",
    path: "/errors/{kind}",
    id: "getErrorKind",
    tag: "system",
    summary: "What a kind of error means; needs no key",
    scope: null,
    params: z.object({ kind: z.enum(Object.keys(PROBLEMS) as [ProblemKind, ...ProblemKind[]]) }),
    answer: errorShape,
    async handle({ path }) {
      return { value: { kind: path.kind, ...PROBLEMS[path.kind] } };
    },
  }),
];
