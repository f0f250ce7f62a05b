import { afterAll, beforeAll, expect, test } from "vitest";
import { GRADER_VERSION } from "@/server/core/grading/grade";
import { regradeRun, regradeStudy } from "@/server/usecases/regrade";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase("regrade");
});
afterAll(() => db.close());

interface Row {
  id: string;
  grader_version: string;
  reward: number;
  extracted: string | null;
  reason: string;
}
const grades = async (version: string) =>
  (await db.pool.query<Row>("SELECT id, grader_version, reward, extracted, reason FROM grade WHERE grader_version = $1 ORDER BY id", [version])).rows;
const count = async (sql: string) => Number((await db.pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]?.n);

test("a new version adds grades, keeps the earlier ones as they are, and the cached rewards follow", async () => {
  const { studyId } = await seedStudy(db.pool, { problems: 4, samples: 3 });
  const before = await grades("exact@1");
  const samples = (await count("attempt")) + (await count("continuation"));
  expect(before.length).toBe(samples);
  // The seeded study's grades are made up: its answers say otherwise.
  const runs = await regradeStudy(db, studyId);
  expect(runs.map((r) => r.stage)).toEqual(["rollout", "continue"]);
  expect(runs.reduce((n, r) => n + r.added, 0)).toBe(samples);
  expect(await grades("exact@1")).toEqual(before);
  expect((await grades(GRADER_VERSION)).length).toBe(samples);
  for (const [table, of] of [["attempt", "attempt_id"], ["continuation", "continuation_id"]]) {
    expect(await count(`${table} s JOIN grade g ON g.${of} = s.id AND g.grader_version = '${GRADER_VERSION}' WHERE s.reward IS DISTINCT FROM g.reward`)).toBe(0);
  }
  expect(await count("continuation WHERE (outcome = 'success') <> (reward = 1)")).toBe(0);
  expect(
    await count(`proposal p WHERE p.kept IS NOT NULL AND EXISTS (SELECT 1 FROM continuation c WHERE c.arm = 'intervention' AND c.target_id = p.id)
      AND p.kept <> EXISTS (SELECT 1 FROM continuation c WHERE c.arm = 'intervention' AND c.target_id = p.id AND c.reward = 1)`),
  ).toBe(0);

  // Once more: nothing to add.
  const again = await regradeStudy(db, studyId);
  expect(again.every((r) => r.added === 0 && r.changed === 0)).toBe(true);
});

test("a stage without answers, and a run that is not there, are refused with a sentence", async () => {
  const { rows } = await db.pool.query<{ id: string }>("SELECT id FROM run WHERE stage = 'verify'");
  await expect(regradeRun(db, { runId: rows[0]?.id ?? "" })).rejects.toThrow("holds no answers to grade");
  await expect(regradeRun(db, { runId: "00000000-0000-0000-0000-000000000000" })).rejects.toThrow("There is no run");
});
