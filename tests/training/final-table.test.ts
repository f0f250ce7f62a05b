/** Every row of the final table from one request, on the real lab model, a few problems and one step each. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { cancelRun } from "@/server/usecases/control-run";
import { createDeps, type Deps } from "@/server/usecases/deps";
import type { StartRecipe } from "@/server/usecases/recipes/recipe";
import { startRecipe } from "@/server/usecases/start-recipe";
import { type EngineProcess, spawnEngine } from "../pipeline/support/engine-process";
import { allDone, readRuns, until } from "../pipeline/support/study";
import { spawnWorker, type WorkerProcess } from "../pipeline/support/worker-process";
import { createTestDatabase, type TestDatabase } from "../support/database";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const home = mkdtempSync(path.join(tmpdir(), "intervene-table-"));
let database: TestDatabase;
let deps: Deps;
let engine: EngineProcess;
let worker: WorkerProcess | undefined;
let studyId: string;

beforeAll(async () => {
  database = await createTestDatabase("final-table");
  deps = createDeps({ databaseUrl: database.url, name: "test final table" });
  engine = await spawnEngine(0, ["--models", path.join(home, "models"), "--cache", path.join(home, "cache")]);
});
afterAll(async () => {
  worker?.child.kill("SIGTERM");
  await worker?.ended;
  await engine.kill("SIGTERM");
  await deps.close();
  await database.close();
  rmSync(home, { recursive: true, force: true });
});

const start = (o: Partial<StartRecipe> = {}) =>
  startRecipe(deps, {
    recipe: "final-table",
    study: "lab",
    model: "lab",
    maxProblems: 4,
    samples: 2,
    training: { steps: 1, epochs: 1, threads: 1 },
    inference: null,
    ...o,
  });

test("asked for wrongly, it leaves no empty study behind", async () => {
  await expect(start({ training: { loraRank: 8 } })).rejects.toMatchObject({ kind: "bad_input" });
  expect(await deps.prisma.study.count()).toBe(0);
});

test("what needs others waits for them; every row ends with its model evaluated on both sets; repeated, only what is missing is started", async () => {
  const { pipelineId, also = [] } = await start(); // the lab study is made for it
  studyId = (await deps.prisma.study.findUniqueOrThrow({ where: { name: "lab" } })).id;
  // One InT run, one of reflections, three data sets, six rows: nothing at work yet, and nothing is asked for twice.
  expect(also).toHaveLength(10);
  await expect(start()).rejects.toThrow("Every row with these seeds is there already");
  const { pipelineId: second, also: more = [] } = await start({ training: { seed: 1, steps: 1, epochs: 1, threads: 1 }, table: { seeds: 2 } });
  expect([second, ...more]).toHaveLength(6);
  for (const id of [second, ...more]) await cancelRun(deps, { pipelineId: id });

  worker = spawnWorker(database.url, engine.url, home);
  await worker.ready;
  for (const id of [pipelineId, ...also]) await until(deps, id, `pipeline ${id}`, allDone, 240_000);

  const runs = (await Promise.all([pipelineId, ...also].map((id) => readRuns(deps, id)))).flat();
  expect(runs.filter((r) => r.state !== "done" || r.failed > 0)).toEqual([]);
  const reflected = runs.find((r) => r.stage === "reflect");
  const failed = await deps.prisma.attempt.count({ where: { run: { pipelineId }, reward: 0 } });
  expect(reflected?.done).toBe(failed * 4);

  // Each of the seed's models is evaluated on all 4 problems of both sets, 2 samples each.
  const evaluated = await deps.pool.query<{ model: string; set: string; n: number }>(
    `SELECT m.name AS model, s.name AS set, count(*)::int AS n FROM attempt a JOIN run r ON r.id = a.run_id AND r.waits
     JOIN model m ON m.id = a.model_id JOIN problem p ON p.id = a.problem_id JOIN problem_set s ON s.id = p.problem_set_id
     WHERE r.pipeline_id = ANY($1) AND a.reward IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
    [also],
  );
  const models = ["lab", ...["InT + RL", "RL", "SFT on reference + RL", "SFT on self-reflection + RL", "hint-guided RL"].map((row) => `lab + ${row} (seed 1)`)];
  expect(evaluated.rows).toEqual(models.flatMap((model) => ["lab-test", "lab-train"].map((set) => ({ model, set, n: 8 }))));

  // An evaluation's samples are no material: every candidate of the InT rows is an attempt of the InT run.
  const int = await deps.prisma.dataset.findFirstOrThrow({ where: { studyId, source: "int" }, include: { items: true } });
  expect(int.items.length).toBeGreaterThan(0);
  const attempts = await deps.prisma.attempt.count({ where: { id: { in: int.items.flatMap((i) => i.attemptId ?? []) }, run: { pipelineId } } });
  expect(attempts).toBe(int.items.length);
});

test("a chain whose data set fails comes to its end and says why", async () => {
  const dataset = await deps.prisma.dataset.findFirstOrThrow({ where: { studyId, source: "int" } });
  const study = { id: studyId, name: "lab" };
  const model = await deps.prisma.model.findFirstOrThrow({ where: { studyId, name: "lab" } });
  const { startChain } = await import("@/server/usecases/training/start");
  await deps.prisma.run.update({ where: { id: dataset.runId ?? "" }, data: { state: "failed" } });
  const { pipelineId } = await startChain(deps, study, { recipe: "sft", model, dataset: dataset.name, evaluate: [], after: dataset.runId ?? "" });
  const [sft] = await until(deps, pipelineId, "its end", (all) => all.every((r) => r.state === "failed"));
  expect(sft?.message).toMatch(/^Not begun: /);
});
