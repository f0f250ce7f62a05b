import { setTimeout as sleep } from "node:timers/promises";
import type { InferenceClient } from "@/server/inference/types";

const FIRST_WAIT = 300;
const LONGEST_WAIT = 8_000;
const PROBE_EVERY = 1_000;

/**
 * Where items wait while the inference server (or the database) is away. They keep their jobs and their turn, nothing is
 * sent meanwhile, and one probe a second speaks for all of them.
 */
export class Gate {
  private readonly waiting = new Map<symbol, string>();
  private probe: Promise<boolean> | undefined;

  constructor(
    private readonly client: Pick<InferenceClient, "health">,
    /** Called when the first item begins to wait for the server, and when the last one has stopped. */
    private readonly changed: (why: string) => void,
  ) {}

  /** What the worker waits for, for people; "" when all is well. */
  get why(): string {
    return this.waiting.values().next().value ?? "";
  }

  async wait(what: "inference" | "database", why: string, tries: number, signal: AbortSignal): Promise<void> {
    const me = Symbol();
    this.waiting.set(me, why);
    if (this.waiting.size === 1) this.changed(this.why);
    try {
      // Full jitter, so that items do not come back as one wave.
      const bound = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(tries, 10));
      await sleep(bound / 2 + (Math.random() * bound) / 2, undefined, { signal });
      while (what === "inference" && !(await this.healthy())) await sleep(PROBE_EVERY / 4, undefined, { signal });
    } catch {
      signal.throwIfAborted();
    } finally {
      this.waiting.delete(me);
      if (this.waiting.size === 0) this.changed("");
    }
  }

  /** Whether the server says that it is well; asked at most once a second for everybody. */
  private healthy(): Promise<boolean> {
    this.probe ??= this.client.health(AbortSignal.timeout(5_000)).then(({ ok }) => {
      setTimeout(() => {
        this.probe = undefined;
      }, PROBE_EVERY).unref();
      return ok;
    });
    return this.probe;
  }
}
