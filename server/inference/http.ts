import { Agent, request } from "undici";
import { messageOf } from "../errors";

export interface HttpOptions {
  /** Without a trailing slash or /v1. */
  baseUrl: string;
  apiKey?: string;
  /** The whole of one request, answer included, in milliseconds. */
  timeoutMs: number;
}

/** What one exchange came to. Expected failures are data; only the caller's own abort throws. */
export type HttpResult =
  | { kind: "answer"; status: number; body: string; retryAfterMs: number | null }
  | { kind: "no_answer"; message: string; timedOut: boolean; cause: unknown };

/** Answers larger than this are garbage: 32 samples of 16k tokens with their ids are under 10 MB. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/**
 * Plain HTTP to one server. undici's own limits on headers and body are off: a completion of n long samples answers
 * in one piece after many minutes, and the defaults (5 minutes) would cut it.
 */
export class Http {
  readonly #options: HttpOptions;
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 }, pipelining: 1 });

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  url(path: string): string {
    return this.#options.baseUrl + path;
  }

  /**
   * @param o.onChunk gets the body of a 200 answer piece by piece, as it comes; a piece that it throws at ends the exchange.
   */
  async send(
    method: "GET" | "POST",
    path: string,
    o: { body?: unknown; signal?: AbortSignal; timeoutMs?: number; onChunk?: (text: string) => void } = {},
  ): Promise<HttpResult> {
    o.signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(o.timeoutMs ?? this.#options.timeoutMs);
    const signal = o.signal ? AbortSignal.any([o.signal, timeout]) : timeout;
    const headers: Record<string, string> = { accept: "application/json" };
    if (o.body !== undefined) headers["content-type"] = "application/json";
    if (this.#options.apiKey) headers.authorization = `Bearer ${this.#options.apiKey}`;
    try {
      const response = await request(this.url(path), {
        method,
        headers,
        body: o.body === undefined ? null : JSON.stringify(o.body),
        signal,
        dispatcher: this.#agent,
      });
      return {
        kind: "answer",
        status: response.statusCode,
        body: await readText(response.body, response.statusCode === 200 ? o.onChunk : undefined),
        retryAfterMs: retryAfter(response.headers["retry-after"]),
      };
    } catch (error) {
      o.signal?.throwIfAborted();
      const timedOut = timeout.aborted;
      const seconds = Math.round((o.timeoutMs ?? this.#options.timeoutMs) / 1000);
      const message = timedOut ? `no answer within ${seconds} s` : networkMessage(error);
      return { kind: "no_answer", message, timedOut, cause: error };
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

async function readText(body: AsyncIterable<Uint8Array>, onChunk?: (text: string) => void): Promise<string> {
  const chunks: Uint8Array[] = [];
  const decoder = new TextDecoder();
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
    onChunk?.(decoder.decode(chunk, { stream: true }));
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Milliseconds that a Retry-After header asks for (seconds or a date); null when it says nothing usable. */
export function retryAfter(header: string | string[] | undefined, now = Date.now()): number | null {
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** Node's system errors carry the useful word in `code`, and a connect error to several addresses hides it one level down. */
function networkMessage(error: unknown): string {
  const codes: Record<string, string> = {
    ECONNREFUSED: "nothing listens there (connection refused)",
    ECONNRESET: "the connection was cut (reset)",
    UND_ERR_SOCKET: "the connection was cut in the middle of the answer",
    ENOTFOUND: "its host name is not known",
    EAI_AGAIN: "its host name cannot be looked up just now",
    EHOSTUNREACH: "its host cannot be reached",
    UND_ERR_CONNECT_TIMEOUT: "no connection within 10 s",
  };
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const code = inner instanceof Error && "code" in inner ? String(inner.code) : "";
  return codes[code] ?? messageOf(inner);
}
