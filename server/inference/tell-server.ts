import { setTimeout as sleep } from "node:timers/promises";
import { InterveneError } from "../errors";
import type { Http } from "./http";
import { errorMessageIn, excerpt } from "./wire";

export interface Told {
  status: number;
  /** What it said, in one line: the message of an error answer, or the body as it came. */
  said: string;
}

export interface TellOptions {
  http: Http;
  path: string;
  body: unknown;
  signal: AbortSignal;
  /** It may be busy, away or restarting so long (ms). */
  withinMs: number;
  /** Time between two tries (ms). */
  everyMs: number;
}

/** What a server that is busy or restarting says: worth another try. */
const BUSY = new Set([408, 409, 425, 429, 502, 503, 504]);

/**
 * Tell a server to change something of itself (load an adapter, take other weights), however long it takes and as often as it is
 * busy. What is told must bear repetition. Answers are plain text as often as JSON.
 *
 * @throws InterveneError("unavailable") when it was never ready in time, and the signal's reason.
 */
export async function tellServer(o: TellOptions): Promise<Told> {
  const end = Date.now() + o.withinMs;
  for (;;) {
    const answer = await o.http.send("POST", o.path, { body: o.body, signal: o.signal, timeoutMs: Math.max(1_000, end - Date.now()) });
    let why: string;
    let wait = o.everyMs;
    if (answer.kind === "answer") {
      const said = excerpt(messageIn(answer.body), 400);
      if (!BUSY.has(answer.status)) return { status: answer.status, said };
      why = `status ${answer.status}: ${said}`;
      wait = Math.max(wait, answer.retryAfterMs ?? 0);
    } else why = answer.message;
    if (Date.now() + wait >= end)
      throw new InterveneError("unavailable", `The inference server at ${o.http.url(o.path)} has not taken the model within ${Math.round(o.withinMs / 1000)} s (${why}).`);
    await sleep(wait, undefined, { signal: o.signal }).catch(() => o.signal.throwIfAborted());
  }
}

function messageIn(body: string): string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return body;
  }
  const message = errorMessageIn(json);
  if (message !== null) return message;
  // SGLang's own form: {"success", "message"}.
  if (typeof json === "object" && json !== null && "message" in json && typeof json.message === "string") return json.message;
  return typeof json === "string" ? json : body;
}
