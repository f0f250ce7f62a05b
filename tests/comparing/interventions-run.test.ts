import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createContextInner } from "@/server/api/context";
import { createCaller } from "@/server/api/root";
import { ARMS } from "@/server/core/arms";
import { datasetOptionsSchema } from "@/server/core/datasets/settings";
import { startDataset } from "@/server/usecases/datasets/create";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { startWorker } from "@/workers/worker/worker";
import { type EngineProcess, spawnEngine } from "../pipeline/support/engine-process";
import { allDone, smallStudy, until } from "../pipeline/support/study";
import { createTestDatabase, type TestDatabase } from "../support/database";

// A real model on what is left of two cores.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let engine: EngineProcess;
let database: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  database = await createTestDatabase("interventions_run");
  deps = createDeps({ databaseUrl: database.url, name: "test interventions run" });
  engine = await spawnEngine();
});
afterAll(async () => {
  await engine?.kill("SIGTERM");
  await deps?.close();
  await database?.close();
});

test("the product's own run: the funnel adds up, from its problems to the rows of a data set; every arm is sampled", async () => {
  const study = await smallStudy(deps, 6, { rollout: 4, verify: 2, continuation: 4 }, { continuation: { arms: [...ARMS] } });
  const name = (await deps.prisma.study.findUniqueOrThrow({ where: { id: study.studyId } })).name;
  const worker = await startWorker({ databaseUrl: database.url, inferenceUrl: engine.url, log: () => {} });
  try {
    await until(deps, study.pipelineId, "all runs done", allDone, 180_000);
    const { datasetId } = await startDataset(deps, { id: study.studyId, name }, { options: datasetOptionsSchema.parse({ source: "int" }), name: "rows" });
    await expect.poll(async () => (await deps.prisma.dataset.findUniqueOrThrow({ where: { id: datasetId } })).state, { timeout: 60_000, interval: 200 }).toBe("ready");
  } finally {
    await worker.stop();
  }
  const call = createCaller(createContextInner(deps));
  const where = { study: name, pipeline: study.pipelineId };
  const { problems, steps, dataset } = await call.compareInterventions.funnel(where);
  const of = (id: string) => steps.find((s) => s.id === id);
  const count = async (sql: string) => (await deps.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0]?.n;
  expect(problems.reduce((n, p) => n + p.problems, 0)).toBe(6);
  expect(problems.find((p) => p.fate === "failed")?.problems).toBe(of("failed")?.problems);
  expect(of("attempts")?.attempts).toBe(24);
  for (const [i, step] of steps.entries())
    if (i > 0) expect(step.attempts + step.losses.reduce((n, l) => n + l.attempts, 0), step.id).toBe(steps[i - 1]?.attempts);
  expect(of("failed")?.attempts).toBe(await count("attempt WHERE reward = 0"));
  expect(of("chosen")?.attempts).toBe(await count("proposal WHERE chosen"));
  expect(of("sampled")?.attempts).toBe(await count("proposal WHERE kept IS NOT NULL"));
  expect(of("kept")?.attempts).toBe(await count("proposal WHERE kept"));
  // Nobody has judged, and the data set takes all that was kept.
  expect(dataset).toMatchObject({ name: "rows", rows: of("kept")?.attempts, unused: [], candidates: 24 });

  const { arms, hints } = await call.compareInterventions.outcomes(where);
  expect(arms.map((a) => a.arm)).toEqual([...ARMS]);
  expect(hints.problems).toBe(of("chosen")?.problems);
  // The lab's own truth stands beside the model's first errors, and interventions know their length.
  const { sources, n } = await call.compareInterventions.positions(where);
  expect(n).toBe(of("chosen")?.attempts);
  expect(sources).toMatchObject([{ source: "generator", people: false }]);
  const { interventions } = await call.compareInterventions.lengths(where);
  expect(interventions).toMatchObject({ unknown: 0 });
  expect(interventions.median?.value).toBeGreaterThan(0);
});
