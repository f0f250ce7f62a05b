/** Why an item in hand is stopped; decides what becomes of its job, and of what it has started elsewhere. */
export type StopReason = "cancelled" | "paused" | "lost" | "shutdown";

/** The reason that a worker's signal aborts with. */
export class Stop extends Error {
  constructor(readonly reason: StopReason) {
    super(`stopped: ${reason}`);
  }
}
