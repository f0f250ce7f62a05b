import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LIST_NAMES, type ListName, specOf } from "@/server/core/lists/tables";
import { countList, listNeighbours, listPage } from "@/server/store/lists/list";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";
import { allColumns, ask, walk } from "./support";

let db: TestDatabase;
let studyId: string;

beforeAll(async () => {
  db = await createTestDatabase("keyset");
  ({ studyId } = await seedStudy(db.pool, { name: "seeded", problems: 12, samples: 2 }));
  await seedStudy(db.pool, { name: "another", problems: 3, samples: 2 });
  const { pool } = db;
  const set = (await pool.query<{ id: string }>("SELECT id FROM problem_set WHERE study_id = $1", [studyId])).rows[0]?.id;
  const model = (await pool.query<{ id: string }>("SELECT id FROM model WHERE study_id = $1", [studyId])).rows[0]?.id;
  // Ties and gaps in everything that is sorted by; a second sampling run and an evaluation.
  for (const [stage, waits] of [
    ["rollout", false],
    ["import", false],
    ["rollout", true],
  ] as const) {
    const run = uuid();
    await pool.query("INSERT INTO run (id, study_id, stage, state, settings, model_id, waits) VALUES ($1, $2, $3, 'done', '{}', $4, $5)", [run, studyId, stage, model, waits]);
    await pool.query(
      `INSERT INTO attempt (id, run_id, problem_id, model_id, sample_index, text, finish_reason, tokens, steps, reward)
       SELECT gen_random_uuid(), $1, p.id, CASE WHEN i = 1 THEN NULL ELSE $3::uuid END, i, 'x', 'stop', 7 * (i % 2), 3, CASE i WHEN 0 THEN NULL WHEN 1 THEN 1 ELSE 0 END
       FROM problem p, generate_series(0, 3) i WHERE p.study_id = $2`,
      [run, studyId, model],
    );
  }
  await pool.query("UPDATE problem SET difficulty = CASE ordinal % 3 WHEN 0 THEN '' ELSE 'level ' || ordinal % 3 END WHERE study_id = $1", [studyId]);
  await pool.query("INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer) SELECT gen_random_uuid(), $1, $2, 'bare ' || i, 100, 'nothing was sampled', '1' FROM generate_series(1, 5) i", [studyId, set]);
  for (let i = 0; i < 7; i++) {
    await pool.query("INSERT INTO model (id, study_id, name, served_name, parent_id) VALUES ($1, $2, $3, $4, $5)", [uuid(), studyId, `m${i}`, i % 2 ? "served" : "", i < 3 ? null : model]);
    await pool.query(`INSERT INTO dataset (id, study_id, name, source, settings, model_id, state, rows, manifest) VALUES ($1, $2, $3, 'int', '{}', $4, 'ready', $5, $6)`, [uuid(), studyId, `d${i}`, i < 2 ? null : model, i % 3, i < 4 ? null : JSON.stringify({ tokens: { counted: true, total: 10.5 * (i % 2) } })]);
  }
}, 60_000);
afterAll(() => db.close());

/** What the list must hold, asked for in another way. */
const WHOLE: Record<ListName, string> = {
  problems: "SELECT id FROM problem WHERE study_id = $1",
  attempts: "SELECT a.id FROM attempt a JOIN run r ON r.id = a.run_id WHERE r.study_id = $1 AND r.stage IN ('rollout', 'import') AND NOT r.waits",
  proposals: "SELECT p.id FROM proposal p JOIN run r ON r.id = p.run_id WHERE r.study_id = $1",
  runs: "SELECT id FROM run WHERE study_id = $1",
  models: "SELECT id FROM model WHERE study_id = $1",
  datasets: "SELECT id FROM dataset WHERE study_id = $1",
};

const sorts = LIST_NAMES.flatMap((list) => {
  const ids = Object.entries(specOf(list).columns).flatMap(([id, c]) => (c.sort === true ? [id] : []));
  return ids.flatMap((id, i) => [
    [list, id],
    [list, `-${id}`],
    // A second key beside it: the next column, the other way.
    [list, `${id},-${ids[(i + 1) % ids.length]}`],
    [list, `-${id},${ids[(i + 2) % ids.length]}`],
  ]) as [ListName, string][];
});

describe("each row is met exactly once", () => {
  it.each(sorts)("%s by %s", async (list, sort) => {
    const question = ask(studyId, list, `sort=${sort}`);
    const { rows } = await db.pool.query<{ id: string }>(WHOLE[list], [studyId]);
    const { forwards, backwards } = await walk(db.pool, question, list === "attempts" ? 23 : 4);
    const ids = forwards.map((r) => r.id);
    expect([...ids].sort()).toEqual(rows.map((r) => r.id).sort());
    expect(backwards.map((r) => r.id)).toEqual(ids);
    // The same order in one piece.
    const whole = await listPage(db.pool, question, {}, 10_000, []);
    expect(whole.rows.map((r) => r.id)).toEqual(ids);
    expect(await countList(db.pool, question, 10_000)).toEqual({ count: ids.length, exact: true });
  });
});

it("rows without a value come last in both directions", async () => {
  for (const sort of ["passRate", "-passRate", "level", "-level"]) {
    const { forwards } = await walk(db.pool, ask(studyId, "problems", `sort=${sort}`), 5, ["passRate", "level"]);
    const values = forwards.map((r) => r.cells[sort.replace("-", "")]);
    const known = values.filter((v) => v !== null);
    expect(known.length).toBeGreaterThan(2);
    expect(known.length).toBeLessThan(values.length);
    expect(values.slice(known.length).every((v) => v === null)).toBe(true);
    const ascending = [...known].sort((a, b) => (a as number | string) < (b as number | string) ? -1 : (a as number | string) > (b as number | string) ? 1 : 0);
    expect(known).toEqual(sort.startsWith("-") ? ascending.reverse() : ascending);
  }
});

it("every column can be shown", async () => {
  for (const list of LIST_NAMES) {
    const columns = allColumns(list);
    const { rows } = await listPage(db.pool, ask(studyId, list), {}, 5, columns);
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) expect(Object.keys(row.cells)).toEqual(columns);
  }
});

it("neighbours are those of the list", async () => {
  const question = ask(studyId, "attempts", "sort=reward,-steps");
  const { forwards } = await walk(db.pool, question, 50);
  for (const at of [0, 1, 40, forwards.length - 1])
    expect(await listNeighbours(db.pool, question, forwards[at]?.id ?? "")).toEqual({
      previous: forwards[at - 1]?.id ?? null,
      next: forwards[at + 1]?.id ?? null,
    });
  expect(await listNeighbours(db.pool, question, uuid())).toEqual({ previous: null, next: null });
});

it("a cursor of another order, or of nonsense, shows the first page", async () => {
  const first = await listPage(db.pool, ask(studyId, "attempts", "sort=steps"), {}, 5, []);
  const ids = async (search: string, after: string | null) => (await listPage(db.pool, ask(studyId, "attempts", search), { after }, 5, [])).rows.map((r) => r.id);
  expect(await ids("sort=tokens", first.next)).toEqual(await ids("sort=tokens", null));
  expect(await ids("sort=steps", first.next)).not.toEqual(await ids("sort=steps", null));
  for (const nonsense of ["", "%%", "bm9uc2Vuc2U", btoa(JSON.stringify(["steps", ["1'; DROP TABLE attempt"], uuid()])), btoa(JSON.stringify(["steps", [null], uuid()])), btoa(JSON.stringify(["steps", [], uuid()]))])
    expect(await ids("sort=steps", nonsense), nonsense).toEqual(await ids("sort=steps", null));
});
