/** Chains of trainings on the real lab model: worker, trainer and engine are processes of their own. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { generateProblems } from "@/server/core/lab/generate";
import { cancelRun, pauseRun, resumeRun } from "@/server/usecases/control-run";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { startDataset } from "@/server/usecases/datasets/create";
import { type ChainRequest, startChain } from "@/server/usecases/training/start";
import { type EngineProcess, spawnEngine } from "../pipeline/support/engine-process";
import { allDone, readRuns, run, until } from "../pipeline/support/study";
import { spawnWorker, type WorkerProcess } from "../pipeline/support/worker-process";
import { createTestDatabase, type TestDatabase } from "../support/database";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const home = mkdtempSync(path.join(tmpdir(), "intervene-chain-"));
let database: TestDatabase;
let deps: Deps;
let engine: EngineProcess;
let worker: WorkerProcess;
let study: { id: string; name: string };
let lab: ChainRequest["model"];

beforeAll(async () => {
  database = await createTestDatabase("training");
  deps = createDeps({ databaseUrl: database.url, name: "test training" });
  engine = await spawnEngine(0, ["--models", path.join(home, "models"), "--cache", path.join(home, "cache")]);
  worker = spawnWorker(database.url, engine.url, home);
  await worker.ready;
  study = await deps.prisma.study.create({ data: { name: "train", kind: "lab" } });
  lab = await deps.prisma.model.create({ data: { studyId: study.id, name: "lab", servedName: "lab" } });
  for (const [name, seed] of [["train", 21], ["test", 22]] as const) {
    const set = await deps.prisma.problemSet.create({ data: { studyId: study.id, name } });
    await deps.prisma.problem.createMany({
      data: generateProblems({ n: 8, seed, level: "hard" }).map((p, ordinal) => ({
        studyId: study.id,
        problemSetId: set.id,
        key: p.id,
        ordinal,
        statement: p.problem,
        answer: p.answer,
        reference: p.referenceSolution,
      })),
    });
  }
  await startDataset(deps, study, { name: "references", options: { source: "reference", problemSet: "train" }, base: "lab" } as Parameters<typeof startDataset>[2]);
});
afterAll(async () => {
  worker.child.kill("SIGTERM");
  await worker.ended;
  await engine.kill("SIGTERM");
  await deps.close();
  await database.close();
  rmSync(home, { recursive: true, force: true });
});

const small: ChainRequest["change"] = { sft: { epochs: 1, batchRows: 4 }, rl: { steps: 2, promptsPerStep: 4, samples: 4 } };
const start = (o: Partial<ChainRequest>) =>
  startChain(deps, study, { recipe: "test", model: lab, evaluate: [], threads: 1, change: small, ...o });
const trainingOf = (runId: string) => deps.prisma.training.findUniqueOrThrow({ where: { runId } });
const pidOf = async (runId: string) => z.object({ pid: z.number() }).parse((await trainingOf(runId)).handle).pid;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

test("SFT, RL from its model, then two evaluations of what came out: one chain, every row in its place", async () => {
  const { pipelineId, runIds } = await start({ dataset: "references", rl: { problemSet: "train" }, evaluate: ["train", "test"], samples: 2 });
  const runs = await until(deps, pipelineId, "the chain", (all) => all.every((r) => r.state !== "queued" && r.state !== "running"), 200_000);
  expect(runs.map((r) => [r.stage, r.state, r.message])).toEqual(
    ["sft", "rl", "rollout", "grade", "rollout", "grade"].map((stage) => [stage, "done", ""]),
  );
  expect(runs.map((r) => r.done)).toEqual([2, 2, 16, 16, 16, 16]);

  const [sft, rl] = await Promise.all([trainingOf(runIds[0] ?? ""), trainingOf(runIds[1] ?? "")]);
  const models = await deps.prisma.model.findMany({ where: { id: { in: [sft.modelId ?? "", rl.modelId ?? ""] } }, orderBy: { createdAt: "asc" } });
  expect(models.map((m) => [m.name, m.parentId])).toEqual([
    ["lab + SFT references", lab.id],
    ["lab + SFT references + RL", sft.modelId],
  ]);
  const points = await deps.prisma.trainingPoint.findMany({ where: { trainingId: { in: [sft.id, rl.id] } }, orderBy: { step: "asc" } });
  expect(points).toHaveLength(4);
  expect(points.filter((p) => p.trainingId === rl.id).every((p) => typeof z.record(z.string(), z.number()).parse(p.values).reward === "number")).toBe(true);

  const attempts = await deps.prisma.attempt.findMany({ where: { run: { pipelineId } }, include: { problem: { include: { problemSet: true } } } });
  expect(attempts).toHaveLength(32);
  expect(new Set(attempts.map((a) => a.modelId))).toEqual(new Set([rl.modelId]));
  expect(attempts.every((a) => a.reward !== null)).toBe(true);
  expect(attempts.filter((a) => a.problem.problemSet.name === "test")).toHaveLength(16);
});

test("a worker that is killed in mid-training: the next one finds the same trainer and goes on with it", async () => {
  const { pipelineId, runIds } = await start({ rl: { problemSet: "train" }, change: { rl: { steps: 8, promptsPerStep: 8, samples: 8 } } });
  await until(deps, pipelineId, "a first step", (all) => run(all, "rl").done >= 1, 60_000);
  const pid = await pidOf(runIds[0] ?? "");
  worker.child.kill("SIGKILL");
  await worker.ended;
  expect(isAlive(pid)).toBe(true);
  worker = spawnWorker(database.url, engine.url, home);
  await until(deps, pipelineId, "the training", allDone, 120_000);
  expect(await pidOf(runIds[0] ?? "")).toBe(pid);
  const steps = await deps.prisma.trainingPoint.findMany({ where: { training: { runId: runIds[0] ?? "" } }, orderBy: { step: "asc" } });
  expect(steps.map((s) => s.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a trainer that ended well while no worker watched is not started again: its events are all there", async () => {
  const { pipelineId, runIds } = await start({ rl: { problemSet: "train" } });
  await until(deps, pipelineId, "the trainer", (all) => run(all, "rl").state === "running", 60_000);
  await vi.waitFor(async () => expect(await pidOf(runIds[0] ?? "")).toBeGreaterThan(0), { timeout: 30_000, interval: 50 });
  const pid = await pidOf(runIds[0] ?? "");
  worker.child.kill("SIGKILL");
  await worker.ended;
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 60_000, interval: 100 });
  worker = spawnWorker(database.url, engine.url, home);
  await until(deps, pipelineId, "the model", allDone, 60_000);
  expect(await pidOf(runIds[0] ?? "")).toBe(pid);
  expect(await deps.prisma.trainingPoint.count({ where: { training: { runId: runIds[0] ?? "" } } })).toBe(2);
});

test("cancel ends the trainer's whole group; paused, it leaves a checkpoint and resume goes on from there", async () => {
  const change = { rl: { steps: 6, promptsPerStep: 4, samples: 4 } };
  const cancelled = await start({ rl: { problemSet: "train" }, change });
  await until(deps, cancelled.pipelineId, "a first step", (all) => run(all, "rl").done >= 1, 60_000);
  const pid = await pidOf(cancelled.runIds[0] ?? "");
  await cancelRun(deps, cancelled);
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 30_000, interval: 100 });

  const paused = await start({ rl: { problemSet: "train" }, change });
  const runId = paused.runIds[0] ?? "";
  await until(deps, paused.pipelineId, "a second step", (all) => run(all, "rl").done >= 2, 60_000);
  const before = await pidOf(runId);
  await pauseRun(deps, paused);
  await vi.waitFor(() => expect(isAlive(before)).toBe(false), { timeout: 30_000, interval: 100 });
  await resumeRun(deps, paused);
  await until(deps, paused.pipelineId, "the training", allDone, 120_000);
  expect(await pidOf(runId)).not.toBe(before);
  expect((await trainingOf(runId)).note).toContain("Resumed from step");
});

test("a training that fails says why, with its log and folder; what waited for it is not begun", async () => {
  const { pipelineId } = await start({
    dataset: "references",
    evaluate: ["test"],
    samples: 1,
    change: { sft: { epochs: 1, batchRows: 4, learningRate: 1e39 } },
  });
  const runs = await until(deps, pipelineId, "the failure", (all) => all.every((r) => r.state === "failed"), 60_000);
  const { message } = run(runs, "sft");
  expect(message).toMatch(/learning rate \(1e\+39\) is probably too high/);
  expect(existsSync(/lie in (\S+);/.exec(message)?.[1] ?? "")).toBe(true);
  expect(run(runs, "rollout").message).toContain("Not begun");
  expect(run(runs, "rollout").total).toBe(0);
  expect(await readRuns(deps, pipelineId)).toHaveLength(3);
});
