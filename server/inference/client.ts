import { InterveneError } from "../errors";
import type { RetryOptions } from "./call";
import type { Dialect, ServerKind } from "./dialect";
import { Http } from "./http";
import type { LimitOptions } from "./limit";
import { Limiter } from "./limiter";
import { parseMetrics } from "./metrics";
import { Sglang } from "./sglang";
import type { CompleteRequest, InferenceClient, Sample, ScoreRequest, ServerMetrics } from "./types";
import { Vllm } from "./vllm";
import { excerpt } from "./wire";

export interface ClientOptions {
  /** http://host:port; a trailing /v1 is dropped. */
  baseUrl: string;
  /** What the server speaks; not set: vLLM's wire format. */
  server?: ServerKind | undefined;
  apiKey?: string | undefined;
  /** The whole of one request, in milliseconds. Default 30 minutes. */
  timeoutMs?: number;
  retry?: RetryOptions;
  limit?: LimitOptions;
  /** Largest n of one request; more samples go as several requests with the seeds they would have had. Default 32. */
  samplesPerRequest?: number;
  /** Scores in flight. They bypass the server's prefix cache and its memory planning (vLLM #5907). Default 2. */
  scoreConcurrency?: number;
  /** Milliseconds between polls of /metrics while requests are in flight; 0 = never. Default 2,000. */
  pollMs?: number;
}

/** A client of one server; see {@link InferenceClient} for what its methods throw. */
export function createInferenceClient(options: ClientOptions): InferenceClient {
  return new Client(options);
}

