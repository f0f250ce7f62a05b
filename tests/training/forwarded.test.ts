/** A whole training through a worker, with TRL where its Python is at hand, its metrics forwarded to MLflow (a stand-in). */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { generateProblems } from "@/server/core/lab/generate";
import { startDataset } from "@/server/usecases/datasets/create";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { startChain } from "@/server/usecases/training/start";
import { pythonWith } from "../export/support/python";
import { type EngineProcess, spawnEngine } from "../pipeline/support/engine-process";
import { readRuns, until } from "../pipeline/support/study";
import { spawnWorker, type WorkerProcess } from "../pipeline/support/worker-process";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { mlflowStandIn } from "./support/mlflow-stand-in";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const python = pythonWith("trl", "torch");
const home = mkdtempSync(path.join(tmpdir(), "intervene-forwarded-"));
let database: TestDatabase;
let deps: Deps;
let engine: EngineProcess;
let worker: WorkerProcess;
let mlflow: Awaited<ReturnType<typeof mlflowStandIn>>;
let study: { id: string; name: string };
let lab: { id: string; name: string; servedName: string };

beforeAll(async () => {
  mlflow = await mlflowStandIn();
  database = await createTestDatabase("forwarded");
  deps = createDeps({ databaseUrl: database.url, name: "test forwarded" });
  engine = await spawnEngine(0, ["--models", path.join(home, "models"), "--cache", path.join(home, "cache")]);
  vi.stubEnv("MLFLOW_TRACKING_URI", mlflow.url);
  // Where there is none, the message of a training that asks for it is looked at instead.
  vi.stubEnv("TRAINER_PYTHON", python ?? "");
  worker = spawnWorker(database.url, engine.url, home);
  await worker.ready;
  study = await deps.prisma.study.create({ data: { name: "forwarded", kind: "lab" } });
  lab = await deps.prisma.model.create({ data: { studyId: study.id, name: "lab", servedName: "lab" } });
  const set = await deps.prisma.problemSet.create({ data: { studyId: study.id, name: "train" } });
  await deps.prisma.problem.createMany({
    data: generateProblems({ n: 8, seed: 21, level: "hard" }).map((p, ordinal) => ({
      studyId: study.id,
      problemSetId: set.id,
      key: p.id,
      ordinal,
      statement: p.problem,
      answer: p.answer,
      reference: p.referenceSolution,
    })),
  });
  await startDataset(deps, study, { name: "references", options: { source: "reference", problemSet: "train" }, base: "lab" } as Parameters<typeof startDataset>[2]);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  worker.child.kill("SIGTERM");
  await worker.ended;
  await engine.kill("SIGTERM");
  await deps.close();
  await database.close();
  await mlflow.close();
  rmSync(home, { recursive: true, force: true });
});

const start = (trainer: "embedded" | "trl") =>
  startChain(deps, study, { recipe: "test", model: lab, dataset: "references", evaluate: ["train"], samples: 1, threads: 1, trainer, change: { sft: { epochs: 1, batchRows: 4 } } });
const ended = (pipelineId: string) => until(deps, pipelineId, "the chain", (all) => all.every((r) => r.state !== "queued" && r.state !== "running"), 240_000);

test("trained, served, evaluated, and followed in MLflow", async () => {
  const { pipelineId, runIds } = await start(python === null ? "embedded" : "trl");
  const runs = await ended(pipelineId);
  expect(runs.map((r) => [r.stage, r.state, r.message])).toEqual(["sft", "rollout", "grade"].map((stage) => [stage, "done", ""]));
  const training = await deps.prisma.training.findUniqueOrThrow({ where: { runId: runIds[0] ?? "" } });
  expect(training.trainer).toBe(python === null ? "embedded" : "trl");
  expect(mlflow.experiments).toEqual(["Intervene: forwarded"]);
  expect(mlflow.runs.map((r) => [r.name, r.status])).toEqual([["lab + SFT references", "FINISHED"]]);
  const losses = [...(mlflow.runs[0]?.metrics.values() ?? [])].filter((m) => m.key === "loss");
  expect(losses.map((m) => m.step)).toEqual([1, 2]);
});

test.skipIf(python !== null)("without its Python, a training with TRL says what is missing", async () => {
  const { pipelineId } = await start("trl");
  await ended(pipelineId);
  const [sft] = await readRuns(deps, pipelineId);
  expect(sft?.message).toMatch(/The trainer "trl" cannot be started.*trainer setup/);
});
