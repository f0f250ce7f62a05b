import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createContextInner } from "@/server/api/context";
import { createCaller } from "@/server/api/root";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { exportList } from "@/server/usecases/lists/export";
import { InterveneError } from "@/server/errors";
import type { Selection } from "@/server/core/lists/selection";
import type { ListName } from "@/server/core/lists/tables";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type Seeded, seedStudy } from "../support/seed-study";

let db: TestDatabase;
let deps: Deps;
let seeded: Seeded;
let call: ReturnType<typeof createCaller>;

beforeAll(async () => {
  db = await createTestDatabase("lists");
  deps = createDeps({ databaseUrl: db.url, name: "test lists" });
  seeded = await seedStudy(db.pool, { name: "seeded", problems: 12, samples: 2 });
  await seedStudy(db.pool, { name: "another", problems: 3, samples: 2 });
  call = createCaller(createContextInner(deps));
}, 60_000);
afterAll(async () => {
  await deps.close();
  await db.close();
});

const study = "seeded";
const rows = async (text: string, values: unknown[] = []) => (await db.pool.query<Record<string, unknown>>(text, values)).rows;
const count = async (list: ListName, search: string) => call.lists.count({ study, list, search, exact: true });
const ids = async (list: ListName, search: string) => (await call.lists.page({ study, list, search })).rows.map((r) => r.id);
const wrongOnes = async () => (await count("attempts", "reward=wrong")).count;
const all = (search = "", except: string[] = []): Selection => ({ kind: "all", search, except });
const ticked = (list: string[]): Selection => ({ kind: "ticked", search: "", ids: list });

