import type { ServerMetrics } from "./types";

export interface LimitOptions {
  /** Samples in flight at the start. Default 32. */
  initial?: number;
  /** Default 1. */
  min?: number;
  /** Default 4096. */
  max?: number;
}

/**
 * How many samples may be in flight, found by watching the server: a pure state machine (time comes in as an
 * argument, in milliseconds) after prime-rl's controller (backends.md 1.9). A fixed number would leave a large server
 * idle and drown a small one.
 *
 * With /metrics: grow by a quarter per turnover (a limit's worth of finished samples) while the key-value cache is under
 * 60 %, nothing waits at the server and something waits here; trim to 70 % of the cache above 80 % use; cut on preemptions
 * and on a queue that does not drain. One request that waits there whole is no such queue: it is what fills the places of
 * the one before it as they become free. Without: additive growth per turnover, a cut on every 503 or 429, and no growth while
 * answers take much longer per token than they once did.
 */
export class AdaptiveLimit {
  #limit: number;
  readonly #min: number;
  readonly #max: number;
  readonly #step: number;

  #finishedSinceChange = 0;
  #polledAt = Number.NEGATIVE_INFINITY;
  #calm = { kv: false, queue: false };
  #preemptions: number | null = null;
  #cutAt = Number.NEGATIVE_INFINITY;
  #cooldown = 0;
  #crowdedPolls = 0;
  #perToken = { best: Number.POSITIVE_INFINITY, recent: Number.NaN };

  constructor(o: LimitOptions = {}) {
    this.#min = o.min ?? 1;
    this.#max = o.max ?? 4096;
    this.#limit = this.#clamp(o.initial ?? 32);
    this.#step = Math.max(1, Math.round(this.#limit / 8));
  }

  get value(): number {
    return this.#limit;
  }

  /** A poll of /metrics came back. @param largest samples of the largest request in flight. */
  polled(m: ServerMetrics, { inFlight, largest }: { inFlight: number; largest: number }, now: number): void {
    this.#polledAt = now;
    if (this.#cooldown > 0) this.#cooldown--;
    const usage = m.kvUsage ?? 0;
    const running = m.running ?? 0;
    const waiting = m.waiting ?? 0;
    this.#calm = { kv: usage < 0.6, queue: waiting <= 0.1 * running };

    const preempted = m.preemptions !== null && this.#preemptions !== null && m.preemptions > this.#preemptions;
    this.#preemptions = m.preemptions;
    if (preempted) {
      // A second cut in short order means that the first was far too small.
      this.#set(this.#limit * (now - this.#cutAt < CUT_AGAIN_MS ? 0.5 : 0.8));
      this.#cutAt = now;
      this.#cooldown = COOLDOWN_POLLS;
      return;
    }
    this.#crowdedPolls = waiting > Math.max(0.5 * running, largest) ? this.#crowdedPolls + 1 : 0;
    if (this.#crowdedPolls >= COOLDOWN_POLLS) {
      this.#crowdedPolls = 0;
      this.#set(this.#limit * 0.9);
      return;
    }
    if (usage > 0.8 && this.#cooldown === 0) {
      this.#set(Math.min(this.#limit, (inFlight * 0.7) / usage));
      this.#cooldown = COOLDOWN_POLLS;
    }
  }

  /** The server said that it is full (503, 429). */
  overloaded(now: number): void {
    // The requests in flight are refused together: one burst is one signal.
    if (now - this.#cutAt < BURST_MS) return;
    this.#cutAt = now;
    this.#set(this.#limit * 0.7);
  }

  /**
   * A request came back.
   * @param binds Something waits for its turn. (Not: nearly as much is in flight as may be. Requests of 128 samples
   * under a limit of 177 are one at a time, however large the server is, and the limit stood there.)
   * @param tokens Sampled tokens of its longest sample; with `ms` this is its time per token.
   */
  finished(r: { samples: number; tokens: number; ms: number; binds: boolean; now: number }): void {
    if (r.tokens >= 8) {
      const perToken = r.ms / r.tokens;
      const { best, recent } = this.#perToken;
      this.#perToken = {
        // The best is forgotten slowly, since prompts and servers change.
        best: Math.min(best * 1.005, perToken),
        recent: Number.isNaN(recent) ? perToken : recent + (perToken - recent) / 8,
      };
    }
    this.#finishedSinceChange += r.samples;
    if (!r.binds || this.#finishedSinceChange < this.#limit || this.#cooldown > 0) return;
    if (r.now - this.#cutAt < BURST_MS) return;
    if (r.now - this.#polledAt < METRICS_FRESH_MS) {
      if (this.#calm.kv && this.#calm.queue) this.#set(Math.max(this.#limit + 1, this.#limit * 1.25));
    } else if (!(this.#perToken.recent > 4 * this.#perToken.best)) {
      this.#set(this.#limit + this.#step);
    }
  }

  #set(limit: number): void {
    this.#limit = this.#clamp(limit);
    this.#finishedSinceChange = 0;
  }

  #clamp(limit: number): number {
    return Math.max(this.#min, Math.min(this.#max, Math.floor(limit + 1e-9)));
  }
}

const COOLDOWN_POLLS = 6;
const CUT_AGAIN_MS = 30_000;
const BURST_MS = 1_000;
/** Metrics older than this say nothing about now. */
const METRICS_FRESH_MS = 15_000;
