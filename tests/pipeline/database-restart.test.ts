import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { migrate } from "@/server/store/migrate";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { killGroup } from "@/workers/database/processes";
import { type DatabaseServer, startDatabaseServer } from "@/workers/database/server";
import { type FakeServer, startFakeServer } from "./support/fake-server";
import { allDone, answersOf, discrepancies, run, smallStudy, until } from "./support/study";
import { spawnWorker } from "./support/worker-process";

// A database server of its own: this test kills it.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 90_000 });

let folder: string;
let database: DatabaseServer;
let deps: Deps;
let server: FakeServer;

const start = (port?: number) =>
  startDatabaseServer({
    folder: path.join(folder, "postgres"),
    logFile: path.join(folder, "log"),
    ...(port ? { port } : {}),
  });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "intervene-restart-"));
  database = await start();
  await migrate(database.url);
  deps = createDeps({ databaseUrl: database.url, name: "test restart" });
});
afterAll(async () => {
  await server?.stop();
  await deps.close();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("kill -9 of the database in mid-run: the worker stays up, and the run ends with exactly its rows", async () => {
  const study = await smallStudy(deps, 10, { rollout: 4, verify: 4, continuation: 8 });
  server = await startFakeServer(await answersOf(deps));
  server.delay = 100;
  const worker = spawnWorker(database.url, server.url);
  await worker.ready;
  try {
    await until(deps, study.pipelineId, "the first continuations", (runs) => run(runs, "continue").done > 0, 60_000);
    killGroup(database.pid);
    await database.exited;
    await sleep(2_000);
    database = await start(database.port);
    await until(deps, study.pipelineId, "all runs done", allDone, 120_000);
    expect(await discrepancies(deps, study)).toEqual([]);
    expect(worker.child.exitCode).toBeNull();
  } finally {
    worker.child.kill("SIGTERM");
    expect(await worker.ended, worker.output()).toBe(0);
  }
}, 180_000);
