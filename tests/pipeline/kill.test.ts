import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type FakeServer, startFakeServer } from "./support/fake-server";
import { allDone, answersOf, discrepancies, run, smallStudy, until } from "./support/study";
import { spawnWorker } from "./support/worker-process";

let database: TestDatabase;
let deps: Deps;
let server: FakeServer;

beforeAll(async () => {
  database = await createTestDatabase("kill");
  deps = createDeps({ databaseUrl: database.url, name: "test kill" });
});
afterAll(async () => {
  await server?.stop();
  await deps.close();
  await database.close();
});

test("kill -9 of one of two workers: the other has its items within 30 s, and no row is lost or doubled", async () => {
  const study = await smallStudy(deps, 16, { rollout: 4, verify: 4, continuation: 8 });
  server = await startFakeServer(await answersOf(deps));
  server.delay = 150;
  const doomed = spawnWorker(database.url, server.url);
  await doomed.ready;
  await until(deps, study.pipelineId, "the first continuations", (runs) => run(runs, "continue").done > 0);
  doomed.child.kill("SIGKILL");
  expect(await doomed.ended).toBe("SIGKILL");
  const active = async () =>
    (await deps.pool.query("SELECT id FROM pgboss.job WHERE state = 'active'")).rows.map((r: { id: string }) => r.id);
  const orphaned = new Set(await active());
  expect(orphaned.size).toBeGreaterThan(0);

  const killedAt = Date.now();
  const survivor = spawnWorker(database.url, server.url);
  try {
    let left = await notTakenAgain(orphaned);
    const taken = left.length;
    while (left.length > 0 && Date.now() - killedAt < 40_000) {
      await sleep(100);
      left = await notTakenAgain(orphaned);
    }
    const seconds = (Date.now() - killedAt) / 1000;
    expect(taken).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(30);
    console.log(`${taken} jobs of a killed worker ran again ${seconds.toFixed(1)} s after the kill`);
    await until(deps, study.pipelineId, "all runs done", allDone, 120_000);
    expect(await discrepancies(deps, study)).toEqual([]);
  } finally {
    survivor.child.kill("SIGTERM");
    const asked = Date.now();
    expect(await survivor.ended).toBe(0);
    expect(Date.now() - asked).toBeLessThan(5_000);
  }

  async function notTakenAgain(jobs: ReadonlySet<string>): Promise<string[]> {
    const rows = await deps.pool.query<{ id: string }>(
      "SELECT id FROM pgboss.job WHERE id = ANY($1::uuid[]) AND state <> 'completed' AND retry_count = 0",
      [[...jobs]],
    );
    return rows.rows.map((r) => r.id);
  }
}, 180_000);
