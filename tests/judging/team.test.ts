import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GRADER_VERSION } from "@/server/core/grading/grade";
import { exportDecisions } from "@/server/usecases/judging/export";
import { seedStudy } from "../support/seed-study";
import { type JudgingWorld, judgingWorld, must, send } from "./support";

let w: JudgingWorld;
beforeAll(async () => {
  w = await judgingWorld("judging team", { problems: 9 });
});
afterAll(() => w?.close());

const one = async <T extends Record<string, unknown>>(sql: string, values: unknown[] = []) =>
  must((await w.db.pool.query<T>(sql, values)).rows[0], "row");

/** Everybody decides every item of a queue; `says` is given the item's number and the judge. */
async function judgeAll(queue: string, names: string[], says: (item: number, judge: number) => Record<string, unknown>) {
  const ids: string[] = [];
  for (const [j, name] of names.entries()) {
    const judge = await w.as(name);
    for (let next = await judge.queues.next({ queue }); next.item; next = await judge.queues.next({ queue })) {
      if (j === 0) ids[next.item.number - 1] = next.item.id;
      await judge.queues.decide(send(next.item, { clientKey: randomUUID(), ...says(next.item.number, j) }));
    }
  }
  return ids;
}

describe("agreement and adjudication", () => {
  let queue: string;
  let ids: string[];

  it("measures agreement of people, by pair, with the model and on gold", async () => {
    const owner = await w.as("Owner");
    ({ id: queue } = await owner.queues.create({
      study: w.study.name,
      name: "three judges",
      subject: "proposal",
      judges: 3,
      source: { sample: { size: 8, seed: 5 } },
    }));
    // All three agree on the odd items; on the even ones the third stands apart.
    ids = await judgeAll(queue, ["Ann", "Bob", "Cat"], (item, judge) =>
      item % 2 === 0 && judge === 2 ? { action: "no_error" } : item === 1 ? { action: "cannot_tell" } : { action: "accept" },
    );
    const a = await owner.queues.agreement({ queue });
    expect(a.all).toMatchObject({ raters: 3, items: 8, pairable: 7, judgements: 24, cannotTell: 3 });
    // Of 7 items × 3 pairs, two pairs of each of the 4 even ones differ.
    expect(a.all.exact?.value).toBeCloseTo(13 / 21, 9);
    expect(a.pairs.map((p) => [p.a, p.b, p.items, p.exact?.value])).toEqual([
      ["Ann", "Bob", 7, 1],
      ["Ann", "Cat", 7, 3 / 7],
      ["Bob", "Cat", 7, 3 / 7],
    ]);
    expect(a.pairs[1]?.confusion.total).toBe(8);
    // Whoever accepts says what the model says.
    expect(a.model.map((p) => [p.a, p.items, p.exact?.value])).toEqual([
      ["Ann", 7, 1],
      ["Bob", 7, 1],
      ["Cat", 7, 3 / 7],
    ]);
    expect(a.gold).toEqual([]);
    const progress = await owner.queues.progress({ queue });
    expect(progress).toMatchObject({ items: 8, complete: 8, differing: 4, votes: 24 });
    expect(progress.judges.map((j) => [j.person.name, j.votes, j.left])).toEqual([["Ann", 8, 0], ["Bob", 8, 0], ["Cat", 8, 0]]);
  });

  it("puts differing items side by side, settles them with one vote, and keeps the settled label apart", async () => {
    const [dan, eve] = [await w.as("Dan"), await w.as("Eve")];
    const page = await dan.queues.differences({ queue });
    expect(page).toMatchObject({ open: 4, settled: 0, next: null });
    expect(page.rows.map((r) => r.item.number)).toEqual([2, 4, 6, 8]);
    const first = must(page.rows[0], "difference");
    expect(first.votes.map((v) => [v.person.name, v.action])).toEqual([["Ann", "accept"], ["Bob", "accept"], ["Cat", "no_error"]]);
    const vote = must(first.votes[0], "vote");
    const done = await dan.queues.settle({ by: "vote", item: first.item.id, decision: vote.id, replaces: null });
    expect(done).toMatchObject({ open: 3, next: { item: { number: 4 } } });
    // Eve's page shows it unsettled: hers is refused, with who was first.
    await expect(
      eve.queues.settle({ by: "own", item: first.item.id, action: "no_error", replaces: null }),
    ).rejects.toMatchObject({ code: "CONFLICT", message: expect.stringContaining("Dan has settled this item meanwhile (accept)") });
    await eve.queues.settle({ by: "own", item: first.item.id, action: "no_error", note: "looked twice", replaces: done.id });
    const after = await dan.queues.difference({ item: first.item.id });
    expect(after.settlement).toMatchObject({ action: "no_error", person: { name: "Eve" } });
    expect(after.votes).toHaveLength(3);
    const history = await dan.queues.history({ item: first.item.id });
    expect(history.events.filter((e) => e.kind === "settlement").map((e) => e.kind === "settlement" && e.replaced)).toEqual([true, false]);
    const ann = await w.as("Ann");
    await expect(ann.queues.undo({ queue, decision: vote.id, clientKey: randomUUID() })).rejects.toMatchObject({
      message: expect.stringContaining("settled meanwhile"),
    });
    const localisation = must((await dan.queues.agreement({ queue })).localisation, "localisation");
    // Items 3, 5, 7 agreed with the model; item 2 was settled as without an error.
    expect(localisation.model).toMatchObject({ traces: 4, withError: { n: 3, accuracy: { value: 1 } }, withoutError: { n: 1, accuracy: { value: 0 } }, f1: { value: 0 } });
    expect(localisation.baseline.traces).toBe(4);
  });

  it("gives the decisions as CSV and JSONL, streamed, with what was settled", async () => {
    const read = async (format: "csv" | "jsonl") => {
      const file = await exportDecisions(w.deps, { queue, format, personId: null });
      let text = "";
      for await (const piece of file.pieces) text += piece;
      return { name: file.name, text };
    };
    const jsonl = await read("jsonl");
    expect(jsonl.name).toBe("to-judge-three-judges-decisions.jsonl");
    const rows = jsonl.text.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows).toHaveLength(24);
    expect(rows.filter((r) => r.itemId === ids[1])).toMatchObject([
      { person: "Ann", action: "accept", counts: true, settled: { action: "no_error", person: "Eve" } },
      { person: "Bob" },
      { person: "Cat", action: "no_error", firstError: null },
    ]);
    const csv = (await read("csv")).text.split("\r\n");
    expect(csv[0]).toMatch(/^queue,item,item_id,problem,/);
    expect(csv).toHaveLength(26);
  });
});

