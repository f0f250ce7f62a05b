/** Errors as RFC 9457 has them: application/problem+json with a type that can be looked up. */
import { z } from "zod";
import { type ErrorKind, InterveneError } from "../../errors";
import { forPeople } from "../../usecases/pages/away";

/** Every kind of error of the API: its HTTP status, its title, and what a client should do about it. */
export const PROBLEMS = {
  "bad-request": { status: 400, title: "The request cannot be understood", help: "Mend the parameters or the body that `detail` and `errors` name." },
  unauthorized: { status: 401, title: "A key is needed", help: "Send `Authorization: Bearer int_…` with a key that is not revoked; the page /keys makes one." },
  forbidden: { status: 403, title: "The key does not allow this", help: "Use a key with the scope that `detail` names." },
  "not-found": { status: 404, title: "There is no such thing", help: "Look the name or id up in the list it should stand in." },
  "method-not-allowed": { status: 405, title: "This address does not answer that method", help: "Use one of the methods in the header Allow." },
  conflict: { status: 409, title: "The state does not allow it", help: "Read the thing again, and decide by what it is like now." },
  "in-progress": { status: 409, title: "The same write is under way", help: "Wait for the seconds of Retry-After, and send it again with the same Idempotency-Key." },
  "too-large": { status: 413, title: "The body is too large", help: "Send smaller batches, or upload a file to /imports." },
  "unsupported-media-type": { status: 415, title: "The body's media type is not taken", help: "Send one of the types that `detail` names." },
  "key-reused": { status: 422, title: "The Idempotency-Key was used for another request", help: "Use a new key for each new write." },
  "too-many-requests": { status: 429, title: "Too many requests", help: "Wait for the seconds of Retry-After; the header RateLimit says what is left." },
  internal: { status: 500, title: "The server made a mistake", help: "Its log says which. Nothing half-done was kept." },
  backend: { status: 502, title: "A server behind this one answered something unusable", help: "Read `detail`; trying again will not help." },
  unavailable: { status: 503, title: "Not available just now", help: "Try again after the seconds of Retry-After." },
} as const;
export type ProblemKind = keyof typeof PROBLEMS;

const KIND: Record<ErrorKind, ProblemKind> = {
  bad_input: "bad-request",
  not_found: "not-found",
  conflict: "conflict",
  unavailable: "unavailable",
  backend: "backend",
  cannot_start: "internal",
};

/** The answer's body. */
export const problemShape = z
  .object({
    type: z.string().meta({ description: "/api/v1/errors/KIND, which explains it" }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "what happened and what to do, for people" }),
    instance: z.string().meta({ description: "the address that was asked" }),
    errors: z
      .array(z.object({ at: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: "each wrong parameter or field of the body" }),
  })
  .meta({ id: "Error", description: "RFC 9457 problem details." });

/** A refusal that is HTTP's own (no key, wrong method, too large); what the use cases refuse is an InterveneError. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly kind: ProblemKind,
    detail: string,
    readonly extra: { headers?: Record<string, string>; errors?: { at: string; detail: string }[] } = {},
  ) {
    super(detail);
  }
}

/** A refusal from what zod found wrong; `where` is "query", "body", … */
export function refusalOf(error: z.ZodError, where: string): Refusal {
  const errors = error.issues.slice(0, 20).map((issue) => ({
    at: [where, ...issue.path.map(String)].join("."),
    detail: issue.message,
  }));
  const more = error.issues.length > errors.length ? ` (and ${error.issues.length - errors.length} more)` : "";
  const said = errors.map((e) => `${e.at}: ${e.detail}`).slice(0, 3).join("; ");
  return new Refusal("bad-request", `${said}${errors.length > 3 ? "; …" : ""}${more}`, { errors });
}

/** The answer to anything that was thrown. What nobody foresaw goes to the log, without the request's headers. */
export function problemAnswer(thrown: unknown, at: { method: string; pathname: string }): Response {
  const told = forPeople(thrown);
  if (told instanceof Refusal) return answer(told.kind, told.message, at.pathname, told.extra);
  if (told instanceof InterveneError) {
    const kind = KIND[told.kind];
    const headers: Record<string, string> = kind === "unavailable" ? { "retry-after": "2" } : {};
    // forPeople speaks of the page that is open.
    const words = told === thrown ? told.message : "The database does not answer just now. Nothing is lost; send it again.";
    return answer(kind, words, at.pathname, { headers });
  }
  console.error(`API ${at.method} ${at.pathname}:`, thrown);
  return answer("internal", "The server could not answer. Its log says why.", at.pathname, {});
}

function answer(kind: ProblemKind, detail: string, instance: string, extra: Refusal["extra"]): Response {
  const { status, title } = PROBLEMS[kind];
  const body: z.input<typeof problemShape> = {
    type: `/api/v1/errors/${kind}`,
    title,
    status,
    detail,
    instance,
    ...(extra.errors ? { errors: extra.errors } : {}),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...extra.headers },
  });
}
