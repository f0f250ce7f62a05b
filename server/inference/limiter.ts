import { AdaptiveLimit, type LimitOptions } from "./limit";

/** Gives its permits back; safe to call twice. */
export type Release = () => void;

interface Waiter {
  weight: number;
  admit: () => void;
}

/**
 * A fair queue before the server: requests are admitted in order of arrival while the samples in flight stay within
 * the limit. A request larger than the limit is admitted when nothing else is in flight, so it cannot starve.
 */
export class Limiter {
  readonly limit: AdaptiveLimit;
  #inFlight = 0;
  #waiting = 0;
  #queue = new Set<Waiter>();

  constructor(options: LimitOptions = {}) {
    this.limit = new AdaptiveLimit(options);
  }

  /** Samples on the wire. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Samples that wait for their turn. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Wait for a turn for `weight` samples. @throws the signal's reason when it is aborted first. */
  acquire(weight: number, signal?: AbortSignal): Promise<Release> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = () => {
        this.#queue.delete(waiter);
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
          let released = false;
          resolve(() => {
            if (released) return;
            released = true;
            this.#inFlight -= weight;
            this.admit();
          });
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#queue.add(waiter);
      this.#waiting += weight;
      this.admit();
    });
  }

  /** Admit whoever fits; called whenever permits or the limit may have changed. */
  admit(): void {
    for (const waiter of this.#queue) {
      if (this.#inFlight > 0 && this.#inFlight + waiter.weight > this.limit.value) return;
      this.#queue.delete(waiter);
      waiter.admit();
    }
  }
}
