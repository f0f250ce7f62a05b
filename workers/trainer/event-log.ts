import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import type { TrainerEvent } from "@/server/core/training/spec";

type Unstamped<E> = E extends unknown ? Omit<E, "at"> : never;

/** Appends events, a line each, written through at once: whoever follows the file sees a step when it is done. */
export class EventLog {
  constructor(private readonly file: string) {
    mkdirSync(path.dirname(file), { recursive: true });
  }

  write(event: Unstamped<TrainerEvent>): void {
    appendFileSync(this.file, `${JSON.stringify({ ...event, at: new Date().toISOString() })}\n`);
  }
}
