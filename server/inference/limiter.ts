import { AdaptiveLimit, type LimitOptions } from "./limit";

/** Gives its permits back; safe to call twice. */
export type Release = () => void;

interface Waiter {
  weight: number;
  admit: () => void;
}

/** Samples of urgent requests that may be on the wire beyond the limit, at least. */
const URGENT_AT_LEAST = 16;

/**
 * A fair queue before the server: requests are admitted in order of arrival while the samples in flight stay within
 * the limit. A request larger than the limit is admitted when nothing else is in flight, so it cannot starve.
 *
 * Urgent requests (somebody waits at a page) stand in a queue of their own before the other one, and half the limit is
 * theirs on top of what is on the wire: behind a run's long requests they would wait for minutes.
 */
export class Limiter {
  readonly limit: AdaptiveLimit;
  #inFlight = 0;
  #waiting = 0;
  #queue = new Set<Waiter>();
  #urgentQueue = new Set<Waiter>();
  #urgentInFlight = 0;
  #onTheWire = new Set<Waiter>();

  constructor(options: LimitOptions = {}) {
    this.limit = new AdaptiveLimit(options);
  }

  /** Samples on the wire. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Samples of the largest request on the wire. */
  get largest(): number {
    return Math.max(0, ...[...this.#onTheWire].map((w) => w.weight));
  }

  /** Samples that wait for their turn. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Wait for a turn for `weight` samples. @throws the signal's reason when it is aborted first. */
  acquire(weight: number, signal?: AbortSignal, urgent = false): Promise<Release> {
    const queue = urgent ? this.#urgentQueue : this.#queue;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = () => {
        queue.delete(waiter);
        this.#waiting -= weight;
        reject(signal?.reason);
        // What stood behind it may be small enough to go.
        this.admit();
      };
      const waiter: Waiter = {
        weight,
        admit: () => {
          signal?.removeEventListener("abort", abort);
          this.#waiting -= weight;
          this.#inFlight += weight;
          this.#onTheWire.add(waiter);
          if (urgent) this.#urgentInFlight += weight;
          let released = false;
          resolve(() => {
            if (released) return;
            released = true;
            this.#inFlight -= weight;
            this.#onTheWire.delete(waiter);
            if (urgent) this.#urgentInFlight -= weight;
            this.admit();
          });
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      queue.add(waiter);
      this.#waiting += weight;
      this.admit();
    });
  }

  /** Admit whoever fits; called whenever permits or the limit may have changed. */
  admit(): void {
    const reserve = Math.max(URGENT_AT_LEAST, this.limit.value / 2);
    for (const waiter of this.#urgentQueue) {
      const fits = this.#inFlight + waiter.weight <= this.limit.value || this.#urgentInFlight + waiter.weight <= reserve;
      if (this.#inFlight > 0 && !fits) break;
      this.#urgentQueue.delete(waiter);
      waiter.admit();
    }
    // What urgent requests take beyond the limit is not taken from the others' turn for ever: they go on as it falls.
    if (this.#urgentQueue.size > 0) return;
    for (const waiter of this.#queue) {
      if (this.#inFlight > 0 && this.#inFlight + waiter.weight > this.limit.value) return;
      this.#queue.delete(waiter);
      waiter.admit();
    }
  }
}
