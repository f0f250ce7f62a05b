import type pg from "pg";
import { type Job, PgBoss } from "pg-boss";
import { STAGES, type Stage } from "../../core/arms";
import { jobPriority, QUEUE, rolloutPriority } from "../../core/jobs";

/** A job in this process's hands. `retryCount` names the attempt, so that a late settle cannot hit a newer one. */
export interface Claim {
  readonly stage: Stage;
  readonly id: string;
  readonly retryCount: number;
  readonly data: unknown;
}

/** An item that is to get a job. */
export interface QueuedItem {
  id: string;
  runId: string;
  arm: string;
}

export interface JobQueueOptions {
  url: string;
  /**
   * "send" puts jobs in (web, command line). "work" also takes them, and watches for jobs whose worker died.
   */
  role: "send" | "work";
  name?: string;
  /** Errors of pg-boss's own background queries, e.g. while the database is away. */
  onError?: (error: Error) => void;
}

/** A worker that is silent for so long is dead (seconds; pg-boss allows no less than 10). */
export const HEARTBEAT_SECONDS = 10;

/** How long settled jobs are collected before the database hears of them (ms). */
const SETTLE_EVERY = 100;
/** How long after a database that did not answer they are told again (ms). */
const FLUSH_AGAIN = 1_000;

const QUEUE_OPTIONS = {
  // At most one live job (queued or active) for an item: singletonKey is the item's id.
  policy: "exclusive",
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // Killed workers must never use up a job. How often a bug may repeat is the worker's decision, not the queue's.
  retryLimit: 100_000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 8,
  // pg-boss's default of 15 minutes would start long samples twice; death is told by the heartbeat alone.
  expireInSeconds: 23 * 3600,
  // 0 would keep finished jobs for ever.
  deleteAfterSeconds: 600,
} as const;

/**
 * pg-boss on the database of the rows, in its own schema "pgboss". Used below its `work()`: a worker there polls on its
 * own and sleeps between jobs of a batch of one (450 jobs a second measured, 12 s for work of 8 s), whereas one loop
 * that fetches for all free slots keeps the engine full.
 */
export class JobQueue {
  private starting: Promise<PgBoss> | undefined;
  private stopped = false;
  private readonly settled: Claim[] = [];
  private flushing: NodeJS.Timeout | undefined;

  constructor(private readonly options: JobQueueOptions) {}

  /** Start on first use; a failed start is tried again by the next call. */
  private boss(): Promise<PgBoss> {
    if (this.stopped) return Promise.reject(new Error("the job queue was stopped"));
    this.starting ??= this.start().catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    return this.starting;
  }

  private async start(): Promise<PgBoss> {
    const work = this.options.role === "work";
    const boss = new PgBoss({
      connectionString: this.options.url,
      schema: "pgboss",
      application_name: `${this.options.name ?? "intervene"} queue`,
      max: 3,
      supervise: work,
      superviseIntervalSeconds: 1,
      monitorIntervalSeconds: 1,
      maintenanceIntervalSeconds: 120,
      schedule: false,
      registerInstance: false,
      persistWarnings: false,
      reindex: false,
      openTelemetry: { enabled: false },
    });
    boss.on("error", (error) => this.options.onError?.(error));
    await boss.start();
    for (const stage of STAGES) await boss.createQueue(QUEUE[stage], QUEUE_OPTIONS);
    return boss;
  }

  /** Make schema and queues now, rather than on first use. */
  async ready(): Promise<void> {
    await this.boss();
  }

  /** Add jobs inside the caller's transaction. An item that has a live job keeps it. */
  async enqueue(client: pg.ClientBase | pg.Pool, stage: Stage, items: readonly QueuedItem[]): Promise<void> {
    if (items.length === 0) return;
    const boss = await this.boss();
    // Jobs of one insert share their time, and pg-boss leaves such ties to chance: where the order matters, priorities say it.
    const jobs = items.map(({ id, runId, arm }, i) => ({
      data: { itemId: id },
      singletonKey: id,
      priority: stage === "rollout" ? rolloutPriority(runId, i) : jobPriority(stage, arm),
    }));
    await boss.insert(QUEUE[stage], jobs, { db: through(client) });
  }

  /** Take up to `count` jobs of a stage, oldest first. */
  async fetch(stage: Stage, count: number): Promise<Claim[]> {
    const jobs: Job<object>[] = await (await this.boss()).fetch<object>(QUEUE[stage], { batchSize: count });
    return jobs.map((job) => ({ stage, id: job.id, retryCount: job.retryCount, data: job.data }));
  }

  /**
   * The job has been dealt with, whatever became of its item. Told to the database in batches: a job whose settling is
   * lost comes back after its heartbeat, finds its item done, and is settled then.
   */
  settle(claim: Claim): void {
    this.settled.push(claim);
    this.flushSoon(SETTLE_EVERY);
  }

  private flushSoon(ms: number): void {
    if (this.stopped) return;
    this.flushing ??= setTimeout(() => {
      this.flushing = undefined;
      this.flush().catch((error: unknown) => {
        this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
        this.flushSoon(FLUSH_AGAIN);
      });
    }, ms);
  }

  /** Tell the database now of the jobs that were settled. What it does not hear of is told again later. */
  async flush(): Promise<void> {
    const claims = this.settled.splice(0);
    if (claims.length === 0) return;
    try {
      const boss = await this.boss();
      for (const stage of STAGES) {
        const mine = claims.filter((c) => c.stage === stage);
        if (mine.length > 0) await boss.complete(QUEUE[stage], mine.map(attempt));
      }
    } catch (error) {
      // Completing a job twice does nothing: those that were heard of need not be sorted out.
      this.settled.unshift(...claims);
      throw error;
    }
  }

  /** Hand a job back; it is taken again after a second or more, by whichever worker is free. */
  async release(claim: Claim, why: string): Promise<void> {
    await (await this.boss()).fail(QUEUE[claim.stage], attempt(claim), { message: why });
  }

  /** Say that this process is alive and still has these jobs. @returns those it has lost to another worker. */
  async touch(claims: readonly Claim[]): Promise<Claim[]> {
    const boss = await this.boss();
    const lost: Claim[] = [];
    for (const stage of STAGES) {
      const mine = claims.filter((c) => c.stage === stage);
      if (mine.length === 0) continue;
      const answer: { settled?: string[] } = await boss.touch(QUEUE[stage], mine.map(attempt));
      const kept = answer.settled;
      if (kept) lost.push(...mine.filter((c) => !kept.includes(c.id)));
    }
    return lost;
  }

  async stop(): Promise<void> {
    clearTimeout(this.flushing);
    this.flushing = undefined;
    await this.flush().catch(() => {
      // The database is away; the jobs come back and find their items done.
    });
    this.stopped = true;
    const boss = await this.starting?.catch(() => undefined);
    await boss?.stop({ graceful: false, close: true }).catch(() => undefined);
  }
}

const attempt = (claim: Claim) => ({ id: claim.id, retryCount: claim.retryCount });

const through = (client: pg.ClientBase | pg.Pool) => ({
  executeSql: async (text: string, values?: unknown[]) => {
    const result = await client.query(text, values);
    return { rows: result.rows as unknown[] };
  },
});
