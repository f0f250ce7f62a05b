import { afterAll, beforeAll, expect, test } from "vitest";
import { connectDatabase } from "@/server/store/connection";
import { migrate, readMigrations } from "@/server/store/migrate";
import { evaluationCounts, armCounts, runCounts, targetCounts } from "@/server/store/views/counts";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy, type Seeded } from "../support/seed-study";

let db: TestDatabase;
let seeded: Seeded;
beforeAll(async () => {
  db = await createTestDatabase("counts");
  seeded = await seedStudy(db.pool, { problems: 6, samples: 4 });
});
afterAll(() => db.close());

/** Rows of the counts that differ from the rows they count, either way round. */
async function wrong(pool = db.pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    `WITH a AS (SELECT run_id, problem_id, count(*)::int AS n, count(reward)::int AS graded, coalesce(sum(reward), 0)::int AS c, sum(tokens)::bigint AS tokens
                FROM attempt GROUP BY 1, 2),
          c AS (SELECT run_id, arm, target_id, problem_id, count(*)::int AS n, sum(reward)::int AS c, sum(tokens)::bigint AS tokens
                FROM continuation GROUP BY 1, 2, 3, 4)
     (SELECT to_json(x) FROM (SELECT * FROM a EXCEPT SELECT run_id, problem_id, n, graded, c, tokens FROM attempt_count) x)
     UNION ALL (SELECT to_json(x) FROM (SELECT run_id, problem_id, n, graded, c, tokens FROM attempt_count EXCEPT SELECT * FROM a) x)
     UNION ALL (SELECT to_json(x) FROM (SELECT * FROM c EXCEPT SELECT run_id, arm, target_id, problem_id, n, c, tokens FROM continuation_count) x)
     UNION ALL (SELECT to_json(x) FROM (SELECT run_id, arm, target_id, problem_id, n, c, tokens FROM continuation_count EXCEPT SELECT * FROM c) x)`,
  );
  return rows;
}

const changed = async (sql: string, values: unknown[] = []) => (await db.pool.query(sql, values)).rowCount ?? 0;

test("counts follow rows that are added, one by one and many at once", async () => {
  expect(await wrong()).toEqual([]);
  const { rows } = await db.pool.query<{ n: number }>("SELECT sum(n)::int AS n FROM continuation_count");
  expect(rows[0]?.n).toBeGreaterThan(50);
  // Three samples more of every attempt's problem, some not graded.
  const added = await changed(
    `INSERT INTO attempt (id, run_id, problem_id, model_id, sample_index, text, finish_reason, tokens, steps, reward)
     SELECT uuidv7(), run_id, problem_id, model_id, 100 + sample_index * 3 + k, '', 'stop', 7 + k, 1, CASE k WHEN 0 THEN NULL WHEN 1 THEN 1 ELSE 0 END
     FROM attempt, generate_series(0, 2) k`,
  );
  expect(added).toBe(72);
  expect(await wrong()).toEqual([]);
});

test("counts follow grades: the first one, another one, and one that is taken back", async () => {
  expect(await changed("UPDATE attempt SET reward = sample_index % 2 WHERE reward IS NULL")).toBeGreaterThan(10);
  expect(await wrong()).toEqual([]);
  await changed("UPDATE attempt SET reward = 1 - reward WHERE sample_index % 3 = 0");
  await changed("UPDATE attempt SET reward = NULL WHERE sample_index = 101");
  await changed("UPDATE continuation SET reward = 1 - reward, outcome = 'failure' WHERE sample_index = 2");
  expect(await wrong()).toEqual([]);
  // Nothing that counts has changed, or no row at all.
  await changed("UPDATE attempt SET steps = steps + 1");
  await changed("UPDATE continuation SET text = '' WHERE false");
  expect(await wrong()).toEqual([]);
});

test("counts follow a row that is found there already, and a transaction that is undone", async () => {
  const again = await changed(
    `INSERT INTO attempt (id, run_id, problem_id, sample_index, text, finish_reason, tokens, steps)
     SELECT uuidv7(), run_id, problem_id, sample_index, '', 'stop', 1, 1 FROM attempt ON CONFLICT DO NOTHING`,
  );
  expect(again).toBe(0);
  const client = await db.pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("DELETE FROM continuation WHERE sample_index < 2");
    await client.query("ROLLBACK");
  } finally {
    client.release();
  }
  expect(await wrong()).toEqual([]);
});

