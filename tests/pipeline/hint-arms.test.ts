import { afterAll, beforeAll, expect, test } from "vitest";
import { ARMS } from "@/server/core/arms";
import { hintOf } from "@/server/core/datasets/hint";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { sampleArms } from "@/server/usecases/sample-arms";
import { startRecipe } from "@/server/usecases/start-recipe";
import { startWorker } from "@/workers/worker/worker";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type FakeServer, startFakeServer } from "./support/fake-server";
import { allDone, answersOf, smallStudy, until } from "./support/study";

let database: TestDatabase;
let deps: Deps;
let server: FakeServer;
let worker: Awaited<ReturnType<typeof startWorker>>;

beforeAll(async () => {
  database = await createTestDatabase("hint_arms");
  deps = createDeps({ databaseUrl: database.url, name: "test hint arms" });
});
afterAll(async () => {
  await worker?.stop();
  await server?.stop();
  await deps.close();
  await database.close();
});

const byArm = async (pipelineId: string) => {
  const { rows } = await deps.pool.query<{ arm: string; targets: number; samples: number }>(
    `SELECT c.arm, count(DISTINCT c.target_id)::int AS targets, count(*)::int AS samples
     FROM continuation c JOIN run r ON r.id = c.run_id WHERE r.pipeline_id = $1 GROUP BY 1`,
    [pipelineId],
  );
  return new Map(rows.map((r) => [r.arm, r]));
};

test("the arms with a hint are sampled with a run, and added to one that has ended", { timeout: 120_000 }, async () => {
  const all = await smallStudy(deps, 3, { rollout: 2, verify: 2, continuation: 2 }, { continuation: { arms: [...ARMS] } });
  server = await startFakeServer(await answersOf(deps));
  worker = await startWorker({ databaseUrl: database.url, inferenceUrl: server.url, log: () => {} });
  await until(deps, all.pipelineId, "all runs done", allDone, 60_000);
  const arms = await byArm(all.pipelineId);
  expect(arms.get("hint")?.samples).toBe(arms.get("problem")?.samples);
  expect(arms.get("hint_intervention")?.samples).toBe(arms.get("intervention")?.samples);

  // What the model was shown: the problem with the first half of the reference's steps, and the guided attempt after it.
  const problems = await deps.prisma.problem.findMany({ orderBy: { ordinal: "asc" } });
  const hint = hintOf(problems[0]?.reference ?? "", 0.5).text;
  const hinted = server.asked.filter((a) => a.prompt.includes(`${problems[0]?.statement}\n\nHint:\n\n${hint}<`));
  expect(hinted.some((a) => a.prompt.endsWith("<assistant>"))).toBe(true);
  const proposals = await deps.prisma.proposal.findMany();
  expect(proposals.length).toBeGreaterThan(0);
  expect(proposals.every((p) => p.tokens === "FIXED step".length)).toBe(true);
  expect(server.asked.filter((a) => a.prompt.includes("Hint:")).some((a) => a.prompt.endsWith("FIXED step"))).toBe(true);

  // Nothing is left to add; a run without hints is given them.
  expect([...(await sampleArms(deps, { pipelineId: all.pipelineId, arms: ["hint"] })).values()]).toEqual([0]);
  const study = await deps.prisma.study.findFirstOrThrow();
  const plain = await startRecipe(deps, { recipe: "int", study: study.name, maxProblems: 2, inference: null });
  await expect(sampleArms(deps, { pipelineId: plain.pipelineId, arms: ["hint"] })).rejects.toThrow("still at work");
  await until(deps, plain.pipelineId, "the plain run done", allDone, 60_000);
  expect((await byArm(plain.pipelineId)).has("hint")).toBe(false);
  await expect(sampleArms(deps, { pipelineId: plain.pipelineId, arms: ["intervention"] })).rejects.toThrow("rests on those samples");
  const again = await startRecipe(deps, { recipe: "arms", study: study.name, inference: null });
  expect(again.pipelineId).toBe(plain.pipelineId);
  await until(deps, plain.pipelineId, "the added arms", allDone, 60_000);
  const added = await byArm(plain.pipelineId);
  expect(added.get("hint")?.targets).toBe(added.get("problem")?.targets);
  expect(added.get("hint_intervention")?.targets).toBe(added.get("intervention")?.targets);
  const { rows } = await deps.pool.query<{ arms: string[]; share: number }>(
    `SELECT settings->'continuation'->'arms' AS arms, (settings->'continuation'->'hint'->>'share')::float8 AS share
     FROM run WHERE pipeline_id = $1`,
    [plain.pipelineId],
  );
  expect(rows.every((r) => r.arms.length === 6 && r.share === 0.5)).toBe(true);
});
