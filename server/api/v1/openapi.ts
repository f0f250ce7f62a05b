/** The OpenAPI 3.1 document, made of the routes' own schemas. */
import { z } from "zod";
import { PROBLEMS, problemShape } from "./problem";
import type { Route } from "./route";

type Json = Record<string, unknown>;

const ABOUT = `Everything of a study for programs: push rollouts from a training loop, start runs and wait for them, pull interventions and data sets, read the tables.

- **Keys.** \`Authorization: Bearer int_…\`; made and revoked on the page /keys or by \`npm run -s intervene -- keys create NAME\`. A key reads, or reads and writes.
- **Lists** answer \`{rows, next}\`; hand \`next\` in as \`cursor\` for the next page (also in the header \`Link\`). Pages keep their place while rows are added. Some lists also stream as JSON lines.
- **Writes** take an \`Idempotency-Key\` (up to 255 characters): the same request sent again within 24 hours is answered the same, and done once.
- **Errors** are \`application/problem+json\` (RFC 9457).
- **Rates.** Each key has a token bucket; \`RateLimit\` says what is left, a 429 has \`Retry-After\`.`;

const TAGS: Record<string, string> = {
  studies: "Studies, their problems and models",
  attempts: "Attempts with what hangs on them, and the way in for rollouts",
  interventions: "Proposals, people's decisions, continuations",
  runs: "Recipes started once (pipelines) and their stages (runs)",
  data: "Imports, exports, data sets",
  tables: "Outcomes with intervals",
  system: "The API itself",
};

/** Errors that a route can answer beside its own. */
function errorsOf(route: Route): number[] {
  const codes = new Set<number>([400, 404, 429, 500, 503]);
  if (route.scope !== null) for (const code of [401, 403]) codes.add(code);
  // 502: the inference server or the hub is asked for what some of them start or look at.
  if (route.method === "POST") for (const code of [409, 422, 502]) codes.add(code);
  if (route.body !== null) for (const code of [413, 415]) codes.add(code);
  return [...codes].sort();
}

/** @param version of the product. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const schemas: Json = {};
  const schemaOf = (schema: z.ZodType): Json => jsonSchema(schema, schemas);
  const paths: Record<string, Json> = {};
  for (const r of routes) {
    const operation: Json = {
      operationId: r.id,
      tags: [r.tag],
      summary: r.summary,
      ...(r.description === undefined ? {} : { description: r.description }),
      parameters: [
        ...parameters(r.params, "path", schemaOf),
        ...parameters(r.query, "query", schemaOf),
        ...(r.method === "POST" ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : []),
      ],
      ...(r.body === null
        ? {}
        : {
            requestBody: {
              required: true,
              ...(r.body.description === undefined ? {} : { description: r.body.description }),
              content: Object.fromEntries(
                Object.entries(r.body.media).map(([type, schema]) => [type, { schema: schema === null ? {} : schemaOf(schema) }]),
              ),
            },
          }),
      responses: {
        [r.status]: {
          description: r.also.length === 0 ? "done" : ["done", ...r.also.map((f) => `${f.media}: ${f.description}`)].join("; "),
          content: {
            ...(r.answer === null ? {} : { "application/json": { schema: schemaOf(r.answer) } }),
            ...Object.fromEntries(r.also.map((f) => [f.media, { schema: f.media === "application/json" ? {} : { type: "string" } }])),
          },
        },
        ...Object.fromEntries(errorsOf(r).map((code) => [code, { $ref: `#/components/responses/${code}` }])),
      },
      security: r.scope === null ? [] : [{ key: [] }],
      ...(r.scope === null ? {} : { "x-scope": r.scope }),
    };
    const at = `/api/v1${r.path}`;
    paths[at] = { ...paths[at], [r.method.toLowerCase()]: operation };
  }
  schemaOf(problemShape);
  return {
    openapi: "3.1.0",
    info: { title: "Intervene", version, summary: "Intervention training for programs", description: ABOUT },
    servers: [{ url: "/" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer", description: "A key of the page /keys." } },
      parameters: {
        IdempotencyKey: {
          name: "Idempotency-Key",
          in: "header",
          required: false,
          schema: { type: "string", minLength: 1, maxLength: 255 },
          description: "Any text of your own, a new one for each new write.",
        },
      },
      responses: Object.fromEntries(
        [...new Set(Object.values(PROBLEMS).map((p) => p.status))].map((status) => [status, errorAnswer(status)]),
      ),
      schemas,
    },
  };
}

function errorAnswer(status: number): Json {
  const kinds = Object.values(PROBLEMS).filter((p) => p.status === status);
  return {
    description: kinds.map((p) => `${p.title}. ${p.help}`).join(" — "),
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Error" } } },
  };
}

function parameters(of: z.ZodObject, place: "path" | "query", schemaOf: (s: z.ZodType) => Json): Json[] {
  const whole = schemaOf(of) as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(whole.properties ?? {}).map(([name, schema]) => {
    const { description, ...rest } = schema;
    return {
      name,
      in: place,
      required: place === "path" || (whole.required ?? []).includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

/** JSON Schema of a zod schema, as a client writes or reads it; named ones go to `into` and are referred to. */
function jsonSchema(schema: z.ZodType, into: Json): Json {
  const { $schema: _, $defs, ...own } = z.toJSONSchema(schema, {
    io: "input",
    override({ jsonSchema }) {
      // The formats say it; zod's own patterns for them are pages long.
      if (jsonSchema.format === "uuid" || jsonSchema.format === "date-time") delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as Json & { $defs?: Record<string, Json> };
  for (const [name, one] of Object.entries($defs ?? {})) into[name] = rewrite(one);
  return rewrite(own) as Json;
}

/** References into $defs become references into the document's components. */
function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      name === "$ref" && typeof inner === "string"
        ? [name, inner.replace("#/$defs/", "#/components/schemas/")]
        : [name, rewrite(inner)],
    ),
  );
}
