/**
 * One route of the API: what it takes and answers (zod, from which the OpenAPI document is made), and what it does. The
 * types of `handle` follow from the schemas; the router sees {@link Route} alone.
 */
import { z } from "zod";
import type { Scope } from "../../core/programs/keys";
import type { Deps } from "../../usecases/deps";
import type { Bearer } from "../../usecases/programs/keys";
import { Refusal, refusalOf } from "./problem";

export type Method = "GET" | "POST" | "DELETE";

/** What routes are given of the process they run in. */
export interface Program {
  deps: Deps;
  /** Data folder; files are received into it. */
  home: string;
  /** null: no server is known. */
  inference: { baseUrl: string; server?: "vllm" | "sglang" | undefined; apiKey: string | undefined } | null;
  /** Where datasets are fetched from by name. */
  hub: { endpoint: string; token: string | undefined };
  /** Most bytes of a body that is held in memory. */
  maxBody: number;
}

/** A request that has come through address, key and rate limit. */
export interface RawCall {
  program: Program;
  request: Request;
  url: URL;
  /** Path parameters, decoded. */
  params: Record<string, string>;
  /** null on routes that need no key. */
  bearer: Bearer | null;
}

/** A body that was taken in: its value, its digest, and how to let go of it when it turns out to be a repetition. */
export interface Received<B> {
  value: B;
  /** SHA-256, hex. */
  digest: string;
  discard(): Promise<void>;
}

/** How a route takes its body. */
export interface BodySpec<B> {
  /** Media type → schema of the OpenAPI document; null: bytes of any shape. */
  media: Record<string, z.ZodType | null>;
  description?: string;
  receive(call: RawCall): Promise<Received<B>>;
}

export interface Call<P, Q, B> extends RawCall {
  path: P;
  query: Q;
  body: B;
}

/** A JSON answer. */
export interface Given<T> {
  value: T;
  headers?: Record<string, string>;
}

/** Another form of the answer than JSON: its media type and what stands in it. */
export interface OtherForm {
  media: string;
  description: string;
}

export interface RouteSpec {
  method: Method;
  /** Below /api/v1, with {parameters}. */
  path: string;
  /** Name of the operation in the OpenAPI document. */
  id: string;
  tag: string;
  summary: string;
  description?: string;
  /** What the key must allow; null: no key is needed. */
  scope: Scope | null;
  params: z.ZodObject;
  query: z.ZodObject;
  body: BodySpec<unknown> | null;
  status: 200 | 201 | 202;
  /** null: the answer has no JSON form. */
  answer: z.ZodType | null;
  also: readonly OtherForm[];
}

/** A route ready to be called. `receive` comes first, so that a repeated write is known by its digest before it is done. */
export interface Route extends RouteSpec {
  prepare(call: RawCall): Promise<{ digest: string; discard(): Promise<void>; run(): Promise<Response> }>;
}

interface Definition<P extends z.ZodObject, Q extends z.ZodObject, B, A extends z.ZodType> {
  method: Method;
  path: string;
  id: string;
  tag: string;
  summary: string;
  description?: string;
  scope: Scope | null;
  params?: P;
  query?: Q;
  body?: BodySpec<B>;
  status?: 200 | 201 | 202;
  answer?: A;
  also?: readonly OtherForm[];
  handle(call: Call<z.output<P>, z.output<Q>, B>): Promise<Given<z.input<A>> | Response>;
}

const nothing = z.object({});

/** Make a route of its definition. */
export function route<
  P extends z.ZodObject = typeof nothing,
  Q extends z.ZodObject = typeof nothing,
  B = undefined,
  A extends z.ZodType = z.ZodNever,
>(d: Definition<P, Q, B, A>): Route {
  const params: z.ZodObject = d.params ?? nothing;
  const query: z.ZodObject = d.query ?? nothing;
  const status = d.status ?? 200;
  return {
    method: d.method,
    path: d.path,
    id: d.id,
    tag: d.tag,
    summary: d.summary,
    ...(d.description === undefined ? {} : { description: d.description }),
    scope: d.scope,
    params,
    query,
    body: d.body ?? null,
    status,
    answer: d.answer ?? null,
    also: d.also ?? [],
    async prepare(call) {
      // Parsed by the very schemas they are typed by; the router's own types do not carry them.
      const path = parsePath(params, call) as z.output<P>;
      const asked = parseQuery(query, call.url) as z.output<Q>;
      const received = await d.body?.receive(call);
      return {
        digest: received?.digest ?? "",
        discard: async () => received?.discard(),
        async run() {
          const given = await d.handle({ ...call, path, query: asked, body: received?.value as B });
          if (given instanceof Response) return given;
          return new Response(JSON.stringify(given.value), {
            status,
            headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...given.headers },
          });
        },
      };
    },
  };
}

/** A wrong id in an address names nothing: 404. */
function parsePath(schema: z.ZodObject, call: RawCall): unknown {
  const parsed = schema.safeParse(call.params);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0] ?? "address");
  const given = String(call.params[name] ?? "").slice(0, 60);
  throw new Refusal("not-found", `“${given}” names no ${name.replaceAll("_", " ")}: ${issue?.message ?? "it is wrong"}.`);
}

/** Parameters that are not known are refused: a misspelt filter would otherwise answer everything. */
function parseQuery(schema: z.ZodObject, url: URL): unknown {
  const given: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (name in given) throw new Refusal("bad-request", `The parameter ${name} is given twice.`);
    given[name] = value;
  }
  const parsed = schema.strict().safeParse(given);
  if (!parsed.success) throw refusalOf(parsed.error, "query");
  return parsed.data;
}
