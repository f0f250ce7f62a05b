import type pg from "pg";

/** Pages listen here: something of a study has changed. Payload {@link LiveEvent}. */
export const LIVE_CHANNEL = "intervene";
/** Workers listen here: a run was paused, resumed, cancelled, or has new jobs. Payload {@link ControlEvent}. */
export const CONTROL_CHANNEL = "intervene_control";

/** Pages that look at a branch listen here: pieces of what is being sampled. Payload {@link StreamEvent}. */
export const STREAM_CHANNEL = "intervene_stream";

export interface StreamEvent {
  branchId: string;
  /** Of the pieces; left out with `ended`. */
  seq?: number;
  /** Left out where they are too large for a notification: they are in branch_stream. */
  pieces?: unknown;
  /** The branch's samples are rows now. */
  ended?: boolean;
}

export interface LiveEvent {
  studyId: string;
  runId?: string;
  /** progress: rows were added · run: a run's state changed · study: a study was made or changed. */
  kind: "progress" | "run" | "study";
}

export interface ControlEvent {
  /** state: look at the states of the runs that you work for · jobs: there is something to fetch. */
  kind: "state" | "jobs";
}

type Queryable = Pick<pg.ClientBase, "query"> | Pick<pg.Pool, "query">;

/** Tell pages; inside a transaction it is delivered at COMMIT. */
export async function notifyLive(db: Queryable, event: LiveEvent): Promise<void> {
  await db.query("SELECT pg_notify($1, $2)", [LIVE_CHANNEL, JSON.stringify(event)]);
}

/** Tell workers; inside a transaction it is delivered at COMMIT. */
export async function notifyControl(db: Queryable, event: ControlEvent): Promise<void> {
  await db.query("SELECT pg_notify($1, $2)", [CONTROL_CHANNEL, JSON.stringify(event)]);
}

/** At most one progress event per run in this time (ms): pages re-read on each one. */
const PROGRESS_EVERY = 400;

/**
 * Progress events, held back to a few a second for each run, the last one always sent. A lost one costs nothing: pages
 * read the rows, not the event.
 */
export class ProgressNotifier {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly pool: pg.Pool) {}

  progress(studyId: string, runId: string): void {
    if (this.timers.has(runId)) return;
    const timer = setTimeout(() => {
      this.timers.delete(runId);
      notifyLive(this.pool, { studyId, runId, kind: "progress" }).catch(() => {
        // The database is away; pages re-read when their listener is back.
      });
    }, PROGRESS_EVERY);
    timer.unref();
    this.timers.set(runId, timer);
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
