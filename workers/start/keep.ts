import { setTimeout as sleep } from "node:timers/promises";

/** One life of something that is kept running. */
export interface Life {
  pid: number;
  /** Resolves when it is over, with words for how. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/** Something kept running. */
export interface Kept {
  /** Process number of the present life; undefined between two. */
  readonly pid: number | undefined;
  /** End it, and do not start it again. */
  stop(): Promise<void>;
}

export interface KeepOptions {
  /** Start it once more. May throw; then the next try comes after the next pause. */
  start(): Promise<Life>;
  /** Told about each end and each new beginning, for people. */
  tell(text: string): void;
  /** Called after each change of `pid`. */
  changed?(): void;
  /** Pauses before a new start, in ms; the last one repeats. A life of over a minute begins again at the first. */
  pauses?: number[];
}

/**
 * Keep something running that has been started: when it ends, start it again, after 1, 2, 4, … 30 s.
 */
export function keep(first: Life, options: KeepOptions): Kept {
  const pauses = options.pauses ?? [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
  const stopping = new AbortController();
  let life: Life | undefined = first;

  const loop = async () => {
    for (let tries = 0; ; ) {
      if (life) {
        const since = Date.now();
        const how = await life.ended;
        life = undefined;
        options.changed?.();
        if (stopping.signal.aborted) return;
        if (Date.now() - since > 60_000) tries = 0;
        options.tell(`ended by itself (${how}); starts again in ${pauseAt(pauses, tries) / 1000} s`);
      }
      await sleep(pauseAt(pauses, tries++), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        life = await options.start();
        options.changed?.();
        options.tell("runs again");
      } catch (error) {
        options.tell(`does not start: ${error instanceof Error ? error.message : String(error)}; next try in ${pauseAt(pauses, tries) / 1000} s`);
      }
      if (stopping.signal.aborted) await life?.stop();
    }
  };
  const over = loop();

  return {
    get pid() {
      return life?.pid;
    },
    async stop() {
      stopping.abort();
      await life?.stop();
      await over;
    },
  };
}

function pauseAt(pauses: number[], tries: number): number {
  return pauses[Math.min(tries, pauses.length - 1)] ?? 1_000;
}
