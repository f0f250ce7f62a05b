import { isOver, type RunState } from "./run-state";

/** The bare figures of a run. */
export interface RunCounts {
  state: RunState;
  total: number;
  done: number;
  failed: number;
  /** Rows made in the last {@link RATE_WINDOW} seconds. */
  recent: number;
  /** Seconds since it was started; null before. */
  age: number | null;
}

/** Seconds over which a rate is measured. */
export const RATE_WINDOW = 30;

export interface Progress {
  /** Rows per second over the window, or over the run's whole life while that is shorter; null when nothing was made. */
  rate: number | null;
  /** Seconds to the end of what is known so far; null when there is no rate to go by. */
  secondsLeft: number | null;
  /** A run before it is still making items for it: its total will grow. */
  provisional: boolean;
}

/** @param before the states of the runs before it in its pipeline. */
export function progressOf(run: RunCounts, before: readonly RunState[]): Progress {
  const provisional = !isOver(run.state) && !before.every(isOver);
  if (run.state !== "running" || run.recent === 0) return { rate: null, secondsLeft: null, provisional };
  const window = Math.max(1, Math.min(RATE_WINDOW, run.age ?? RATE_WINDOW));
  const rate = run.recent / window;
  return { rate, secondsLeft: Math.max(0, run.total - run.done - run.failed) / rate, provisional };
}
