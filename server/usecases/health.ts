import type pg from "pg";
import type { WorkerView } from "../core/views/study";
import { messageOf } from "../errors";
import { databaseVersion, pendingItems } from "../store/read/health";
import { liveWorkers } from "../store/read/workers";

/** A health check answers within this (ms), whatever hangs. */
const PATIENCE = 3_000;

export interface HealthDeps {
  pool: pg.Pool;
  /** The embedded engine's or INFERENCE_URL; not set: none is known. */
  inferenceUrl: string | undefined;
  inferenceApiKey: string | undefined;
}

/** What GET /api/health answers. */
export interface Health {
  /** The pages work: the database answers. A worker or an engine that is away only delays the runs. */
  ok: boolean;
  database: { ok: boolean; version: string; message: string };
  /** Alive within the last 15 s. */
  workers: WorkerView[];
  /** Items left to do: of running runs (`pending`), of paused ones, and `pending` by stage. */
  queue: { pending: number; paused: number; stages: Record<string, number> };
  engine: { ok: boolean; url: string; message: string };
}

/** How the system is, for programs and for people. Never throws: what is wrong stands in the answer. */
export async function health(deps: HealthDeps): Promise<Health> {
  const [database, engine] = await Promise.all([readDatabase(deps.pool), askEngine(deps)]);
  return { ok: database.database.ok, ...database, engine };
}

async function readDatabase(pool: pg.Pool): Promise<Pick<Health, "database" | "workers" | "queue">> {
  try {
    const [version, workers, pending] = await within(
      PATIENCE,
      Promise.all([databaseVersion(pool), liveWorkers(pool), pendingItems(pool)]),
    );
    const moving = pending.filter((row) => row.state !== "paused");
    const stages: Record<string, number> = {};
    for (const row of moving) stages[row.stage] = (stages[row.stage] ?? 0) + row.items;
    const sum = (rows: typeof pending) => rows.reduce((total, row) => total + row.items, 0);
    const queue = { pending: sum(moving), paused: sum(pending) - sum(moving), stages };
    return { database: { ok: true, version, message: "" }, workers, queue };
  } catch (error) {
    return {
      database: { ok: false, version: "", message: messageOf(error) || "it does not answer" },
      workers: [],
      queue: { pending: 0, paused: 0, stages: {} },
    };
  }
}

async function askEngine({ inferenceUrl, inferenceApiKey }: HealthDeps): Promise<Health["engine"]> {
  if (!inferenceUrl) return { ok: false, url: "", message: "No inference server is set (INFERENCE_URL)." };
  const url = inferenceUrl.replace(/\/v1$/, "");
  try {
    // Not the inference client: it keeps state for requests that none is sent here.
    const answer = await fetch(`${url}/health`, {
      signal: AbortSignal.timeout(PATIENCE),
      // No kept connection: one to a server that has gone would report its end instead of the present.
      headers: { connection: "close", ...(inferenceApiKey ? { authorization: `Bearer ${inferenceApiKey}` } : {}) },
    });
    await answer.body?.cancel();
    return { ok: answer.ok, url, message: answer.ok ? "" : `status ${answer.status}` };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return { ok: false, url, message: messageOf(cause) };
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