test("what pages read is the counts", async () => {
  const arms = await armCounts(db.pool, seeded.pipelineId);
  const truth = await db.pool.query<{ arm: string; n: number; c: number }>(
    "SELECT arm, count(*)::int AS n, sum(reward)::int AS c FROM continuation GROUP BY arm ORDER BY arm",
  );
  const sums = truth.rows.map(({ arm }) => {
    const mine = arms.filter((r) => r.arm === arm);
    return { arm, n: mine.reduce((s, r) => s + r.n, 0), c: mine.reduce((s, r) => s + r.c, 0) };
  });
  expect(sums).toEqual(truth.rows);
  const targets = await targetCounts(db.pool, seeded.pipelineId);
  expect(targets.reduce((s, r) => s + r.n, 0)).toBe(arms.reduce((s, r) => s + r.n, 0));

  // The rollout becomes an evaluation: its graded attempts count, by model and problem set.
  const { rows } = await db.pool.query<{ id: string }>("UPDATE run SET waits = true WHERE stage = 'rollout' RETURNING id");
  const runId = rows[0]?.id ?? "";
  const evaluations = await evaluationCounts(db.pool, seeded.studyId);
  expect(evaluations[0]).toMatchObject({ model: "lab-0.9M", problemSet: "seed", runId });
  const graded = await db.pool.query<{ n: number; c: number }>("SELECT count(*)::int AS n, sum(reward)::int AS c FROM attempt WHERE reward IS NOT NULL");
  const total = (of: readonly { n: number; c: number }[]) => ({ n: of.reduce((s, r) => s + r.n, 0), c: of.reduce((s, r) => s + r.c, 0) });
  expect(total(evaluations)).toEqual(graded.rows[0]);
  expect(total(await runCounts(db.pool, [runId]))).toEqual(graded.rows[0]);
});

test("counts follow rows that go: by themselves, with a problem, with their run", async () => {
  await changed("DELETE FROM continuation WHERE sample_index = 0");
  await changed("DELETE FROM attempt WHERE sample_index > 3");
  expect(await wrong()).toEqual([]);
  expect(await changed("DELETE FROM problem WHERE ordinal < 2")).toBe(2);
  expect(await wrong()).toEqual([]);
  await changed("DELETE FROM run WHERE stage = 'continue'");
  expect(await wrong()).toEqual([]);
  const { rows } = await db.pool.query("SELECT 1 FROM continuation_count");
  expect(rows).toEqual([]);
  await changed("DELETE FROM study");
  expect((await db.pool.query("SELECT 1 FROM attempt_count")).rows).toEqual([]);
});

test("a database of an older version has what is there counted as it is brought up", async () => {
  const all = readMigrations();
  const at = all.findIndex((m) => m.name.endsWith("_counts"));
  await db.pool.query("CREATE DATABASE counts_older");
  const older = connectDatabase(Object.assign(new URL(db.url), { pathname: "/counts_older" }).href);
  try {
    await migrate(older.url, all.slice(0, at));
    await older.pool.query(
      `WITH s AS (INSERT INTO study (id, name) VALUES (uuidv7(), 'old') RETURNING id),
            t AS (INSERT INTO problem_set (id, study_id, name) SELECT uuidv7(), id, 'set' FROM s RETURNING id, study_id),
            p AS (INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer) SELECT uuidv7(), study_id, id, 'k' || n, n, '', '1' FROM t, generate_series(1, 3) n RETURNING id),
            r AS (INSERT INTO run (id, study_id, stage, settings) SELECT uuidv7(), id, 'rollout', '{}' FROM s RETURNING id),
            a AS (INSERT INTO attempt (id, run_id, problem_id, sample_index, text, finish_reason, tokens, steps, reward)
                  SELECT uuidv7(), r.id, p.id, n, '', 'stop', 9, 1, CASE WHEN n < 3 THEN n % 2 END FROM r, p, generate_series(0, 3) n)
       INSERT INTO continuation (id, run_id, problem_id, arm, target_id, sample_index, seed, text, finish_reason, tokens, outcome, reward)
       SELECT uuidv7(), r.id, p.id, 'problem', p.id, n, n, '', 'stop', 5, 'success', n % 2 FROM r, p, generate_series(0, 4) n`,
    );
    await migrate(older.url);
    const { rows } = await older.pool.query("SELECT n, graded, c, tokens::int AS tokens FROM attempt_count");
    expect(rows).toEqual(Array.from({ length: 3 }, () => ({ n: 4, graded: 3, c: 1, tokens: 36 })));
    expect(await wrong(older.pool)).toEqual([]);
  } finally {
    await older.close();
    await db.pool.query("DROP DATABASE counts_older WITH (FORCE)");
  }
});
