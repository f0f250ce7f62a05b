/**
 * How a run's state may change. Every change in the database goes through {@link nextState} and is written by
 * compare-and-set, so that two people (or a person and a worker) cannot both win.
 */
export const RUN_STATES = ["queued", "running", "paused", "done", "failed", "cancelled"] as const;
export type RunState = (typeof RUN_STATES)[number];

/**
 * start: a worker took the first item · pause, resume, cancel: a person · finish: nothing is left to do ·
 * reopen: failed items are tried again, or the run before it has reopened.
 */
export type RunEvent = "start" | "pause" | "resume" | "cancel" | "finish" | "reopen";

/** What a run is like when it is asked to change. */
export interface RunFacts {
  readonly state: RunState;
  /** A worker has begun an item of it. */
  readonly started: boolean;
  /** Rows made. */
  readonly done: number;
  /** Rows that will not be made because their items failed. */
  readonly failed: number;
  /** It is one whole task (an import, an export): what it did before it failed does not make it done. */
  readonly whole?: boolean;
}

/** Workers take items of such runs. */
export function isLive(state: RunState): boolean {
  return state === "queued" || state === "running";
}

/** Nothing more will come out of such a run by itself. */
export function isOver(state: RunState): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}

/** The state after the event, or null where the event is not allowed. */
export function nextState(run: RunFacts, event: RunEvent): RunState | null {
  switch (event) {
    case "start":
      return run.state === "queued" ? "running" : null;
    case "pause":
      return isLive(run.state) ? "paused" : null;
    case "resume":
      return run.state === "paused" ? (run.started ? "running" : "queued") : null;
    case "cancel":
      return isOver(run.state) ? null : "cancelled";
    case "finish":
      // A run of many items is only called failed when it made nothing at all: some failed items are a count and a message.
      return isLive(run.state) ? (run.failed > 0 && (run.done === 0 || run.whole) ? "failed" : "done") : null;
    case "reopen":
      return run.state === "done" || run.state === "failed" ? (run.started ? "running" : "queued") : null;
  }
}