describe("filters", () => {
  /** The same asked in another way; $1 is the study. */
  const ATTEMPTS = "SELECT count(*)::int AS n FROM attempt a JOIN problem p ON p.id = a.problem_id LEFT JOIN proposal c ON c.attempt_id = a.id AND c.chosen WHERE p.study_id = $1";
  const PROPOSALS = "SELECT count(*)::int AS n FROM proposal x JOIN attempt a ON a.id = x.attempt_id JOIN problem p ON p.id = a.problem_id WHERE p.study_id = $1";
  it.each<[ListName, string, string]>([
    ["attempts", "reward=wrong", `${ATTEMPTS} AND a.reward = 0`],
    ["attempts", "reward=!wrong", `${ATTEMPTS} AND a.reward IS DISTINCT FROM 0`],
    ["attempts", "proposal=chosen", `${ATTEMPTS} AND c.id IS NOT NULL`],
    ["attempts", "proposal=none", `${ATTEMPTS} AND c.id IS NULL`],
    ["attempts", "proposal=kept,none", `${ATTEMPTS} AND (c.id IS NULL OR c.kept)`],
    ["attempts", "error=2..4", `${ATTEMPTS} AND c.location BETWEEN 2 AND 4`],
    ["attempts", "error=2..<4&reward=wrong", `${ATTEMPTS} AND c.location IN (2, 3) AND a.reward = 0`],
    ["attempts", "steps=6..", `${ATTEMPTS} AND a.steps >= 6`],
    ["attempts", "model=lab-0.9M", ATTEMPTS],
    ["attempts", "model=nobody", `${ATTEMPTS} AND false`],
    ["attempts", "set=seed&sample=2", `${ATTEMPTS} AND a.sample_index = 1`],
    ["attempts", "passRate=0.25", `${ATTEMPTS} AND p.id IN (SELECT y.problem_id FROM attempt y GROUP BY 1 HAVING avg(y.reward) = 0.25)`],
    ["attempts", "passRate=0.3..&reward=any", `${ATTEMPTS} AND p.id IN (SELECT y.problem_id FROM attempt y GROUP BY 1 HAVING avg(y.reward) >= 0.3)`],
    ["attempts", "tag=any", `${ATTEMPTS} AND false`],
    ["attempts", "added=2020-01-01..", ATTEMPTS],
    ["attempts", "added=..2020-01-01", `${ATTEMPTS} AND false`],
    ["proposals", "chosen=yes", `${PROPOSALS} AND x.chosen`],
    ["proposals", "kept=no,none", `${PROPOSALS} AND x.kept IS NOT TRUE`],
    ["proposals", "author=person", `${PROPOSALS} AND x.author = 'person'`],
    ["proposals", "proposer=lab-0.9M", `${PROPOSALS} AND x.author = 'model'`],
    ["proposals", "proposer=!lab-0.9M", `${PROPOSALS} AND x.author <> 'model'`],
    ["proposals", "step=3", `${PROPOSALS} AND x.location = 3`],
    ["proposals", "success=0.5..", `${PROPOSALS} AND (SELECT avg(k.reward) FROM continuation k WHERE k.proposal_id = x.id AND k.arm = 'intervention') >= 0.5`],
    ["proposals", "success=none", `${PROPOSALS} AND NOT EXISTS (SELECT 1 FROM continuation k WHERE k.proposal_id = x.id AND k.arm = 'intervention')`],
    ["proposals", "position=..0.5", `${PROPOSALS} AND x.location <= 0.5 * a.steps`],
    ["problems", "attempts=4", "SELECT count(*)::int AS n FROM problem WHERE study_id = $1"],
    ["problems", "passRate=0", "SELECT count(*)::int AS n FROM problem p WHERE study_id = $1 AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.problem_id = p.id AND a.reward = 1)"],
    ["runs", "stage=rollout,verify", "SELECT 2 AS n WHERE $1::uuid IS NOT NULL"],
    ["runs", "state=done&stage=!grade", "SELECT count(*)::int AS n FROM run WHERE study_id = $1 AND stage <> 'grade'"],
    ["models", "served=yes", "SELECT count(*)::int AS n FROM model WHERE study_id = $1"],
  ])("%s?%s", async (list, search, text) => {
    const [expected] = await rows(text, [seeded.studyId]);
    expect(await count(list, search)).toEqual({ count: expected?.n, exact: true });
    expect(await ids(list, search)).toHaveLength(Math.min(50, Number(expected?.n)));
  });

  it("evaluations' samples are found by their run alone", async () => {
    const run = uuid();
    await db.pool.query("INSERT INTO run (id, study_id, stage, state, settings, waits) VALUES ($1, $2, 'rollout', 'done', '{}', true)", [run, seeded.studyId]);
    await db.pool.query(
      "INSERT INTO attempt (id, run_id, problem_id, sample_index, text, finish_reason, tokens, steps) SELECT gen_random_uuid(), $1, id, 0, '', 'stop', 1, 1 FROM problem WHERE study_id = $2",
      [run, seeded.studyId],
    );
    expect((await count("attempts", "")).count).toBe(48);
    expect((await count("attempts", `run=${run}`)).count).toBe(12);
    expect(await ids("attempts", `run=${run}&sort=steps`)).toHaveLength(12);
    // A run of another study is none of this one's.
    const [other] = await rows("SELECT r.id FROM run r JOIN study s ON s.id = r.study_id WHERE s.name = 'another' AND r.stage = 'rollout'");
    expect((await count("attempts", `run=${other?.id}`)).count).toBe(0);
    await db.pool.query("DELETE FROM run WHERE id = $1", [run]);
  });

  it("values are values, whatever is in them", async () => {
    for (const nasty of ["'; DROP TABLE attempt; --", "%", "_", "\\", '"', "$1"]) {
      const search = new URLSearchParams({ model: nasty, tag: nasty, finish: nasty }).toString();
      expect((await count("attempts", search)).count).toBe(0);
      expect((await count("problems", new URLSearchParams({ statement: `~${nasty}`, answer: `=${nasty}` }).toString())).count).toBe(0);
    }
    expect((await count("attempts", "")).count).toBe(48);
  });
});

