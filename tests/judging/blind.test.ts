import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appRouter } from "@/server/api/root";
import type { ItemView } from "@/server/core/views/judging";
import { type Caller, type JudgingWorld, judgingWorld, must, send } from "./support";

/** What must not be in any answer to a judge before they have decided, put into the rows themselves. */
const SECRET = {
  proposal: "PROPOSAL-d41d8cd9",
  verification: "VERIFIED-9e107d9d",
  grade: "GRADED-e4d909c2",
  continuation: "CONTINUED-1b6453892",
  label: "LABELLED-098f6bcd",
  model: "MODEL-5d41402a",
  other: "OTHER-7d793037",
  otherNote: "NOTE-b026324c",
  gold: "GOLD-26ab0db9",
};

let w: JudgingWorld;
let queue: string;
let ann: Caller;
let bob: Caller;
let item: ItemView;
let attempt: string;

const text = (value: unknown) => JSON.stringify(value) ?? "";
const secretsIn = (value: unknown, allowed: (keyof typeof SECRET)[] = []) =>
  Object.entries(SECRET).flatMap(([name, secret]) =>
    !allowed.includes(name as keyof typeof SECRET) && text(value).includes(secret) ? [name] : [],
  );

beforeAll(async () => {
  w = await judgingWorld("judging blind", { problems: 4 });
  const { pool } = w.db;
  const { rows } = await pool.query<{ id: string }>(
    "SELECT a.id FROM attempt a JOIN proposal p ON p.attempt_id = a.id AND p.chosen AND p.kept ORDER BY a.id LIMIT 3",
  );
  const [first, second, third] = rows.map((r) => r.id);
  attempt = must(first, "attempt");
  await pool.query("UPDATE proposal SET content = $1 || content", [SECRET.proposal]);
  await pool.query("UPDATE verification SET text = $1, parse_note = $1", [SECRET.verification]);
  await pool.query("UPDATE grade SET reason = $1, extracted = $1", [SECRET.grade]);
  await pool.query("UPDATE continuation SET text = $1", [SECRET.continuation]);
  await pool.query("UPDATE model SET name = $1", [SECRET.model]);
  await pool.query("DELETE FROM label");
  for (const id of [second, third])
    await pool.query("INSERT INTO label (id, attempt_id, source, first_error) VALUES (gen_random_uuid(), $1, $2, 2)", [id, SECRET.gold]);
  await pool.query("INSERT INTO label (id, attempt_id, source, first_error) VALUES (gen_random_uuid(), $1, $2, 2)", [first, SECRET.label]);
  await pool.query("UPDATE attempt SET seed = 1234567891, reward = 0");
  ann = await w.as("Ann");
  bob = await w.as("Bob");
  const owner = await w.as("Owner");
  ({ id: queue } = await owner.queues.create({
    study: w.study.name,
    name: "blind",
    subject: "proposal",
    judges: 2,
    blind: true,
    hideProposal: true,
    hideOutcomes: true,
    gold: { share: 0.2, source: SECRET.gold },
  }));
  // Bob has judged it and has more of it in a draft; Ann holds it.
  await pool.query("UPDATE queue_item SET ordinal = -1 WHERE queue_id = $1 AND attempt_id = $2", [queue, attempt]);
  const his = must((await bob.queues.next({ queue })).item);
  await bob.queues.saveDraft({ item: his.id, body: { content: SECRET.other }, version: 0 });
  await bob.queues.decide(
    send(his, { action: "edit", content: `${SECRET.other} and so on`, location: 2, note: SECRET.otherNote }),
  );
  item = must((await ann.queues.next({ queue })).item);
  expect(item.id).toBe(his.id);
});
afterAll(() => w?.close());

