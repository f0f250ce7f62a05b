import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { gradeAnswer } from "@/server/usecases/grading/grade";
import { labProblemFromId } from "@/server/core/lab/generate";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { startWorker } from "@/workers/worker/worker";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type EngineProcess, spawnEngine } from "./support/engine-process";
import { allDone, discrepancies, run, smallStudy, until } from "./support/study";

// A real model on what is left of two cores.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let engine: EngineProcess;
let database: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  database = await createTestDatabase("real engine");
  deps = createDeps({ databaseUrl: database.url, name: "test real engine" });
  engine = await spawnEngine();
});
afterAll(async () => {
  await engine.kill("SIGTERM");
  await deps.close();
  await database.close();
});

test("the whole pipeline on the real engine and the lab model, through a kill -9 of the engine: exact rows, real figures", async () => {
  const study = await smallStudy(deps, 5, { rollout: 4, verify: 2, continuation: 4 });
  const worker = await startWorker({ databaseUrl: database.url, inferenceUrl: engine.url, log: () => {} });
  try {
    await until(deps, study.pipelineId, "verifications", (runs) => run(runs, "verify").done > 0, 120_000);
    await engine.kill("SIGKILL");
    await sleep(1_000);
    engine = await spawnEngine(engine.port);
    await until(deps, study.pipelineId, "all runs done", allDone, 180_000);
  } finally {
    await worker.stop();
  }
  expect(await discrepancies(deps, study)).toEqual([]);

  // What the rows say is what a model did: answers in its own words, graded by the generator's truth, each sample its own.
  const attempts = await deps.prisma.attempt.findMany({ include: { problem: true } });
  for (const attempt of attempts) {
    const truth = labProblemFromId(attempt.problem.key);
    const grade = await gradeAnswer(attempt.text, truth?.answer ?? "", {
      bareAnswers: false,
      finishReason: attempt.finishReason,
    });
    expect(attempt.reward).toBe(grade.reward);
  }
  expect(new Set(attempts.map((a) => a.text)).size).toBeGreaterThan(attempts.length / 2);
  expect(attempts.filter((a) => a.text.includes("\\boxed{")).length).toBeGreaterThan(attempts.length / 2);
  const proposals = await deps.prisma.proposal.findMany({ include: { attempt: true } });
  expect(proposals.length).toBeGreaterThan(0);
  for (const p of proposals) expect(p.location).toBeLessThanOrEqual(p.attempt.steps);
});
