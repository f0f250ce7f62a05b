import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { messageOf } from "@/server/errors";
import { createInferenceClient } from "@/server/inference/client";
import type { ServerKind } from "@/server/inference/dialect";
import { isDatabaseAway } from "@/server/store/connection";
import { CONTROL_CHANNEL, ProgressNotifier } from "@/server/store/notify";
import { HEARTBEAT_SECONDS } from "@/server/store/queue/job-queue";
import { readOrphans } from "@/server/store/read/work-item";
import { listen } from "@/server/store/views/listen";
import { closeAllFinishedRuns } from "@/server/store/write/close-runs";
import { clearWaiting, sayWaiting } from "@/server/store/write/start-run";
import { removeSilentWorkers, removeWorker, seeWorker } from "@/server/store/write/worker-row";
import { createDeps } from "@/server/usecases/deps";
import { ServedModels } from "@/server/usecases/served-models";
import { Dispatcher } from "./dispatcher";
import { every, type Repeated } from "./every";
import { Gate } from "./gate";

export interface WorkerOptions {
  databaseUrl: string;
  inferenceUrl: string;
  /** Not set: vLLM's wire format. */
  inferenceServer?: ServerKind | undefined;
  inferenceApiKey?: string | undefined;
  /** The data folder, when this worker shares it with the web: then it takes imports and exports too. */
  home?: string | undefined;
  /** Items that sample at a time (default 48). The client's adaptive limit decides how many samples are on the wire. */
  slots?: number;
  log: (line: string) => void;
}

export interface RunningWorker {
  id: string;
  /** Take nothing more, hand back what is in hand, and end every connection. */
  stop(): Promise<void>;
}

/** Pending items that a sweep puts back at most; it comes again in {@link SWEEP_EVERY} ms. */
const SWEEP_AT_MOST = 1000;
const SWEEP_EVERY = 4_000;
/** A sweep that finds nothing rests so many times as long as it took: it reads all pending items (0.2 s for 44,000). */
const SWEEP_SHARE = 50;

/** Start one worker: any number may run, on any machine; they find the work, and each other's dead, in the database alone. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { log } = options;
  const id = randomUUID();
  const startedAt = new Date();
  const deps = createDeps({
    databaseUrl: options.databaseUrl,
    role: "work",
    name: "intervene worker",
    max: 12,
    onQueueError: (error) => {
      if (!isDatabaseAway(error)) log(`queue: ${error.message}`);
    },
  });
  const { pool, queue } = deps;
  const client = createInferenceClient({ baseUrl: options.inferenceUrl, server: options.inferenceServer, apiKey: options.inferenceApiKey });
  const models = new ServedModels(client);
  const progress = new ProgressNotifier(pool);

  const gate = new Gate(client, (why) => {
    log(why === "" ? "goes on" : `waits: ${why}`);
    // The server that comes back may serve other weights.
    models.forget();
    void tellWaiting(why);
  });
  const dispatcher = new Dispatcher(
    { pool, queue, client, models, home: options.home ?? null, progress, wait: (...args) => gate.wait(...args) },
    { slots: options.slots ?? 48, log },
  );
  async function tellWaiting(why: string): Promise<void> {
    try {
      await see();
      if (why === "") await clearWaiting(pool);
      else await sayWaiting(pool, dispatcher.runIds, why);
    } catch (error) {
      if (!isDatabaseAway(error)) log(`cannot tell what the worker waits for: ${messageOf(error)}`);
    }
  }
  // One at a time, and none once the worker leaves: a late one would bring back the row that the leaving has removed.
  let leaving = false;
  let seen: Promise<void> = Promise.resolve();
  function see(): Promise<void> {
    const turn = async () => {
      if (leaving) return;
      const { inFlight, limit } = client.load();
      await seeWorker(pool, { id, host: hostname(), pid: process.pid, startedAt, waitsFor: gate.why, inFlight, limit });
    };
    seen = seen.then(turn, turn);
    return seen;
  }

  await connect(() => queue.ready(), log);
  let nextSweep = 0;
  const repeated: Repeated[] = [
    every(4_000, "worker row", see, log),
    every(30_000, "silent workers", () => removeSilentWorkers(pool), log),
    every((HEARTBEAT_SECONDS * 1000) / 4, "heartbeat", () => dispatcher.heartbeat(), log),
    every(1_500, "states of runs", () => dispatcher.checkRuns(), log),
    every(
      SWEEP_EVERY,
      "sweep",
      async () => {
        if (Date.now() < nextSweep) return;
        const began = Date.now();
        const orphans = await readOrphans(pool, SWEEP_AT_MOST);
        for (const stage of new Set(orphans.map((o) => o.stage))) {
          await queue.enqueue(
            pool,
            stage,
            orphans.filter((o) => o.stage === stage),
          );
        }
        if (orphans.length > 0) dispatcher.wake();
        else nextSweep = began + SWEEP_SHARE * (Date.now() - began);
        await closeAllFinishedRuns(pool);
      },
      log,
    ),
    // Runs that began to wait later than the first; and a worker that was killed while it waited has left its message.
    every(
      SWEEP_EVERY,
      "messages",
      async () => {
        if (gate.why === "") await clearWaiting(pool);
        else await sayWaiting(pool, dispatcher.runIds, gate.why);
      },
      log,
    ),
  ];
  const heard = () => {
    dispatcher.wake();
    dispatcher.checkRuns().catch(() => {
      // Asked again within two seconds.
    });
  };
  const control = listen(options.databaseUrl, CONTROL_CHANNEL, { onMessage: heard, onConnect: heard });
  dispatcher.start();

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    for (const r of repeated) r.stop();
    await control.close();
    await dispatcher.stop();
    progress.stop();
    leaving = true;
    await seen.catch(() => {
      // Told where it was asked for.
    });
    await removeWorker(pool, id).catch(() => {
      // Its row goes silent instead.
    });
    await client.close();
    await deps.close();
  };
  return {
    id,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** The first contact with the database, tried until it is there. */
async function connect(work: () => Promise<void>, log: (line: string) => void): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      if (tries % 10 === 0) log(`waits for the database: ${messageOf(error)}`);
      await new Promise((resolve) => setTimeout(resolve, Math.min(3_000, 250 * 2 ** tries)));
    }
  }
}