describe("saved views", () => {
  it("are kept for everybody, by name, and open what was asked", async () => {
    const { id } = await call.lists.saveView({ study, list: "attempts", name: "Wrong ones", search: "reward=wrong&sort=-tokens&columns=problem,steps&after=abc&nonsense=1" });
    const views = await call.lists.views({ study, list: "attempts" });
    expect(views).toMatchObject([{ id, name: "Wrong ones", search: "reward=wrong&sort=tokens&dir=desc&columns=problem%2Csteps" }]);
    expect(await call.lists.views({ study, list: "proposals" })).toEqual([]);
    expect(await call.lists.views({ study: "another", list: "attempts" })).toEqual([]);
    await expect(call.lists.saveView({ study, list: "attempts", name: "Wrong ones", search: "" })).rejects.toMatchObject({ code: "CONFLICT" });
    await call.lists.saveView({ study, list: "attempts", name: "Wrong ones", search: "reward=right", replace: true });
    expect((await call.lists.views({ study, list: "attempts" })).map((v) => v.search)).toEqual(["reward=right"]);
    await expect(call.lists.removeView({ study: "another", view: id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await call.lists.removeView({ study, view: id });
    expect(await call.lists.views({ study, list: "attempts" })).toEqual([]);
  });

  it("of columns that are no more say what they still can", async () => {
    await db.pool.query(`INSERT INTO saved_view (id, study_id, list, name, query) VALUES ($1, $2, 'runs', 'old', $3)`, [
      uuid(),
      seeded.studyId,
      JSON.stringify({ filters: { gone: { is: "any" }, stage: { is: "in", values: ["verify"] } }, sort: [{ id: "gone", desc: true }], columns: ["run", "gone"] }),
    ]);
    expect((await call.lists.views({ study, list: "runs" }))[0]?.search).toBe("stage=verify&columns=run");
  });
});

describe("tags", () => {
  it("are put on what was ticked or on all that match, shown, found, and taken off", async () => {
    const wrong = await ids("attempts", "reward=wrong");
    expect(await call.lists.tag({ study, list: "attempts", selection: ticked(wrong.slice(0, 3)), tag: "odd" })).toEqual({ changed: 3 });
    expect(await call.lists.tag({ study, list: "attempts", selection: all("reward=wrong", wrong.slice(5, 7)), tag: "odd" })).toEqual({ changed: (await wrongOnes()) - 2 - 3 });
    const tagged = (await wrongOnes()) - 2;
    expect((await count("attempts", "tag=odd")).count).toBe(tagged);
    expect((await count("attempts", "tag=!odd")).count).toBe(48 - tagged);
    expect((await call.lists.head({ study, list: "attempts" })).choices.tags).toEqual(["odd"]);
    const [row] = (await call.lists.page({ study, list: "attempts", search: "tag=odd" })).rows;
    expect(row?.cells.tag).toEqual(["odd"]);
    // Rows of other kinds and of other studies are nobody's to tag here.
    expect(await call.lists.tag({ study: "another", list: "attempts", selection: ticked(wrong), tag: "odd" })).toEqual({ changed: 0 });
    expect(await call.lists.tag({ study, list: "proposals", selection: ticked(wrong), tag: "odd" })).toEqual({ changed: 0 });
    expect(await call.lists.tag({ study, list: "attempts", selection: all(), tag: "odd", on: false })).toEqual({ changed: tagged });
    expect((await call.lists.head({ study, list: "attempts" })).choices.tags).toEqual([]);
  });

  it.each<ListName>(["problems", "proposals", "runs", "models"])("can be put on %s", async (list) => {
    const { count: n } = await count(list, "");
    expect(await call.lists.tag({ study, list, selection: all(), tag: `all ${list}` })).toEqual({ changed: n });
    expect((await count(list, new URLSearchParams({ tag: `all ${list}` }).toString())).count).toBe(n);
  });
});

describe("adding to a queue", () => {
  const queue = async (subject: "attempt" | "proposal", name: string) => {
    const made = await call.queues.create({ study, subject, name, source: { attempts: { proposal: "kept" } } });
    return made.id;
  };
  const items = (id: string) => rows("SELECT attempt_id, proposal_id, ordinal FROM queue_item WHERE queue_id = $1 ORDER BY ordinal", [id]);

  it("adds what is not there yet, after what is", async () => {
    const id = await queue("attempt", "attempts");
    const before = await items(id);
    expect(before.length).toBeGreaterThan(0);
    const result = await call.lists.addToQueue({ study, list: "attempts", selection: all("reward=wrong"), queue: id });
    expect(result).toEqual({ added: (await wrongOnes()) - before.length, had: before.length });
    const after = await items(id);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.map((i) => i.ordinal)).toEqual(after.map((_, i) => i));
    expect(await call.lists.addToQueue({ study, list: "attempts", selection: all("reward=wrong"), queue: id })).toEqual({ added: 0, had: await wrongOnes() });
    const [kept] = await rows("SELECT filter->'added' AS added FROM queue WHERE id = $1", [id]);
    expect(kept?.added).toMatchObject([{ list: "attempts", search: "reward=wrong", items: (await wrongOnes()) - before.length }, { items: 0 }]);
  });

  it("in a queue of proposals, an attempt stands for its chosen proposal", async () => {
    const id = await queue("proposal", "proposals");
    const [{ n } = { n: 0 }] = await rows("SELECT count(*)::int AS n FROM proposal p JOIN run r ON r.id = p.run_id WHERE r.study_id = $1 AND p.chosen", [seeded.studyId]);
    await call.lists.addToQueue({ study, list: "attempts", selection: all(), queue: id });
    expect((await items(id)).length).toBe(n);
    const others = await count("proposals", "chosen=no");
    expect(await call.lists.addToQueue({ study, list: "proposals", selection: all("chosen=no"), queue: id })).toEqual({ added: others.count, had: 0 });
  });

  it("keeps to the queue's rules", async () => {
    const id = await queue("attempt", "ruled");
    const selection = all();
    await expect(call.lists.addToQueue({ study, list: "proposals", selection, queue: id })).rejects.toThrow("attempts are judged, not proposals");
    await expect(call.lists.addToQueue({ study: "another", list: "attempts", selection, queue: id })).rejects.toThrow("belongs to the study");
    await call.queues.close({ queue: id });
    await expect(call.lists.addToQueue({ study, list: "attempts", selection, queue: id })).rejects.toThrow("is closed");
  });
});

describe("files of a selection", () => {
  const file = async (input: { list: ListName; selection: Selection; file: "csv" | "jsonl" }) => {
    const { pieces } = await exportList(deps, { study, personId: null, ...input });
    let text = "";
    for await (const piece of pieces) text += piece;
    return text;
  };

  it("hold the rows in their order with the columns shown", async () => {
    const search = "reward=wrong&sort=-tokens&columns=problem,tokens,intervention,tag,added";
    const listed = await ids("attempts", search);
    const csv = (await file({ list: "attempts", selection: all(search, [listed[0] ?? ""]), file: "csv" })).trimEnd().split("\r\n");
    expect(csv[0]).toBe("id,problem_id,run_id,problem,tokens,intervention,added,tag");
    expect(csv.slice(1).map((line) => line.slice(0, 36))).toEqual(listed.slice(1));
    const lines = (await file({ list: "attempts", selection: { kind: "ticked", search, ids: listed.slice(3, 6) }, file: "jsonl" })).trimEnd().split("\n");
    const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(read.map((r) => r.id)).toEqual(listed.slice(3, 6));
    const [row] = await rows("SELECT tokens, run_id FROM attempt WHERE id = $1", [listed[3]]);
    expect(read[0]).toMatchObject({ tokens: row?.tokens, run_id: row?.run_id });
    expect(String(read[0]?.added)).toMatch(/^\d{4}-\d{2}-\d{2}T.*Z$/);
  });

  it.each<ListName>(["problems", "proposals", "runs", "models", "datasets"])("can be had of %s", async (list) => {
    const text = await file({ list, selection: all(), file: "jsonl" });
    expect(text.split("\n").filter((l) => l !== "")).toHaveLength((await count(list, "")).count);
  });

  it("of a study that is not there are refused at once", async () => {
    await expect(exportList(deps, { study: "nobody", list: "runs", selection: all(), file: "csv", personId: null })).rejects.toThrow(InterveneError);
  });
});

it("what a person is still to judge blind is neither listed nor counted nor exported nor tagged for them", async () => {
  const { token } = await (async () => {
    let token = "";
    const caller = createCaller(createContextInner(deps, { setToken: (t) => (token = t ?? "") }));
    await caller.people.choose({ name: "Ada" });
    return { token };
  })();
  const ada = createCaller(createContextInner(deps, { token }));
  const me = await ada.people.me();
  const made = await ada.queues.create({ study, subject: "attempt", name: "blind", source: { attempts: { reward: "right" } } });
  expect((await ada.lists.count({ study, list: "attempts", search: "" })).count).toBe(48);
  await ada.queues.next({ queue: made.id });
  expect((await ada.lists.count({ study, list: "attempts", search: "" })).count).toBe(await wrongOnes());
  expect((await ada.lists.page({ study, list: "attempts", search: "reward=right" })).rows).toEqual([]);
  expect(await ada.lists.tag({ study, list: "attempts", selection: all("reward=right"), tag: "seen" })).toEqual({ changed: 0 });
  const { pieces } = await exportList(deps, { study, list: "attempts", selection: all("reward=right"), file: "jsonl", personId: me?.id ?? null });
  for await (const piece of pieces) expect(piece).toBe("");
  expect((await count("attempts", "")).count).toBe(48);
});