describe("gold", () => {
  it("measures each judge on items whose answer is known, once nobody can be asked any more", async () => {
    const { id: attempt } = await one<{ id: string }>("SELECT attempt_id AS id FROM proposal WHERE chosen ORDER BY id LIMIT 1");
    await w.db.pool.query("DELETE FROM label");
    await w.db.pool.query("INSERT INTO label (id, attempt_id, source, first_error) VALUES (gen_random_uuid(), $1, 'people', 2)", [attempt]);
    const owner = await w.as("Owner");
    const { id: queue } = await owner.queues.create({
      study: w.study.name,
      name: "with gold",
      subject: "attempt",
      judges: 2,
      source: { sample: { size: 3, seed: 2 } },
      gold: { share: 0.25 },
    });
    // The one whose answer is known may be among the three that are drawn, or beside them.
    const items = await judgeAll(queue, ["Ann"], () => ({ action: "locate", firstError: 2 }));
    expect([3, 4]).toContain(items.length);
    expect((await owner.queues.agreement({ queue })).gold).toEqual([]);
    await judgeAll(queue, ["Bob"], () => ({ action: "locate", firstError: 3 }));
    const a = await owner.queues.agreement({ queue });
    expect(a.goldItems).toBe(1);
    expect(a.gold.map((g) => [g.rater, g.judged, g.exact?.value, g.withinOne?.value])).toEqual([
      ["Ann", 1, 1, 1],
      ["Bob", 1, 0, 1],
    ]);
    // A gold item is a measure of judges, nothing to be settled.
    expect((await owner.queues.differences({ queue })).rows).toHaveLength(items.length - 1);
  });
});