describe("blind on the wire", () => {
  it("hides the proposal, the outcomes, other decisions and gold in the item itself, and says that it does", () => {
    expect(item.visible).toEqual({ proposal: false, outcomes: false, decisions: false, gold: false });
    expect(item).toMatchObject({ proposal: null, verifications: null, outcomes: null, others: null, gold: null, hasProposal: true });
    expect(item.steps.length).toBeGreaterThan(2);
    expect(secretsIn(item)).toEqual([]);
    expect(text(item)).not.toContain("reward");
    // Its attempt has no id here, nor its run, model or seed: gold stands out by nothing.
    expect(text(item)).not.toContain(attempt);
    expect(text(item)).not.toContain("1234567891");
  });

  it("hides them in every answer of every procedure about the queue and the item", async () => {
    const answers = {
      list: await ann.queues.list({ study: w.study.name }),
      get: await ann.queues.get({ queue }),
      progress: await ann.queues.progress({ queue }),
      agreement: await ann.queues.agreement({ queue }),
      next: await ann.queues.next({ queue }),
      ahead: await ann.queues.next({ queue, not: [item.id] }),
      item: await ann.queues.item({ item: item.id }),
      heartbeat: await ann.queues.heartbeat({ items: [item.id] }),
      hold: await ann.queues.hold({ item: item.id }),
      draft: await ann.queues.saveDraft({ item: item.id, body: { note: "mine" }, version: 0 }),
      samples: await ann.queues.samples({ item: item.id }),
      mine: await ann.queues.mine({ queue }),
      history: await ann.queues.history({ item: item.id }),
      differences: await ann.queues.differences({ queue }),
      difference: await ann.queues.difference({ item: item.id }),
      effect: await ann.queues.effect({ study: w.study.name, pipeline: w.study.pipelineId }),
    };
    for (const [name, answer] of Object.entries(answers)) expect([name, secretsIn(answer)]).toEqual([name, []]);
    expect(answers.history).toMatchObject({ hidden: true, events: [] });
    // One who gave no name is no way round it.
    for (const answer of [await w.nobody.queues.item({ item: item.id }), await w.nobody.queues.history({ item: item.id })])
      expect(secretsIn(answer)).toEqual([]);
  });

  it("closes the study's own pages of what she is still to judge, and leaves it out of lists that would tell", async () => {
    const study = w.study.name;
    for (const ask of [ann.attempts.get, ann.branches.list, ann.values.get, ann.scores.list])
      await expect(ask({ study, attempt })).rejects.toMatchObject({ code: "FORBIDDEN", message: expect.stringContaining("queue “blind”") });
    const { rows } = await w.db.pool.query<{ c: string; v: string }>(
      "SELECT (SELECT id FROM continuation WHERE attempt_id = $1 LIMIT 1) AS c, (SELECT id FROM verification WHERE attempt_id = $1 LIMIT 1) AS v",
      [attempt],
    );
    const some = must(rows[0], "row");
    await expect(ann.attempts.continuation({ study, continuation: some.c })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(ann.attempts.verificationText({ study, verification: some.v })).rejects.toMatchObject({ code: "FORBIDDEN" });
    const choice = { kind: "continue" as const, step: 1, samples: 1, seed: 1 };
    await expect(ann.branches.start({ study, attempt, choice })).rejects.toMatchObject({ code: "FORBIDDEN" });
    const listed = await ann.attempts.list({ study, query: { reward: "wrong" } });
    expect(listed.rows.map((r) => r.id)).not.toContain(attempt);
    const { count } = await ann.attempts.count({ study, query: {} });
    expect(count).toBe((await ann.attempts.list({ study, query: {} })).rows.length);
    // Bob has decided it, and whoever judges nothing here is no judge.
    expect((await bob.attempts.get({ study, attempt })).id).toBe(attempt);
    expect((await (await w.as("Reader")).attempts.get({ study, attempt })).id).toBe(attempt);
  });

  it("has no other way to it: every read of every router, asked for all that names the item, its attempt or its rows", async () => {
    const own = "HELD-0cc175b9";
    const { pool } = w.db;
    await pool.query("UPDATE proposal SET content = $2 || content WHERE attempt_id = $1", [attempt, own]);
    await pool.query("UPDATE verification SET text = $2, parse_note = $2 WHERE attempt_id = $1", [attempt, own]);
    await pool.query("UPDATE grade SET reason = $2 WHERE attempt_id = $1", [attempt, own]);
    await pool.query("UPDATE continuation SET text = $2 WHERE attempt_id = $1", [attempt, own]);
    const one = async (table: string) =>
      (await pool.query<{ id: string }>(`SELECT id FROM ${table} WHERE attempt_id = $1 LIMIT 1`, [attempt])).rows[0]?.id;
    const input = {
      study: w.study.name,
      pipeline: w.study.pipelineId,
      query: {},
      queue,
      item: item.id,
      attempt,
      proposal: await one("proposal"),
      continuation: await one("continuation"),
      verification: await one("verification"),
    };
    const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);
    const reads = procedures.filter(([, p]) => p._def.type === "query").map(([path]) => path);
    expect(reads.length).toBeGreaterThan(30);
    const answered: string[] = [];
    for (const path of reads) {
      const ask = path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], ann) as (i: unknown) => Promise<unknown>;
      const answer = await ask(input).catch(() => undefined); // refused, or asked for something else
      if (answer !== undefined) answered.push(path);
      expect([path, text(answer).includes(own)]).toEqual([path, false]);
    }
    expect(answered).toEqual(expect.arrayContaining(["queues.item", "queues.history", "attempts.list", "studies.outcomes"]));
    // Whoever judges nothing here does get it: the marks are where they should be.
    const reader = await w.as("Reader");
    expect(text(await reader.attempts.get({ study: w.study.name, attempt }))).toContain(own);
  });

  it("shows all of it once she has decided and the item has its votes, and keeps what was shown", async () => {
    const { item: state } = await ann.queues.decide(send(item, { action: "locate", firstError: 3 }));
    expect(state.state).toBe("complete");
    const now = await ann.queues.item({ item: item.id });
    expect(now.visible).toEqual({ proposal: true, outcomes: true, decisions: true, gold: true });
    expect(secretsIn(now).sort()).toEqual(["grade", "label", "other", "otherNote", "proposal"]);
    expect(text(now.verifications)).toContain("HELD-");
    expect(now.mine?.shown).toMatchObject({ proposal: false, outcomes: false, decisions: false, afterUndo: false, reopened: false });
    expect((await ann.attempts.get({ study: w.study.name, attempt })).id).toBe(attempt);
    const history = await ann.queues.history({ item: item.id });
    expect(history.events.map((e) => (e.kind === "decision" ? [e.decision.person.name, e.decision.action] : []))).toEqual([
      ["Bob", "edit"],
      ["Ann", "locate"],
    ]);
  });

  it("after an undo hides it again, and says with the next decision that it could have been seen", async () => {
    await ann.queues.undo({ queue, clientKey: crypto.randomUUID() });
    const again = await ann.queues.item({ item: item.id });
    expect(again.visible).toEqual({ proposal: false, outcomes: false, decisions: false, gold: false });
    expect(secretsIn(again)).toEqual([]);
    expect(again.draft?.body).toMatchObject({ action: "locate", firstError: 3 });
    await ann.queues.decide(send(item, { action: "locate", firstError: 2 }));
    const now = await ann.queues.item({ item: item.id });
    expect(now.mine?.shown).toMatchObject({ proposal: false, afterUndo: true, reopened: true });
    // Such a vote is no measure of agreement in a blind queue, and is counted apart.
    expect(await ann.queues.agreement({ queue })).toMatchObject({ notBlind: 1, all: { pairable: 0 } });
  });

  it("an open queue shows what it does not hide, but never which items are gold", async () => {
    const owner = await w.as("Owner");
    const { id } = await owner.queues.create({
      study: w.study.name,
      name: "open",
      subject: "proposal",
      judges: 3,
      blind: false,
      hideProposal: false,
      hideOutcomes: false,
      gold: { share: 0.5 },
    });
    const cat = await w.as("Cat");
    const first = must((await owner.queues.next({ queue: id })).item);
    await owner.queues.decide(send(first, { action: "no_error" }));
    const open = await cat.queues.item({ item: first.id });
    expect(open.visible).toEqual({ proposal: true, outcomes: true, decisions: true, gold: false });
    expect(open.others).toMatchObject([{ action: "no_error", person: { name: "Owner" } }]);
    expect(open.outcomes?.strips.length).toBeGreaterThan(0);
    expect(open.gold).toBeNull();
  });
});
