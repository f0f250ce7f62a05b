import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LABELS } from "@/server/core/judging/labels";
import { type JudgingWorld, judgingWorld, must, send } from "./support";

let w: JudgingWorld;
beforeAll(async () => {
  w = await judgingWorld("judging trust");
});
afterAll(() => w?.close());

const make = async (name: string, more: Record<string, unknown> = {}) => {
  const owner = await w.as("Owner");
  return (await owner.queues.create({ study: w.study.name, name, subject: "proposal", source: { sample: { size: 4, seed: 3 } }, ...more })).id;
};

describe("reservations", () => {
  it("are shown to others, last as long as the page gives signs of life, and are free again after silence", async () => {
    const queue = await make("leases", { judges: 1, leaseSeconds: 60 });
    const [ann, bob] = [await w.as("Ann"), await w.as("Bob")];
    const held = must((await ann.queues.next({ queue })).item);
    // A reload gets the same item again; Bob gets another one, and sees who has this one.
    expect((await ann.queues.next({ queue })).item?.id).toBe(held.id);
    expect((await bob.queues.next({ queue })).item?.id).not.toBe(held.id);
    expect((await bob.queues.item({ item: held.id })).holders.map((h) => h.name)).toEqual(["Ann"]);
    const held_by = (await bob.queues.progress({ queue })).judges.find((j) => j.person.name === "Ann")?.holds;
    expect(held_by).toMatchObject([{ number: held.number }]);

    await w.passSeconds(50);
    expect((await ann.queues.heartbeat({ items: [held.id] })).held).toMatchObject([{ item: held.id }]);
    await w.passSeconds(50);
    expect((await bob.queues.item({ item: held.id })).holders).toHaveLength(1);
    await w.passSeconds(20);
    expect((await bob.queues.item({ item: held.id })).holders).toEqual([]);
    const his = must((await bob.queues.hold({ item: held.id })), "item");
    expect(his.id).toBe(held.id);

    // Ann comes back: what she sends is refused with what changed, and her draft is kept.
    await ann.queues.saveDraft({ item: held.id, body: { note: "half a thought" }, version: 0 });
    const beat = await ann.queues.heartbeat({ items: [held.id] });
    expect(beat).toMatchObject({ held: [], lost: [{ item: held.id, why: "Your reservation had run out, and Bob has the item now." }] });
    await expect(ann.queues.decide(send(held))).rejects.toMatchObject({
      code: "CONFLICT",
      message: "Your reservation had run out, and Bob has the item now. Nothing was kept; your draft is.",
    });
    await bob.queues.decide(send(held));
    await expect(ann.queues.decide(send(held))).rejects.toMatchObject({
      message: expect.stringContaining("others have given all the votes"),
    });
    expect((await ann.queues.item({ item: held.id })).draft?.body).toEqual({ note: "half a thought" });
  });

  it("that ran out without anybody taking the place cost nothing", async () => {
    const queue = await make("lapsed", { judges: 1, leaseSeconds: 60 });
    const ann = await w.as("Ann");
    const held = must((await ann.queues.next({ queue })).item);
    await w.passSeconds(3600);
    expect((await ann.queues.decide(send(held, { seconds: 2000 }))).item.state).toBe("complete");
  });

  it("are given back by hand, ask ahead, and end when nothing is left or the queue is closed", async () => {
    const queue = await make("ahead", { judges: 1 });
    const [ann, bob] = [await w.as("Ann"), await w.as("Bob")];
    const first = must((await ann.queues.next({ queue })).item);
    const second = must((await ann.queues.next({ queue, not: [first.id] })).item);
    expect(second.id).not.toBe(first.id);
    const answer = await ann.queues.decide(send(first, { next: true, not: [second.id] }));
    expect([first.id, second.id]).not.toContain(answer.next?.item?.id);
    await ann.queues.release({ item: second.id });
    const taken = must((await bob.queues.next({ queue })).item);
    expect(taken.id).toBe(second.id);
    const rest = must((await bob.queues.next({ queue, not: [taken.id] })).item);
    // Four items: one decided, Ann has the one from her answer, Bob the other two.
    expect(await ann.queues.next({ queue, not: [must(answer.next?.item).id] })).toMatchObject({ item: null, why: "taken" });
    await bob.queues.decide(send(taken));
    await bob.queues.decide(send(rest));
    const last = await ann.queues.decide(send(must(answer.next?.item), { next: true }));
    expect(last.next).toEqual({ item: null, why: "done", left: 0 });

    const closed = await make("closed", { judges: 1 });
    const open = must((await ann.queues.next({ queue: closed })).item);
    await bob.queues.close({ queue: closed });
    await expect(ann.queues.decide(send(open))).rejects.toMatchObject({ message: expect.stringContaining("closed meanwhile") });
    expect(await ann.queues.next({ queue: closed })).toEqual({ item: null, why: "closed", left: 0 });
    await bob.queues.close({ queue: closed, closed: false });
    expect((await ann.queues.next({ queue: closed })).item?.id).toBe(open.id);
  });
});

