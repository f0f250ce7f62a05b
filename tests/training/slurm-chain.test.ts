/** A training as a job of Slurm (a stand-in: support/slurm-stand-in.mjs), from its request to its model. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { allDone, run, until } from "../pipeline/support/study";
import { trainingSetup } from "./support/setup";
import { slurmStandIn } from "./support/slurm";

vi.setConfig({ testTimeout: 400_000, hookTimeout: 300_000 });

const root = mkdtempSync(path.join(tmpdir(), "intervene-slurm-chain-"));
let standIn: ReturnType<typeof slurmStandIn>;
let setup: Awaited<ReturnType<typeof trainingSetup>>;

beforeAll(async () => {
  // On the worker's PATH, too.
  standIn = slurmStandIn(root);
  setup = await trainingSetup("slurm-chain");
});
afterAll(async () => {
  await setup.close();
  standIn.restore();
  rmSync(root, { recursive: true, force: true });
});

test("it waits for its turn, outlives a controller that is away for a while, and its model is there", async () => {
  const { deps } = setup;
  standIn.set("hold", true);
  const { pipelineId, runIds } = await setup.start({
    rl: { problemSet: "train" },
    launcher: { kind: "slurm", partition: "main" },
    change: { rl: { steps: 8, promptsPerStep: 4, samples: 4 } },
  });
  await until(deps, pipelineId, "a job in the queue", (all) => run(all, "rl").message === "Waiting for its turn: PENDING, Resources", 120_000);
  standIn.set("hold", false);
  await until(deps, pipelineId, "a first step", (all) => run(all, "rl").done >= 1, 240_000);
  // One that answers again at once must not be told to stop the job for that.
  standIn.set("blink", true);
  await vi.waitFor(() => expect(existsSync(path.join(root, "blink"))).toBe(false), { timeout: 30_000, interval: 50 });
  await sleep(2_000);
  standIn.set("away", true);
  await sleep(3_000);
  standIn.set("away", false);
  await until(deps, pipelineId, "the training", allDone, 300_000);
  // The same job to its end: it was neither stopped nor started again.
  expect(readdirSync(root).filter((name) => /^job-\d+\.json$/.test(name))).toHaveLength(1);
  const training = await setup.trainingOf(runIds[0]);
  expect(training.note).toBe("8 prompts.");
  const points = await deps.prisma.trainingPoint.findMany({ where: { trainingId: training.id }, orderBy: { step: "asc" } });
  expect(points.map((p) => p.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(training.modelId).not.toBeNull();
});
