import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { InterveneError } from "../errors";
import type { Http, HttpResult } from "./http";
import { errorMessageIn, excerpt } from "./wire";

export interface RetryOptions {
  /** Tries inside one call, the first included. Default 4. */
  tries?: number;
  /** Upper bound of the first wait; it doubles with each try. Default 400. */
  baseMs?: number;
  /** Upper bound of any wait. Default 10,000. */
  capMs?: number;
}

export interface CallOptions<T> {
  method?: "GET" | "POST";
  path: string;
  body?: unknown;
  answer: z.ZodType<T>;
  signal?: AbortSignal | undefined;
  /** Called for each refusal for want of room (503, 429). */
  onOverload?: () => void;
  /** For an answer that comes as server-sent events: a reader of its own for each try. */
  stream?: () => StreamReader;
}

/** Reads a streamed answer as it comes, and puts it together. */
export interface StreamReader {
  chunk(text: string): void;
  /**
   * The whole of it, in the form of an answer that was not streamed.
   * @returns incomplete: what came before the end; trying again is worth it.
   */
  finish(): { kind: "whole"; body: unknown } | { kind: "incomplete"; why: string } | { kind: "not_streamed" };
}

/** What one try came to: an answer, or whether to try again. */
type Judged<T> =
  | { kind: "ok"; value: T }
  | { kind: "again"; why: string; waitMs: number | null; status: number | null; cause: unknown }
  | { kind: "give_up"; error: InterveneError };

/**
 * One call of a server with its retries (backends.md 1.9): no connection, 408, 409, 429, 5xx and an error inside a 200
 * are tried again after a random wait (full jitter, so that many workers do not come back at once; Retry-After
 * is honoured); every other refusal and every unreadable answer fails at once.
 *
 * @throws InterveneError("unavailable") after the last try; InterveneError("backend") when repeating is of no use.
 */
export async function call<T>(http: Http, o: CallOptions<T>, retry: RetryOptions = {}): Promise<T> {
  const tries = retry.tries ?? 4;
  for (let attempt = 1; ; attempt++) {
    const reader = o.stream?.();
    const result = await http.send(o.method ?? "POST", o.path, {
      ...(o.body === undefined ? {} : { body: o.body }),
      ...(o.signal ? { signal: o.signal } : {}),
      ...(reader ? { onChunk: (text: string) => reader.chunk(text) } : {}),
    });
    const judged = judge(http.url(o.path), result, o, reader);
    if (judged.kind === "ok") return judged.value;
    if (judged.kind === "give_up") throw judged.error;
    if (attempt >= tries) throw await lastWord(http, o, judged, tries);
    await sleep(backoff(attempt, judged.waitMs, retry), undefined, o.signal ? { signal: o.signal } : {}).catch(() => {
      o.signal?.throwIfAborted();
    });
  }
}

/** Milliseconds before the next try: anything up to a bound that doubles, or what the server asked for and a little more. */
export function backoff(attempt: number, askedMs: number | null, o: RetryOptions = {}, random = Math.random): number {
  const cap = o.capMs ?? 10_000;
  const bound = Math.min(cap, (o.baseMs ?? 400) * 2 ** (attempt - 1));
  if (askedMs !== null) return Math.min(Math.max(cap, 60_000), askedMs + random() * bound);
  return random() * bound;
}

function judge<T>(url: string, result: HttpResult, o: CallOptions<T>, reader: StreamReader | undefined): Judged<T> {
  if (result.kind === "no_answer") {
    if (result.timedOut) {
      // The time limit is long; spending it several times over inside one call helps nobody.
      const message = `The inference server at ${url} gave ${result.message}.`;
      return { kind: "give_up", error: new InterveneError("unavailable", message, { cause: result.cause }) };
    }
    return { kind: "again", why: result.message, waitMs: null, status: null, cause: result.cause };
  }
  const { status, body } = result;
  const streamed = status === 200 ? reader?.finish() : undefined;
  if (streamed?.kind === "incomplete") return { kind: "again", why: streamed.why, waitMs: null, status, cause: undefined };
  // A server that streams nothing answers in one piece.
  const json = streamed?.kind === "whole" ? streamed.body : parseJson(body);
  const said = errorMessageIn(json);
  if (status === 200 && said === null) {
    const parsed = o.answer.safeParse(json);
    if (json !== undefined && parsed.success) return { kind: "ok", value: parsed.data };
    const what = json === undefined ? `not JSON: ${excerpt(body)}` : complaint(parsed.error);
    const message = `The inference server at ${url} gave an answer that cannot be used (${what}).`;
    return { kind: "give_up", error: new InterveneError("backend", message, { cause: parsed.error }) };
  }
  const why = `${status === 200 ? "an error in a 200 answer" : `status ${status}`}: ${excerpt(said ?? body)}`;
  if (status === 503 || status === 429) o.onOverload?.();
  if (status === 200 || [408, 409, 429].includes(status) || (status >= 500 && status !== 501)) {
    return { kind: "again", why, waitMs: result.retryAfterMs, status, cause: undefined };
  }
  const hint = status === 401 || status === 403 ? " Set INFERENCE_API_KEY to the server's key." : "";
  const message = `The inference server at ${url} refused the request with ${why}.${hint}`;
  return { kind: "give_up", error: new InterveneError("backend", message) };
}

/**
 * The error after the last try. A 500 from a server that is otherwise well is this request's own fault (a prompt that
 * trips it over, say): it fails the item, where waiting for the server would hold the run up for ever.
 */
async function lastWord<T>(
  http: Http,
  o: CallOptions<T>,
  last: { why: string; status: number | null; cause: unknown },
  tries: number,
): Promise<InterveneError> {
  const url = http.url(o.path);
  if (last.status === 500) {
    const health = await http.send("GET", "/health", { timeoutMs: 5_000, ...(o.signal ? { signal: o.signal } : {}) });
    if (health.kind === "answer" && health.status === 200) {
      return new InterveneError("backend", `The inference server at ${url} is up but fails on this request ${tries} times (${last.why}).`);
    }
  }
  return new InterveneError("unavailable", `The inference server at ${url} cannot be used just now (${last.why}; ${tries} tries).`, {
    cause: last.cause,
  });
}

/** Undefined when it is not JSON. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function complaint(error: z.ZodError | undefined): string {
  const issue = error?.issues[0];
  return issue ? `${issue.path.join(".") || "answer"}: ${issue.message}` : "unknown";
}
