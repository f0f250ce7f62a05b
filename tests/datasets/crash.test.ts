import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { manifestSchema } from "@/server/core/datasets/manifest";
import { datasetOptionsSchema } from "@/server/core/datasets/settings";
import { cancelRun } from "@/server/usecases/control-run";
import { startDataset } from "@/server/usecases/datasets/create";
import { readDataset, removeDataset } from "@/server/usecases/datasets/pages";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { startWorker } from "@/workers/worker/worker";
import { allDone, until } from "../pipeline/support/study";
import { spawnWorker } from "../pipeline/support/worker-process";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type Seeded, seedProblems } from "./support";

/** Nothing listens there: a data set does not need a model. */
const NOWHERE = "http://127.0.0.1:9";
const PROBLEMS = 12_000;

let database: TestDatabase;
let deps: Deps;
let seeded: Seeded;

beforeAll(async () => {
  database = await createTestDatabase("dataset crash");
  deps = createDeps({ databaseUrl: database.url, name: "test dataset crash" });
  seeded = await seedProblems(deps, { name: "many", problems: PROBLEMS, size: 6_000, models: { big: true } });
});
afterAll(async () => {
  await deps?.close();
  await database?.close();
});

const reference = { options: datasetOptionsSchema.parse({ source: "reference" }) };

test("kill -9 in the middle of a build: another worker goes on from its place, and the rows are those of a build that was left alone", async () => {
  const doomed = spawnWorker(database.url, NOWHERE);
  await doomed.ready;
  const made = await startDataset(deps, seeded.study, { ...reference, name: "killed" });
  await until(deps, made.pipelineId, "the first rows", ([run]) => (run?.done ?? 0) > 500, 60_000);
  doomed.child.kill("SIGKILL");
  await doomed.ended;
  const halfway = (await deps.prisma.dataset.findUniqueOrThrow({ where: { id: made.datasetId } })).rows;
  expect(halfway).toBeGreaterThan(0);
  expect(halfway).toBeLessThan(PROBLEMS);

  const survivor = await startWorker({ databaseUrl: database.url, inferenceUrl: NOWHERE, log: () => {} });
  try {
    const runs = await until(deps, made.pipelineId, "the data set", allDone, 90_000);
    expect(runs[0]).toMatchObject({ done: PROBLEMS, total: PROBLEMS, failed: 0 });
    const other = await startDataset(deps, seeded.study, { ...reference, name: "left alone" });
    await until(deps, other.pipelineId, "the other data set", allDone, 60_000);
  } finally {
    await survivor.stop();
  }
  const [killed, alone] = [
    await readDataset(deps, { study: "many", dataset: "killed" }),
    await readDataset(deps, { study: "many", dataset: "left alone" }),
  ];
  expect(killed).toMatchObject({ state: "ready", rows: PROBLEMS });
  expect(killed.digest).toBe(alone.digest);
  const { rows } = await deps.pool.query(
    "SELECT count(*)::int AS n, count(DISTINCT ordinal)::int AS ordinals, count(DISTINCT problem_id)::int AS problems, max(ordinal) AS last FROM dataset_row WHERE dataset_id = $1",
    [killed.id],
  );
  expect(rows[0]).toEqual({ n: PROBLEMS, ordinals: PROBLEMS, problems: PROBLEMS, last: PROBLEMS - 1 });
  // The server that knows the base model's tokenizer was away: it says so instead of a number.
  const { tokens } = manifestSchema.parse(killed.manifest);
  expect(tokens).toMatchObject({ counted: false, total: 0 });
  expect(tokens.note).toMatch(/^Tokens were not counted: .*127\.0\.0\.1:9/);
  expect(killed.tokens).toBeNull();
}, 200_000);

test("a cancelled build stops, is removed and frees its name; a ready data set stays", async () => {
  const worker = await startWorker({ databaseUrl: database.url, inferenceUrl: NOWHERE, log: () => {} });
  try {
    const made = await startDataset(deps, seeded.study, { ...reference, name: "unwanted" });
    await expect(removeDataset(deps, { study: "many", dataset: "unwanted" })).rejects.toThrow(/is being built: cancel/);
    await until(deps, made.pipelineId, "the first rows", ([run]) => (run?.done ?? 0) > 0, 60_000);
    await cancelRun(deps, { pipelineId: made.pipelineId });
    const { rows } = await readDataset(deps, { study: "many", dataset: "unwanted" });
    await sleep(1_500);
    const later = await readDataset(deps, { study: "many", dataset: "unwanted" });
    expect(later.state).toBe("cancelled");
    // At most the batch that was under way.
    expect(later.rows - rows).toBeLessThan(3_000);
    expect(later.rows).toBeLessThan(PROBLEMS);
    await removeDataset(deps, { study: "many", dataset: "unwanted" });
    expect(await deps.prisma.datasetRow.count({ where: { datasetId: made.datasetId } })).toBe(0);
    await startDataset(deps, seeded.study, { ...reference, name: "unwanted" });
    await expect(removeDataset(deps, { study: "many", dataset: "killed" })).rejects.toThrow(/ready: .* stays/);
  } finally {
    await worker.stop();
  }
}, 120_000);
