/** Hard problems: those that a model never solved, as a problem set of their own. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeHardSet } from "@/server/usecases/hard-set";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedLineages } from "../support/seed-lineages";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase("hard set");
  await seedLineages(db.pool, {
    study: "hard",
    sets: { pool: 4, easy: 2, other: 2 },
    models: [
      {
        name: "tiny",
        evaluations: [
          { set: "pool", seed: 1, n: 4, correct: [0, 1, 0, 0] },
          // Solved in a second evaluation.
          { set: "pool", seed: 2, n: 4, correct: [0, 0, 0, 2] },
          { set: "easy", seed: 1, n: 4, correct: [4, 1] },
          { set: "other", seed: 1, n: 4, correct: [0, 0], state: "running" },
        ],
      },
    ],
  });
});
afterAll(() => db.close());

const make = (o: Partial<Parameters<typeof makeHardSet>[1]> = {}) => makeHardSet({ pool: db.pool }, { study: "hard", problemSet: "pool", model: "tiny", ...o });

test("what was never solved in any evaluation is copied, in its order; the name is taken then", async () => {
  const made = await make();
  expect(made).toMatchObject({ name: "pool, hard for tiny", problems: 2, of: 4, samples: 8 });
  const { rows } = await db.pool.query(
    `SELECT n.key, n.ordinal, n.statement = o.statement AND n.answer = o.answer AND n.reference = o.reference AND n.id <> o.id AS same
     FROM problem n JOIN problem o ON o.key = n.key AND o.problem_set_id = (SELECT id FROM problem_set WHERE name = 'pool') WHERE n.problem_set_id = $1 ORDER BY n.ordinal`,
    [made.id],
  );
  expect(rows).toEqual([
    { key: "k1", ordinal: 0, same: true },
    { key: "k3", ordinal: 1, same: true },
  ]);
  await expect(make()).rejects.toMatchObject({ kind: "conflict", message: expect.stringContaining("a problem set called “pool, hard for tiny” already") });
  expect((await make({ name: "mine" })).problems).toBe(2);
});

test("what is missing is said", async () => {
  await expect(make({ problemSet: "nothing" })).rejects.toMatchObject({ kind: "not_found", message: expect.stringContaining("was not evaluated on “nothing”") });
  await expect(make({ problemSet: "easy" })).rejects.toMatchObject({ kind: "conflict", message: "“tiny” has solved each of the 2 problems of “easy” at least once." });
  await expect(make({ problemSet: "other" })).rejects.toMatchObject({ kind: "conflict", message: expect.stringContaining("is still being evaluated") });
  await expect(make({ study: "none" })).rejects.toMatchObject({ kind: "not_found" });
});
