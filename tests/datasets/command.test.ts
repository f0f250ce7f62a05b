import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { intervene } from "../cli/command";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedAttempt, seedProblems, seedProposal, seedRun } from "./support";

let database: TestDatabase;
let deps: Deps;
let worker: RunningWorker;

beforeAll(async () => {
  database = await createTestDatabase("dataset command");
  deps = createDeps({ databaseUrl: database.url, name: "test dataset command" });
  const seeded = await seedProblems(deps, { name: "mine", problems: 3, models: { base: false } });
  const runId = await seedRun(deps, seeded, "base");
  for (const [i, problemId] of seeded.problemIds.entries()) {
    const text = "A step.\n\nA wrong one.\n\n\\boxed{0}";
    const attemptId = await seedAttempt(deps, { runId, problemId, modelId: seeded.models.base, text, reward: i === 2 ? 1 : 0 });
    await seedProposal(deps, { runId, attemptId, content: "A better one.", location: 2, kept: i === 0 });
  }
  worker = await startWorker({ databaseUrl: database.url, inferenceUrl: "http://127.0.0.1:9", log: () => {} });
});
afterAll(async () => {
  await worker?.stop();
  await deps?.close();
  await database?.close();
});

const dataset = (...args: string[]) =>
  intervene(["dataset", "--study", "mine", ...args], { env: { DATABASE_URL: database.url } });

test("dataset: preview, build, list; a wrong use is told and ends with 2", async () => {
  const preview = await dataset("--source", "int", "--preview");
  expect(preview.out).toMatch(/^3 attempts → 1 row\n/);
  expect(preview.out).toMatch(/no continuation of the intervention was right\s+−1/);
  expect((await dataset()).out).toMatch(/no data set yet/);

  const built = await dataset("--source", "int", "--unfiltered", "--name", "all of them", "--wait", "--json");
  expect(built.status).toBe(0);
  const document = JSON.parse(built.out);
  expect(document).toMatchObject({ name: "all of them", source: "int", state: "ready", rows: 2, base: "base" });
  expect(document.manifest.counts).toMatchObject({ candidates: 3, rows: 2 });
  expect(document.digest).toMatch(/^[0-9a-f]{64}$/);

  const words = await dataset("--source", "int", "--name", "kept", "--wait");
  expect([words.status, words.out]).toEqual([0, expect.stringMatching(/"kept" is ready\.\n3 attempts → 1 row[\s\S]*sha256 [0-9a-f]{64}\n$/)]);
  const list = await dataset();
  expect(list.out.split("\n")[0]).toMatch(/^name\s+source\s+state\s+rows/);
  expect(list.out).toMatch(/all of them\s+InT\s+ready\s+2/);

  const twice = await dataset("--source", "int", "--name", "kept");
  expect([twice.status, twice.err]).toEqual([2, expect.stringMatching(/named "kept" in this study already/)]);
  expect((await dataset("--name", "x")).status).toBe(2);
  expect((await dataset("--source", "poetry", "--name", "x")).status).toBe(2);
}, 90_000);
