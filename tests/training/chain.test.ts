/** Chains of trainings on the real lab model: worker, trainer and engine are processes of their own. */
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { isHeldOut } from "@/server/core/training/held-out";
import { cancelRun, pauseRun, resumeRun } from "@/server/usecases/control-run";
import type { Deps } from "@/server/usecases/deps";
import { allDone, readRuns, run, until } from "../pipeline/support/study";
import { trainingSetup } from "./support/setup";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

let setup: Awaited<ReturnType<typeof trainingSetup>>;
let deps: Deps;

beforeAll(async () => {
  setup = await trainingSetup("chain");
  deps = setup.deps;
});
afterAll(() => setup.close());

const start: typeof setup.start = (chain) => setup.start(chain);
const trainingOf: typeof setup.trainingOf = (runId) => setup.trainingOf(runId);
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
  const runs = await until(deps, pipelineId, "the chain", (all) => all.every((r) => r.state !== "queued" && r.state !== "running"), 400_000);
  expect(runs.map((r) => [r.stage, r.state, r.message])).toEqual(
    ["sft", "rl", "rollout", "grade", "rollout", "grade"].map((stage) => [stage, "done", ""]),
  );
  expect(runs.map((r) => r.done)).toEqual([2, 2, 16, 16, 16, 16]);

  const [sft, rl] = await Promise.all([trainingOf(runIds[0] ?? ""), trainingOf(runIds[1] ?? "")]);
  const models = await deps.prisma.model.findMany({ where: { id: { in: [sft.modelId ?? "", rl.modelId ?? ""] } }, orderBy: { createdAt: "asc" } });
  expect(models.map((m) => [m.name, m.parentId])).toEqual([
    ["lab + SFT references", setup.lab.id],
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

test("rows of held-out problems are not trained; their loss is measured from the first step to the last", async () => {
  const share = 0.4;
  const keys = (await deps.prisma.problem.findMany({ where: { problemSet: { name: "train" } } })).map((p) => p.key);
  const heldOut = keys.filter((key) => isHeldOut(key, share)).length;
  expect(heldOut).toBeGreaterThan(0);
  expect(heldOut).toBeLessThan(keys.length);
  const { pipelineId, runIds } = await start({ dataset: "references", holdOut: share, change: { sft: { epochs: 4, batchRows: 4 } } });
  await until(deps, pipelineId, "the training", allDone, 240_000);
  const training = await trainingOf(runIds[0] ?? "");
  expect(training.note).toBe(`${keys.length - heldOut} rows. ${heldOut} of other problems are held out.`);
  const { data, heldOut: held } = z.object({ data: z.string(), heldOut: z.object({ data: z.string() }) }).parse(training.spec);
  const [trained, kept] = [data, held.data].map((file) => readFileSync(file, "utf8").trim().split("\n"));
  expect([trained?.length, kept?.length]).toEqual([keys.length - heldOut, heldOut]);
  expect(trained?.filter((row) => kept?.includes(row))).toEqual([]);
  const points = await deps.prisma.trainingPoint.findMany({ where: { trainingId: training.id }, orderBy: { step: "asc" } });
  const losses = points.map((p) => z.object({ eval_loss: z.number() }).parse(p.values).eval_loss);
  expect(points.map((p) => p.step)).toEqual(Array.from({ length: training.steps + 1 }, (_, i) => i));
  // References are new to the lab model: what it learns of them holds for other problems' references, too.
  expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);

  const none = await start({ dataset: "references", holdOut: 0.001 });
  const [failed] = await until(deps, none.pipelineId, "its end", (all) => all.every((r) => r.state === "failed"));
  expect(failed?.message).toContain("With 0.1 % of the problems held out, none of the data set's 8 rows are");
});

test("a worker that is killed in mid-training: the next one finds the same trainer and goes on with it", async () => {
  const { pipelineId, runIds } = await start({ rl: { problemSet: "train" }, change: { rl: { steps: 8, promptsPerStep: 8, samples: 8 } } });
  await until(deps, pipelineId, "a first step", (all) => run(all, "rl").done >= 1, 240_000);
  const pid = await pidOf(runIds[0] ?? "");
  setup.worker.child.kill("SIGKILL");
  await setup.worker.ended;
  expect(isAlive(pid)).toBe(true);
  setup.startWorker();
  await until(deps, pipelineId, "the training", allDone, 400_000);
  expect(await pidOf(runIds[0] ?? "")).toBe(pid);
  const steps = await deps.prisma.trainingPoint.findMany({ where: { training: { runId: runIds[0] ?? "" } }, orderBy: { step: "asc" } });
  expect(steps.map((s) => s.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a trainer that ended well while no worker watched is not started again: its events are all there", async () => {
  const { pipelineId, runIds } = await start({ rl: { problemSet: "train" } });
  await until(deps, pipelineId, "the trainer", (all) => run(all, "rl").state === "running", 240_000);
  await vi.waitFor(async () => expect(await pidOf(runIds[0] ?? "")).toBeGreaterThan(0), { timeout: 120_000, interval: 50 });
  const pid = await pidOf(runIds[0] ?? "");
  setup.worker.child.kill("SIGKILL");
  await setup.worker.ended;
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 240_000, interval: 100 });
  setup.startWorker();
  await until(deps, pipelineId, "the model", allDone, 240_000);
  expect(await pidOf(runIds[0] ?? "")).toBe(pid);
  expect(await deps.prisma.trainingPoint.count({ where: { training: { runId: runIds[0] ?? "" } } })).toBe(2);
});

test("cancel ends the trainer's whole group; paused, it leaves a checkpoint and resume goes on from there", async () => {
  const change = { rl: { steps: 6, promptsPerStep: 4, samples: 4 } };
  const cancelled = await start({ rl: { problemSet: "train" }, change });
  await until(deps, cancelled.pipelineId, "a first step", (all) => run(all, "rl").done >= 1, 240_000);
  const pid = await pidOf(cancelled.runIds[0] ?? "");
  await cancelRun(deps, cancelled);
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 120_000, interval: 100 });

  const paused = await start({ rl: { problemSet: "train" }, change });
  const runId = paused.runIds[0] ?? "";
  await until(deps, paused.pipelineId, "a second step", (all) => run(all, "rl").done >= 2, 240_000);
  const before = await pidOf(runId);
  await pauseRun(deps, paused);
  await vi.waitFor(() => expect(isAlive(before)).toBe(false), { timeout: 120_000, interval: 100 });
  await resumeRun(deps, paused);
  await until(deps, paused.pipelineId, "the training", allDone, 400_000);
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
  const runs = await until(deps, pipelineId, "the failure", (all) => all.every((r) => r.state === "failed"), 240_000);
  const { message } = run(runs, "sft");
  expect(message).toMatch(/learning rate \(1e\+39\) is probably too high/);
  expect(existsSync(/lie in (\S+);/.exec(message)?.[1] ?? "")).toBe(true);
  expect(run(runs, "rollout").message).toContain("Not begun");
  expect(run(runs, "rollout").total).toBe(0);
  expect(await readRuns(deps, pipelineId)).toHaveLength(3);
});