describe("decisions", () => {
  it("sent again with the same key count once and are answered the same; another's key is refused", async () => {
    const queue = await make("again", { judges: 2 });
    const [ann, bob] = [await w.as("Ann"), await w.as("Bob")];
    const item = must((await ann.queues.next({ queue })).item);
    const decision = send(item, { seconds: 0.5 });
    const first = await ann.queues.decide(decision);
    const second = await ann.queues.decide(decision);
    expect(second).toMatchObject({ decisionId: first.decisionId, again: true });
    expect(await ann.queues.mine({ queue })).toHaveLength(1);
    await bob.queues.hold({ item: item.id });
    await expect(bob.queues.decide({ ...decision })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(w.nobody.queues.decide(decision)).rejects.toMatchObject({ code: "UNAUTHORIZED", message: expect.stringContaining("Choose a name") });
  });

  it("are only added to: an undo is a row of its own, gives the item back and its text as the draft", async () => {
    const queue = await make("undo", { judges: 1 });
    const ann = await w.as("Ann");
    const item = must((await ann.queues.next({ queue })).item);
    await ann.queues.decide(send(item, { action: "reject", reason: "leaks", note: "gives 3 away" }));
    const clientKey = randomUUID();
    const back = await ann.queues.undo({ queue, clientKey });
    expect(back.item).toMatchObject({ id: item.id, state: "open", mine: null });
    expect(back.item?.lease).not.toBeNull();
    expect(back.item?.draft?.body).toMatchObject({ action: "reject", reason: "leaks", note: "gives 3 away" });
    expect(await ann.queues.undo({ queue, clientKey })).toMatchObject({ again: true });
    await expect(ann.queues.undo({ queue, clientKey: randomUUID() })).rejects.toMatchObject({ message: expect.stringContaining("nothing to take back") });
    await ann.queues.decide(send(item, { action: "accept" }));
    const { events } = await ann.queues.history({ item: item.id });
    expect(events.map((e) => e.kind === "decision" && [e.decision.action, e.undone, e.decision.counts])).toEqual([
      ["reject", true, false],
      ["undo", false, false],
      ["accept", false, true],
    ]);
    await expect(w.db.pool.query("UPDATE decision SET note = 'x' WHERE item_id = $1", [item.id])).rejects.toThrow(/never changed or removed/);
    await expect(w.db.pool.query("DELETE FROM decision WHERE item_id = $1", [item.id])).rejects.toThrow(/never changed or removed/);
    // A skip can be taken back too, and comes last otherwise.
    const next = must((await ann.queues.next({ queue })).item);
    const after = await ann.queues.decide(send(next, { action: "skip", next: true }));
    expect(after.next?.item?.id).not.toBe(next.id);
    expect((await ann.queues.undo({ queue, clientKey: randomUUID() })).item?.id).toBe(next.id);
  });

  it("skipped items come back when nothing else is left, the oldest skip first", async () => {
    const queue = await make("skips", { judges: 1 });
    const ann = await w.as("Ann");
    const order: string[] = [];
    let next = await ann.queues.next({ queue });
    for (let i = 0; i < 4; i++) {
      const item = must(next.item);
      order.push(item.id);
      next = must((await ann.queues.decide(send(item, { action: "skip", next: true }))).next);
    }
    expect(new Set(order).size).toBe(4);
    expect(next.item?.id).toBe(order[0]);
  });

  it("are checked against the labels and the attempt, in sentences", async () => {
    const queue = await make("checked", { judges: 1 });
    const ann = await w.as("Ann");
    const item = must((await ann.queues.next({ queue })).item);
    const refused = (more: Record<string, unknown>) => ann.queues.decide(send(item, more)).then(String, (e: Error) => e.message);
    expect(await refused({ action: "reject" })).toBe("A rejection needs a reason.");
    expect(await refused({ action: "locate", firstError: 999 })).toMatch(/^The attempt has steps 1 to \d+\.$/);
    expect(await refused({ action: "edit", content: " ", location: 1 })).toBe("The rewritten intervention is empty.");
    expect(await refused({ action: "edit", ...item.proposal })).toMatch(/Nothing was rewritten/);
    expect(await refused({ action: "flag" })).toMatch(/Say in a note/);
    const kept = await ann.queues.decide(send(item, { action: "edit", content: "Better.\r\n", location: 2, errorType: "logic", seconds: 80_000, opened: ["reference"] }));
    expect(kept.item.state).toBe("complete");
    const { mine } = await ann.queues.item({ item: item.id });
    expect(mine).toMatchObject({ content: "Better.", location: 2, firstError: 2, errorType: "logic", sampled: false, shown: { proposal: true, opened: ["reference"] } });
    // The page's clock said 80,000 s; the item was reserved a moment ago.
    expect(mine?.seconds).toBeLessThan(30);
  });
});

describe("drafts", () => {
  it("outlast a reload; of two tabs the one that is behind is told, and changes nothing", async () => {
    const queue = await make("drafts", { judges: 1 });
    const ann = await w.as("Ann");
    const item = must((await ann.queues.next({ queue })).item);
    const first = await ann.queues.saveDraft({ item: item.id, body: { content: "So $x = 3$" }, version: 0 });
    expect(first).toMatchObject({ saved: true, draft: { version: 1 } });
    await ann.queues.saveDraft({ item: item.id, body: { content: "So $x = 3$, and" }, version: 1 });
    const stale = await ann.queues.saveDraft({ item: item.id, body: { content: "other tab" }, version: 1 });
    expect(stale).toMatchObject({ saved: false, draft: { version: 2, body: { content: "So $x = 3$, and" } }, why: expect.stringContaining("Another tab") });
    expect(await ann.queues.saveDraft({ item: item.id, body: { content: "third tab" }, version: 0 })).toMatchObject({ saved: false });
    await w.passSeconds(10_000);
    expect((await ann.queues.next({ queue })).item).toMatchObject({ id: item.id, draft: { version: 2 } });
    await ann.queues.decide(send(item));
    expect(await ann.queues.saveDraft({ item: item.id, body: { content: "late" }, version: 2 })).toMatchObject({ saved: false, draft: { body: null } });
    // Nobody sees another's draft.
    expect((await (await w.as("Bob")).queues.item({ item: item.id })).draft).toBeNull();
  });
});

describe("queues", () => {
  it("freeze their labels with the first decision; instructions can still be edited", async () => {
    const queue = await make("frozen", { judges: 1 });
    const owner = await w.as("Owner");
    const schema = { ...DEFAULT_LABELS, reasons: [{ id: "why", label: "why", key: 1 }] };
    await owner.queues.edit({ queue, schema });
    expect((await owner.queues.get({ queue })).frozen).toBeNull();
    const item = must((await owner.queues.next({ queue })).item);
    await owner.queues.decide(send(item, { action: "reject", reason: "why" }));
    await expect(owner.queues.edit({ queue, schema: DEFAULT_LABELS })).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("frozen: it holds a decision"),
    });
    await owner.queues.edit({ queue, schema, instructions: "Look twice." });
    expect(await owner.queues.get({ queue })).toMatchObject({ instructions: "Look twice.", frozen: expect.stringContaining("frozen") });
  });

  it("are made of any filter, the same one from the same seed, and say what they could not do", async () => {
    const owner = await w.as("Owner");
    const study = w.study.name;
    const preview = (source: Record<string, unknown>, more: Record<string, unknown> = {}) =>
      owner.queues.preview({ study, subject: "attempt", source, ...more });
    const count = async (where: string) =>
      (await w.db.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM attempt a WHERE ${where}`)).rows[0]?.n;
    const some = "v.attempt_id = a.id AND v.outcome IN ('unparsed', 'out_of_range', 'cut_off')";
    expect((await preview({})).items).toBe(await count("true"));
    expect((await preview({ attempts: { reward: "wrong" } })).matches).toBe(await count("reward = 0"));
    expect((await preview({ unparsed: "some" })).items).toBe(await count(`EXISTS (SELECT 1 FROM verification v WHERE ${some})`));
    const disagree = "(SELECT count(DISTINCT coalesce(first_error, 0)) FROM verification v WHERE v.attempt_id = a.id AND (first_error IS NOT NULL OR outcome = 'no_error')) > 1";
    expect((await preview({ disagree: true })).items).toBe(await count(disagree));
    expect((await preview({ valueDrop: 0.5 })).items).toBe(0);
    const { rows } = await w.db.pool.query<{ id: string; run: string }>("SELECT id, run_id AS run FROM attempt ORDER BY id LIMIT 1");
    const one = must(rows[0], "attempt");
    for (const [step, reward] of [[2, 1], [3, 0]]) {
      const { rows: made } = await w.db.pool.query<{ id: string }>(
        `INSERT INTO branch (id, study_id, run_id, attempt_id, purpose, kind, step, samples, seed, sampling)
         VALUES (gen_random_uuid(), $1, $2, $3, 'value', 'continue', $4, 1, 1, '{}') RETURNING id`,
        [w.study.studyId, one.run, one.id, step],
      );
      await w.db.pool.query(
        `INSERT INTO branch_sample (id, branch_id, sample_index, seed, text, finish_reason, tokens, outcome, reward, reason, grader_version)
         VALUES (gen_random_uuid(), $1, 0, 1, '', 'stop', 1, 'success', $2, '', 'x')`,
        [made[0]?.id, reward],
      );
    }
    expect((await preview({ valueDrop: 0.5 })).items).toBe(1);
    const sampled = await preview({ sample: { size: 1000, seed: 1 } });
    expect(sampled.notes).toEqual([expect.stringContaining("fewer than the 1000 asked for")]);

    const items = async (name: string, seed: number) => {
      const { id } = await owner.queues.create({ study, name, subject: "attempt", source: { sample: { size: 9, seed }, seed }, gold: { share: 0.25 } });
      const made = await w.db.pool.query<{ a: string; g: unknown }>("SELECT attempt_id AS a, gold AS g FROM queue_item WHERE queue_id = $1 ORDER BY ordinal", [id]);
      return made.rows;
    };
    const a = await items("seed 7", 7);
    expect(await items("seed 7 again", 7)).toEqual(a);
    expect((await items("seed 8", 8)).map((r) => r.a)).not.toEqual(a.map((r) => r.a));
    // A quarter of the whole; those that the sample has anyway serve where there are too few beside it.
    expect(a.filter((r) => r.g !== null)).toHaveLength(3);
    expect(new Set(a.map((r) => r.a)).size).toBe(a.length);
    expect(a.length).toBeGreaterThanOrEqual(9);
    const none = await preview({}, { gold: { share: 0.5, source: "nobody" } });
    expect(none.notes).toEqual([expect.stringContaining("No labelled attempts")]);
    await expect(owner.queues.create({ study, name: "seed 7", subject: "attempt" })).rejects.toMatchObject({ message: expect.stringContaining("already") });
    await expect(owner.queues.create({ study, name: "empty", subject: "attempt", source: { valueDrop: 1 , attempts: { reward: "ungraded" } } })).rejects.toMatchObject({ message: expect.stringContaining("would be empty") });
  });
});
