/** A whole training through a worker, with TRL where its Python is at hand, its metrics forwarded to MLflow (a stand-in). */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { pythonWith } from "../export/support/python";
import { readRuns, until } from "../pipeline/support/study";
import { mlflowStandIn } from "./support/mlflow-stand-in";
import { trainingSetup } from "./support/setup";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const python = pythonWith("trl", "torch");
let setup: Awaited<ReturnType<typeof trainingSetup>>;
let mlflow: Awaited<ReturnType<typeof mlflowStandIn>>;

beforeAll(async () => {
  mlflow = await mlflowStandIn();
  vi.stubEnv("MLFLOW_TRACKING_URI", mlflow.url);
  // Where there is none, the message of a training that asks for it is looked at instead.
  vi.stubEnv("TRAINER_PYTHON", python ?? "");
  setup = await trainingSetup("forwarded");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await setup.close();
  await mlflow.close();
});

const start = (trainer: "embedded" | "trl") => setup.start({ dataset: "references", evaluate: ["train"], samples: 1, trainer });
const ended = (pipelineId: string) => until(setup.deps, pipelineId, "the chain", (all) => all.every((r) => r.state !== "queued" && r.state !== "running"), 240_000);

test("trained, served, evaluated, and followed in MLflow", async () => {
  const { pipelineId, runIds } = await start(python === null ? "embedded" : "trl");
  const runs = await ended(pipelineId);
  expect(runs.map((r) => [r.stage, r.state, r.message])).toEqual(["sft", "rollout", "grade"].map((stage) => [stage, "done", ""]));
  const training = await setup.trainingOf(runIds[0]);
  expect(training.trainer).toBe(python === null ? "embedded" : "trl");
  expect(mlflow.experiments).toEqual(["Intervene: forwarded"]);
  expect(mlflow.runs.map((r) => [r.name, r.status])).toEqual([["lab + SFT references", "FINISHED"]]);
  const losses = [...(mlflow.runs[0]?.metrics.values() ?? [])].filter((m) => m.key === "loss");
  expect(losses.map((m) => m.step)).toEqual([1, 2]);
});

test.skipIf(python !== null)("without its Python, a training with TRL says what is missing", async () => {
  const { pipelineId } = await start("trl");
  await ended(pipelineId);
  const [sft] = await readRuns(setup.deps, pipelineId);
  expect(sft?.message).toMatch(/The trainer "trl" cannot be started.*trainer setup/);
});
