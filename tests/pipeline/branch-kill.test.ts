import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startBranch } from "@/server/usecases/branches";
import { pauseRun, resumeRun } from "@/server/usecases/control-run";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { readBranch } from "@/server/usecases/pages/branches";
import { startValues } from "@/server/usecases/values";
import { intervene } from "../cli/command";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type EngineProcess, spawnEngine } from "./support/engine-process";
import { allDone, run, smallStudy, until } from "./support/study";
import { spawnWorker, type WorkerProcess } from "./support/worker-process";

/** Branches and step values through what happens to workers, and from the command line. Real engine, real model. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let engine: EngineProcess;
let database: TestDatabase;
let deps: Deps;
let worker: WorkerProcess;
let attempt: { id: string; steps: number };

beforeAll(async () => {
  database = await createTestDatabase("branch kill");
  deps = createDeps({ databaseUrl: database.url, name: "test branch kill" });
  engine = await spawnEngine();
  worker = spawnWorker(database.url, engine.url);
  await worker.ready;
  const { pipelineId } = await smallStudy(deps, 2, { rollout: 4, verify: 1, continuation: 1 });
  await until(deps, pipelineId, "the lab's run", (runs) => run(runs, "keep").state === "done", 100_000);
  attempt = await deps.prisma.attempt.findFirstOrThrow({ where: { reward: 0 } });
});
afterAll(async () => {
  worker.child.kill("SIGTERM");
  await worker.ended;
  await engine.kill("SIGTERM");
  await deps.close();
  await database.close();
});

test("kill -9 of the worker in the middle: what had ended is kept, the rest is sampled once, nothing is doubled", async () => {
  const { branchId, pipelineId } = await startBranch(deps, {
    study: "lab", attempt: attempt.id, kind: "continue", step: 0, samples: 64, seed: 1, purpose: "manual", personId: null,
  });
  await expect.poll(() => deps.prisma.branchSample.count({ where: { branchId } }), { timeout: 30_000, interval: 10 }).toBeGreaterThan(0);
  worker.child.kill("SIGKILL");
  await worker.ended;
  const kept = await deps.prisma.branchSample.findMany({ where: { branchId } });
  expect(kept.length).toBeLessThan(64);
  worker = spawnWorker(database.url, engine.url);
  await worker.ready;
  const [only] = await until(deps, pipelineId, "the branch after the kill", allDone, 60_000);
  expect(only).toMatchObject({ total: 64, done: 64, failed: 0 });
  const { rows } = await readBranch(deps, { branch: branchId, personId: null });
  expect(rows.map((r) => r.index)).toEqual(Array.from({ length: 64 }, (_, i) => i));
  expect(new Set(rows.map((r) => r.seed)).size).toBe(64);
  for (const k of kept) expect(rows.find((r) => r.index === k.sampleIndex)?.text).toBe(k.text);
  expect(await deps.prisma.branchStream.count()).toBe(0);
});

test("step values are paused and go on", async () => {
  const { pipelineId, points } = await startValues(deps, { study: "lab", attempt: attempt.id, plan: "all", samples: 32, personId: null });
  await pauseRun(deps, { pipelineId });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const paused = await until(deps, pipelineId, "a pause", (runs) => runs[0]?.state === "paused");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await resumeRun(deps, { pipelineId });
  const [only] = await until(deps, pipelineId, "values after the pause", allDone, 60_000);
  expect(only).toMatchObject({ total: 32 * points, done: 32 * points, failed: 0 });
  expect(paused[0]?.done).toBeLessThanOrEqual(32 * points);
});

test("from the command line: run value, with its own errors in words", async () => {
  const env = { DATABASE_URL: database.url, INFERENCE_URL: engine.url };
  const none = await intervene(["run", "value", "--study", "lab"], { env });
  expect(none).toMatchObject({ status: 2, out: "", err: expect.stringContaining("Name the attempt to value with --attempt ID") });
  const both = await intervene(["run", "value", "--study", "lab", "--attempt", attempt.id, "--every", "2", "--bisect"], { env });
  expect(both).toMatchObject({ status: 2, err: expect.stringContaining("Choose one of --every and --bisect") });
  const done = await intervene(["run", "value", "--study", "lab", "--attempt", attempt.id, "--bisect", "--samples", "8", "--wait", "--json"], { env });
  expect(done.status, done.err).toBe(0);
  const { recipe, runs } = JSON.parse(done.out) as { recipe: string; runs: { stage: string; state: string; total: number; done: number }[] };
  expect(recipe).toBe("value");
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ stage: "value", state: "done" });
  expect(runs[0]?.done).toBe(runs[0]?.total);
  expect(runs[0]?.total).toBeGreaterThanOrEqual(8 * 4);
});
