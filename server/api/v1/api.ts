/**
 * The HTTP interface for programs, as one function from a Request to a Response: address, method, key, rate, parameters,
 * once-only writes, and the error in the form that RFC 9457 gives it.
 */
import type { Scope } from "../../core/programs/keys";
import { type StoredAnswer, once } from "../../usecases/programs/idempotency";
import { type Bearer, bearerOf } from "../../usecases/programs/keys";
import { type RateLimit, RateLimiter } from "./limit";
import { problemAnswer, Refusal } from "./problem";
import type { Program, RawCall, Route } from "./route";
import { routes } from "./routes";

export interface ApiOptions extends Program {
  /** Per key. Requests without a right key share one bucket. */
  rate: RateLimit;
}

export const ROOT = "/api/v1";

export type Api = (request: Request) => Promise<Response>;

export function createApi(options: ApiOptions): Api {
  const { rate, ...program } = options;
  const limiter = new RateLimiter(rate);
  return async (request) => {
    const url = new URL(request.url);
    const headers: Record<string, string> = {};
    const head = request.method === "HEAD";
    let answer: Response;
    try {
      answer = await respond(program, limiter, request, url, headers);
    } catch (error) {
      // Nobody is there to read it, and a body that broke off is no bug.
      answer = request.signal.aborted
        ? new Response(null, { status: 400 })
        : problemAnswer(error, { method: request.method, pathname: url.pathname });
      // What was not read of the body is let go of, so that the connection can be used again.
      await request.body?.cancel().catch(() => {});
    }
    for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
    if (!head) return answer;
    await answer.body?.cancel();
    return new Response(null, { status: answer.status, headers: answer.headers });
  };
}

async function respond(
  program: Program,
  limiter: RateLimiter,
  request: Request,
  url: URL,
  headers: Record<string, string>,
): Promise<Response> {
  const here = findRoutes(url.pathname);
  const allow = [...new Set([...here.flatMap(({ route }) => (route.method === "GET" ? ["GET", "HEAD"] : [route.method])), "OPTIONS"])].join(", ");
  if (here.length === 0) throw new Refusal("not-found", `There is nothing at ${url.pathname.slice(0, 200)}; ${ROOT}/openapi.json lists what there is.`);
  // No CORS headers: a browser page of another origin is not meant to hold a key.
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  const method = request.method === "HEAD" ? "GET" : request.method;
  const found = here.find(({ route }) => route.method === method);
  if (found === undefined) throw new Refusal("method-not-allowed", `${url.pathname} answers ${allow}, not ${request.method}.`, { headers: { allow } });
  const { route, params } = found;
  const bearer = await permitted(program, limiter, request, route.scope, headers);
  const call: RawCall = { program, request, url, params, bearer };
  const prepared = await route.prepare(call);
  const key = request.headers.get("idempotency-key");
  if (key === null || route.method === "GET" || bearer === null) return prepared.run();
  return onlyOnce(call, bearer, key, prepared);
}

/** Who asks; null where no key is needed. @throws Refusal 401, 403 or 429 */
async function permitted(
  program: Program,
  limiter: RateLimiter,
  request: Request,
  scope: Scope | null,
  headers: Record<string, string>,
): Promise<Bearer | null> {
  const given = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const bearer = scope === null || given === undefined ? null : await bearerOf(program.deps, given);
  const taken = limiter.take(bearer === null ? "nobody" : bearer.id);
  Object.assign(headers, taken.headers);
  if (!taken.ok) throw new Refusal("too-many-requests", `Wait ${taken.wait} s: this key has used up its requests.`);
  if (scope === null) return null;
  if (bearer === null) {
    const [error, what] = given === undefined ? ["", "Send a key: Authorization: Bearer int_…"] : [', error="invalid_token"', "This key is not known, or it was revoked."];
    throw new Refusal("unauthorized", what, { headers: { "www-authenticate": `Bearer realm="Intervene"${error}` } });
  }
  if (!bearer.scopes.includes(scope)) {
    throw new Refusal("forbidden", `The key “${bearer.name}” may not do this: it needs the scope ${scope}.`, {
      headers: { "www-authenticate": `Bearer realm="Intervene", error="insufficient_scope", scope="${scope}"` },
    });
  }
  return bearer;
}

type Prepared = Awaited<ReturnType<Route["prepare"]>>;

async function onlyOnce(call: RawCall, bearer: Bearer, key: string, prepared: Prepared): Promise<Response> {
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    await prepared.discard();
    throw new Refusal("bad-request", "The Idempotency-Key must be 1 to 255 characters of ASCII.");
  }
  const { pathname, search } = call.url;
  const write = { apiKeyId: bearer.id, key, method: call.request.method, path: pathname + search, digest: prepared.digest };
  const result = await once(call.program.deps, write, async () => stored(await prepared.run()));
  if (result.kind === "done" && !result.replayed) return restored(result.answer);
  await prepared.discard();
  if (result.kind === "done") {
    const again = restored(result.answer);
    again.headers.set("idempotency-replayed", "true");
    return again;
  }
  if (result.kind === "other") throw new Refusal("key-reused", `The Idempotency-Key “${key}” came with another request before: use a new one.`);
  throw new Refusal("in-progress", "The same write is under way; send it again in a moment.", { headers: { "retry-after": "2" } });
}

const KEPT_HEADERS = ["content-type", "cache-control", "location"];

async function stored(answer: Response): Promise<StoredAnswer> {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = answer.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  return { status: answer.status, headers, body: await answer.json() };
}

const restored = ({ status, headers, body }: StoredAnswer) => new Response(JSON.stringify(body), { status, headers });

interface Found {
  route: Route;
  params: Record<string, string>;
}

const TABLE = routes.map((route) => ({ route, parts: route.path.split("/").slice(1) }));

/** The routes whose path this is, of any method; a fixed part is better than a parameter. */
function findRoutes(pathname: string): Found[] {
  if (!pathname.startsWith(`${ROOT}/`)) return [];
  const given = pathname.slice(ROOT.length + 1).split("/").map(decode);
  const found = TABLE.flatMap(({ route, parts }): (Found & { fixed: number })[] => {
    if (parts.length !== given.length) return [];
    const params: Record<string, string> = {};
    let fixed = 0;
    for (const [i, part] of parts.entries()) {
      const value = given[i];
      if (value === undefined || value === "") return [];
      if (part.startsWith("{")) params[part.slice(1, -1)] = value;
      else if (part === value) fixed += 1;
      else return [];
    }
    return [{ route, params, fixed }];
  });
  const most = Math.max(...found.map((f) => f.fixed));
  return found.filter((f) => f.fixed === most);
}

/** A part of a path; one that is not encoded rightly names nothing. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
