import { afterAll, beforeAll, expect, test } from "vitest";
import { labIntSettings } from "@/server/core/recipes";
import { nextState, RUN_STATES } from "@/server/core/run-state";
import { intSettingsSchema } from "@/server/core/settings";
import { createLabStudy } from "@/server/usecases/create-lab-study";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { startInt } from "@/server/usecases/start-int";
import { startRecipe } from "@/server/usecases/start-recipe";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { readRuns } from "./support/study";

let database: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  database = await createTestDatabase("start int");
  deps = createDeps({ databaseUrl: database.url, name: "test start" });
});
afterAll(async () => {
  await deps.close();
  await database.close();
});

test("the lab study is made once, with its run and jobs; another run starts on the same problems", async () => {
  const study = await createLabStudy(deps, { problems: 3 });
  await expect(createLabStudy(deps)).rejects.toThrow('There is a study named "lab" already.');
  const settings = labIntSettings({ maxProblems: 2, rollout: { samples: 3 } });
  const pipelineId = await startInt(deps, { studyId: study.studyId, settings });
  const runs = await readRuns(deps, pipelineId);
  expect(runs.map((r) => [r.stage, r.state, r.total])).toEqual([
    ["rollout", "queued", 6],
    ["grade", "queued", 0],
    ["verify", "queued", 0],
    ["continue", "queued", 0],
    ["keep", "queued", 0],
  ]);
  expect((await deps.pool.query("SELECT 1 FROM pgboss.job WHERE state = 'created'")).rowCount).toBe(3 + 2);
});

test("a problem set is worked through in its order, however the database gives back what was added", async () => {
  const order = await deps.pool.query<{ ordinal: number }>(
    `SELECT p.ordinal FROM pgboss.job j JOIN work_item w ON w.id = (j.data->>'itemId')::uuid
     JOIN problem p ON p.id = w.target_id WHERE w.run_id = (SELECT id FROM run WHERE stage = 'rollout' ORDER BY created_at LIMIT 1)
     ORDER BY j.priority DESC, j.created_on`,
  );
  expect(order.rows.map((r) => r.ordinal)).toEqual([0, 1, 2]);
});

test("whether a bare answer counts is frozen in the run", async () => {
  const settingsOf = async (bareAnswers?: boolean) => {
    const { pipelineId } = await startRecipe(deps, { recipe: "int", study: "lab", bareAnswers, inference: null });
    const run = await deps.prisma.run.findFirstOrThrow({ where: { pipelineId, stage: "grade" } });
    return intSettingsSchema.parse(run.settings).bareAnswers;
  };
  expect(await settingsOf()).toBe(false);
  expect(await settingsOf(true)).toBe(true);
});

test("what cannot be started is refused with words for a person", async () => {
  const empty = await deps.prisma.study.create({ data: { name: "empty" } });
  const start = (settings: Parameters<typeof labIntSettings>[0], studyId = empty.id) =>
    startInt(deps, { studyId, settings: labIntSettings(settings) });
  await expect(start({}, "00000000-0000-7000-8000-000000000000")).rejects.toThrow("There is no study 0000");
  await expect(start({})).rejects.toThrow('Study "empty" has no model that a server serves');
  await deps.prisma.model.create({ data: { studyId: empty.id, name: "m", servedName: "m" } });
  await expect(start({})).rejects.toThrow('Study "empty" has no problem set "lab-hard".');
  const set = await deps.prisma.problemSet.create({ data: { studyId: empty.id, name: "lab-hard" } });
  await expect(start({})).rejects.toThrow('Problem set "lab-hard" has no problems.');
  const problem = { studyId: empty.id, problemSetId: set.id, key: "1", ordinal: 0, statement: "1 + 1?", answer: "2" };
  await deps.prisma.problem.create({ data: problem });
  await expect(start({})).rejects.toThrow("has a reference solution, and the template lab/verify@");
  await deps.prisma.problem.updateMany({ where: { studyId: empty.id }, data: { reference: "It is \\boxed{2}." } });
  await expect(start({ continuation: { arms: ["hint"] } })).rejects.toThrow("has a reference solution of two steps or more, so none gives a hint");
});

test("every change of a run's state is allowed or refused by one function", () => {
  const table = RUN_STATES.map((state) => {
    const facts = { state, started: true, done: 1, failed: 0 };
    return [
      state,
      ...(["start", "pause", "resume", "cancel", "finish", "reopen"] as const).map((e) => nextState(facts, e) ?? "-"),
    ];
  });
  expect(table).toEqual([
    ["queued", "running", "paused", "-", "cancelled", "done", "-"],
    ["running", "-", "paused", "-", "cancelled", "done", "-"],
    ["paused", "-", "-", "running", "cancelled", "-", "-"],
    ["done", "-", "-", "-", "-", "-", "running"],
    ["failed", "-", "-", "-", "-", "-", "running"],
    ["cancelled", "-", "-", "-", "-", "-", "-"],
  ]);
  expect(nextState({ state: "running", started: true, done: 0, failed: 3 }, "finish")).toBe("failed");
});