class Client implements InferenceClient {
  readonly baseUrl: string;
  readonly #http: Http;
  readonly #dialect: Dialect;
  readonly #options: ClientOptions;
  readonly #limiter: Limiter;
  readonly #scores: Limiter;
  #poll: NodeJS.Timeout | undefined;
  #pollOver = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.baseUrl = options.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "");
    this.#http = new Http({
      baseUrl: this.baseUrl,
      timeoutMs: options.timeoutMs ?? 30 * 60_000,
      ...(options.apiKey ? { apiKey: options.apiKey } : {}),
    });
    const line = { http: this.#http, baseUrl: this.baseUrl, retry: options.retry };
    this.#dialect = options.server === "sglang" ? new Sglang(line) : new Vllm(line);
    this.#limiter = new Limiter(options.limit);
    const lane = options.scoreConcurrency ?? 2;
    this.#scores = new Limiter({ initial: lane, min: lane, max: lane });
  }

  async complete(r: CompleteRequest): Promise<Sample[]> {
    if (!Number.isInteger(r.n) || r.n < 1) throw new RangeError(`n ${r.n} is not a number of samples`);
    if (r.promptIds.length === 0) throw new InterveneError("bad_input", "A completion needs a prompt of at least one token.");
    const chunk = this.#options.samplesPerRequest ?? 32;
    const starts = Array.from({ length: Math.ceil(r.n / chunk) }, (_, k) => k * chunk);
    // If one request fails, the others are of no use any more.
    const stopOthers = new AbortController();
    const signal = r.signal ? AbortSignal.any([r.signal, stopOthers.signal]) : stopOthers.signal;
    try {
      const parts = await Promise.all(
        starts.map((start) => this.#samples({ ...r, signal }, start, Math.min(chunk, r.n - start))),
      );
      return parts.flat();
    } catch (error) {
      stopOthers.abort(error);
      throw error;
    }
  }

  /** Samples first..first+n-1 of a request. Children that the server aborted are asked for again, by their own seeds. */
  async #samples(r: CompleteRequest, first: number, n: number): Promise<Sample[]> {
    const got = await this.#request(r, first, n);
    const aborted = got.filter((s) => s.finishReason === "abort").map((s) => s.index);
    let left = this.#options.retry?.tries ?? 4;
    while (aborted.length > 0) {
      if (--left <= 0) {
        throw new InterveneError("unavailable", `The inference server at ${this.baseUrl} keeps aborting samples (it is being paused, or its weights are being changed).`);
      }
      for (const index of [...aborted]) {
        const [again] = await this.#request(r, index, 1);
        if (!again || again.finishReason === "abort") continue;
        got[index - first] = again;
        aborted.splice(aborted.indexOf(index), 1);
      }
    }
    return got;
  }

  async #request(r: CompleteRequest, first: number, n: number): Promise<Sample[]> {
    const release = await this.#limiter.acquire(n, r.signal, r.urgent);
    this.#watch();
    try {
      const began = performance.now();
      const samples = await this.#dialect.complete({ request: r, first, n, onOverload: () => this.#limiter.limit.overloaded(performance.now()) });
      const now = performance.now();
      this.#limiter.limit.finished({
        samples: n,
        tokens: Math.max(...samples.map((s) => s.tokens)),
        ms: now - began,
        binds: this.#limiter.waiting > 0,
        now,
      });
      return samples;
    } finally {
      release();
    }
  }

  async score(r: ScoreRequest): Promise<Float64Array> {
    if (!Number.isInteger(r.from) || r.from < 1 || r.from > r.ids.length) {
      throw new RangeError(`from ${r.from} is outside 1..${r.ids.length}`);
    }
    if (r.from === r.ids.length) return new Float64Array(0);
    const release = await this.#scores.acquire(1, r.signal);
    try {
      return await this.#dialect.score(r);
    } finally {
      release();
    }
  }

  models(signal?: AbortSignal) {
    return this.#dialect.models(signal);
  }

  async health(signal?: AbortSignal): Promise<{ ok: boolean; message: string }> {
    try {
      const result = await this.#http.send("GET", "/health", { timeoutMs: 5_000, ...(signal ? { signal } : {}) });
      if (result.kind === "no_answer") return { ok: false, message: `${this.baseUrl}: ${result.message}` };
      if (result.status === 200) return { ok: true, message: "" };
      return { ok: false, message: `${this.baseUrl}: status ${result.status}: ${excerpt(result.body)}` };
    } catch (error) {
      return { ok: false, message: `${this.baseUrl}: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  async metrics(signal?: AbortSignal): Promise<ServerMetrics | null> {
    const result = await this.#http.send("GET", "/metrics", { timeoutMs: 5_000, ...(signal ? { signal } : {}) });
    if (result.kind === "no_answer") {
      throw new InterveneError("unavailable", `The inference server at ${this.baseUrl} cannot be used just now (${result.message}).`, { cause: result.cause });
    }
    return result.status === 200 ? parseMetrics(result.body) : null;
  }

  tokenize(model: string, text: string, signal?: AbortSignal) {
    return this.#dialect.tokenize(model, text, signal);
  }

  tokenizeChat(model: string, messages: CompleteMessages, signal?: AbortSignal) {
    return this.#dialect.tokenizeChat(model, messages, signal);
  }

  tokenNames(model: string, text: string, signal?: AbortSignal) {
    return this.#dialect.tokenNames(model, text, signal);
  }

  detokenize(model: string, ids: readonly number[], signal?: AbortSignal) {
    return this.#dialect.detokenize(model, ids, signal);
  }

  load() {
    return { inFlight: this.#limiter.inFlight, waiting: this.#limiter.waiting, limit: this.#limiter.limit.value };
  }

  async close(): Promise<void> {
    this.#pollOver = true;
    clearTimeout(this.#poll);
    await this.#http.close();
  }

  /** Poll /metrics for as long as something is in flight; the first answer without metrics ends it for good. */
  #watch(): void {
    const every = this.#options.pollMs ?? 2_000;
    if (every === 0 || this.#pollOver || this.#poll) return;
    this.#poll = setTimeout(async () => {
      const seen = await this.metrics().catch(() => undefined);
      if (seen === null) this.#pollOver = true;
      if (seen) {
        this.#limiter.limit.polled(seen, this.#limiter, performance.now());
        this.#limiter.admit();
      }
      this.#poll = undefined;
      if (this.#limiter.inFlight > 0) this.#watch();
    }, every);
    // A poll must not keep a finished process alive.
    this.#poll.unref();
  }
}

type CompleteMessages = Parameters<InferenceClient["tokenizeChat"]>[1];