describe("what people change", () => {
  it("is sampled like any other version, in a pipeline of its own, and an undo takes it back", async () => {
    const owner = await w.as("Owner");
    const ann = await w.as("Ann");
    const study = "to change";
    const { pipelineId: pipeline } = await seedStudy(w.db.pool, { name: study, problems: 9, samples: 3 });
    const { id: queue } = await owner.queues.create({
      study,
      name: "one judge",
      subject: "proposal",
      judges: 1,
      source: { attempts: { proposal: "dropped" }, order: "table" },
    });
    const conditioning = await owner.studies.outcomes({ pipeline });
    const items = "SELECT i.arm, i.units FROM work_item i JOIN run r ON r.id = i.run_id JOIN pipeline p ON p.id = r.pipeline_id WHERE p.recipe = 'judged' ORDER BY i.arm";
    const first = must((await ann.queues.next({ queue })).item);
    const edit = { action: "edit", content: "We count the pairs again: there are $12$.", location: must(first.proposal, "proposal").location };
    await ann.queues.decide(send(first, edit));
    const version = await one<{ id: string; author: string; chosen: boolean }>("SELECT id, author, chosen FROM proposal WHERE decision_id IS NOT NULL");
    expect(version).toMatchObject({ author: "person", chosen: false });
    // At the model's own place the other arms were sampled already.
    expect((await w.db.pool.query(items)).rows).toEqual([{ arm: "intervention", units: 8 }]);
    expect((await w.db.pool.query("SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'stage.continue'")).rows[0]).toEqual({ n: 1 });

    await ann.queues.undo({ queue, clientKey: randomUUID() });
    expect((await w.db.pool.query("SELECT 1 FROM proposal WHERE author = 'person'")).rowCount).toBe(0);
    expect((await w.db.pool.query(items)).rows).toEqual([]);
    await ann.queues.decide(send(first, { ...edit, location: 1 }));
    expect((await w.db.pool.query<{ arm: string }>(items)).rows.map((r) => r.arm)).toEqual(["intervention", "original", "prefix"]);
    const runs = await w.db.pool.query("SELECT r.stage, r.total, r.state FROM run r JOIN pipeline p ON p.id = r.pipeline_id AND p.recipe = 'judged' ORDER BY r.ordinal");
    expect(runs.rows).toMatchObject([{ stage: "continue", total: 24 }, { stage: "keep" }]);

    // Its samples come: one of eight is right.
    const { run, problem } = await one<{ run: string; problem: string }>(
      "SELECT p.run_id AS run, a.problem_id AS problem FROM proposal p JOIN attempt a ON a.id = p.attempt_id WHERE p.author = 'person'",
    );
    const pending = await owner.queues.effect({ study, pipeline });
    expect(pending).toMatchObject({ judged: 1, rewritten: 1, sampled: 0, pending: 1, before: null });
    for (let i = 0; i < 8; i++)
      await w.db.pool.query(
        `INSERT INTO continuation (id, run_id, problem_id, attempt_id, proposal_id, arm, target_id, sample_index, seed, text, finish_reason, tokens, outcome, reward)
         SELECT gen_random_uuid(), $1, $2, attempt_id, id, 'intervention', id, $3, 0, $4, 'stop', 1, $5, $6 FROM proposal WHERE author = 'person'`,
        [run, problem, i, GRADER_VERSION, i === 0 ? "success" : "failure", i === 0 ? 1 : 0],
      );
    // Another judge rejects one without a better version.
    const second = must((await ann.queues.next({ queue })).item);
    await ann.queues.decide(send(second, { action: "reject", reason: "unclear" }));
    const effect = await owner.queues.effect({ study, pipeline });
    expect(effect).toMatchObject({ judged: 2, rewritten: 1, rejected: 1, sampled: 1, pending: 0, unsampled: { count: 0 } });
    const [before, after] = [must(effect.before, "before"), must(effect.after, "after")];
    expect(after.problems).toBe(before.problems);
    const arm = must(conditioning.arms.find((a) => a.arm === "intervention"), "arm");
    expect(before).toMatchObject({ covered: arm.covered, samples: arm.samples, correct: arm.correct });
    expect(after.samples).toBe(before.samples - 3 - 3 + 8);
    const d = must(effect.coverageDifference, "difference");
    expect(d.value).toBeCloseTo((after.covered - before.covered) / before.problems, 9);
    expect(d.low).toBeLessThanOrEqual(d.value);
    expect(effect.problems.reduce((n, p) => n + p.changed, 0)).toBe(2);
    // The model's own table is what it was.
    expect(await owner.studies.outcomes({ pipeline })).toEqual(conditioning);
  });
});
