import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { homePaths } from "@/server/home";
import { findExport } from "@/server/store/exports/runs";
import { cancelRun } from "@/server/usecases/control-run";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { startExport } from "@/server/usecases/exports/start-export";
import { startWorker } from "@/workers/worker/worker";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";
import { readJsonLines } from "./support/read";

/** Rows that take a second and more to write: enough to be met in the middle. */
const MANY = 30_000;

let db: TestDatabase;
let deps: Deps;
let home: string;
let studyId: string;

beforeAll(async () => {
  db = await createTestDatabase("export_kill");
  deps = createDeps({ databaseUrl: db.url, name: "test export kill" });
  home = await mkdtemp(path.join(os.tmpdir(), "intervene-export-kill-"));
  studyId = (await seedStudy(db.pool, { name: "killed", problems: 2 })).studyId;
  await db.pool.query(
    `INSERT INTO attempt (id, run_id, problem_id, sample_index, text, finish_reason, tokens, steps)
     SELECT gen_random_uuid(), a.run_id, a.problem_id, 100 + n, repeat(md5(n::text) || ' ', 240), 'stop', 1, 1
     FROM (SELECT run_id, problem_id FROM attempt ORDER BY id LIMIT 1) a, generate_series(1, $1) n`,
    [MANY],
  );
}, 120_000);
afterAll(async () => {
  await deps.close();
  await db.close();
  await rm(home, { recursive: true, force: true });
});

const wish = { study: "killed", what: { kind: "table", table: "attempts" }, format: "jsonl" } as const;
const exports = () => readdir(homePaths(home).exports).catch(() => [] as string[]);

async function until<T>(what: string, seen: () => Promise<T | undefined | false>, within = 60_000): Promise<T> {
  for (const end = Date.now() + within; Date.now() < end; await sleep(15)) {
    const found = await seen();
    if (found) return found;
  }
  throw new Error(`not in time: ${what}`);
}
const stateOf = async (runId: string) => (await findExport(db.pool, studyId, runId))?.state;

it("is cancelled in the middle within seconds, and leaves no files", { timeout: 120_000 }, async () => {
  const worker = await startWorker({ databaseUrl: db.url, inferenceUrl: "http://127.0.0.1:9", home, log: () => {} });
  try {
    const { runId } = await startExport(deps, wish);
    await until("it writes", async () => (await exports()).includes(`${runId}.part`));
    const run = await findExport(db.pool, studyId, runId);
    await cancelRun(deps, { pipelineId: run?.pipelineId ?? "" });
    expect(await stateOf(runId)).toBe("cancelled");
    await until("the folder is gone", async () => (await exports()).length === 0, 20_000);
  } finally {
    await worker.stop();
  }
});

it("is written whole by another worker after kill -9 in the middle", { timeout: 180_000 }, async () => {
  const { spawn } = await import("node:child_process");
  const child = spawn(process.execPath, ["--import", "tsx", "workers/worker/main.ts", "--files"], {
    stdio: "ignore",
    env: { ...process.env, DATABASE_URL: db.url, INFERENCE_URL: "http://127.0.0.1:9", INTERVENE_HOME: home },
  });
  const { runId } = await startExport(deps, wish);
  await until("it writes", async () => (await exports()).includes(`${runId}.part`));
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  expect(await stateOf(runId)).toBe("running");
  expect(existsSync(path.join(homePaths(home).exports, runId))).toBe(false);

  const worker = await startWorker({ databaseUrl: db.url, inferenceUrl: "http://127.0.0.1:9", home, log: () => {} });
  try {
    // Its heartbeat has to run out first.
    await until("another worker has written it", async () => (await stateOf(runId)) === "done", 90_000);
  } finally {
    await worker.stop();
  }
  expect(await exports()).toEqual([runId]);
  const rows = await readJsonLines(path.join(homePaths(home).exports, runId, "train.jsonl"));
  expect(rows).toHaveLength(MANY + 8);
});
