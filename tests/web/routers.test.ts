import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createContextInner } from "@/server/api/context";
import { createCaller } from "@/server/api/root";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type Seeded, seedStudy } from "../support/seed-study";

let db: TestDatabase;
let deps: Deps;
let done: Seeded;
let running: Seeded;
let call: ReturnType<typeof createCaller>;

beforeAll(async () => {
  db = await createTestDatabase("routers");
  deps = createDeps({ databaseUrl: db.url, name: "test routers" });
  done = await seedStudy(db.pool, { name: "done one", problems: 12 });
  running = await seedStudy(db.pool, { name: "running one", problems: 10, state: "running" });
  call = createCaller(createContextInner(deps));
});
afterAll(async () => {
  await deps?.close();
  await db?.close();
});

describe("studies", () => {
  it("lists them newest first, with one word for each run", async () => {
    const list = await call.studies.list();
    expect(list.map((s) => [s.name, s.pipelines[0]?.state])).toEqual([
      ["running one", "running"],
      ["done one", "done"],
    ]);
    expect(list[1]).toMatchObject({ problems: 12, attempts: 48 });
  });

  it("shows the stages of a live run: rates, time left, provisional totals, failures by message", async () => {
    const study = await call.studies.get({ study: "running one" });
    const stages = study.pipeline?.stages ?? [];
    expect(stages.map((s) => s.stage)).toEqual(["rollout", "grade", "verify", "continue", "keep"]);
    expect(stages.map((s) => s.provisional)).toEqual([false, false, true, true, true]);
    const verify = stages[2];
    expect(verify?.rate).toBeGreaterThan(0);
    expect(verify?.secondsLeft).toBeGreaterThan(0);
    expect(stages[3]?.failed).toBe(32);
    const arms = stages[3]?.arms ?? [];
    expect(arms.map((a) => a.arm)).toEqual(["problem", "prefix", "original", "intervention"]);
    expect(arms.every((a) => a.done <= a.total)).toBe(true);
    expect((await call.studies.get({ study: "done one" })).pipeline?.stages[4]?.kept).toBeGreaterThan(0);
    expect(study.workers).toMatchObject([{ host: "laptop", inFlight: 16 }]);
    const failures = await call.studies.failures({ pipeline: running.pipelineId });
    expect(failures).toHaveLength(4);
    expect(failures[0]?.error).toMatch(/prompt has 17,020 tokens/);
  });

  it("has the conditioning table with intervals around each value, and counts that add up", async () => {
    const { arms, proposals: p } = await call.studies.outcomes({ pipeline: done.pipelineId });
    expect(arms.map((a) => a.arm)).toEqual(["problem", "prefix", "original", "intervention"]);
    for (const arm of arms) {
      expect(arm.covered).toBeLessThanOrEqual(arm.problems);
      for (const e of [arm.coverage, arm.accuracy]) {
        expect(e).not.toBeNull();
        expect(e?.low).toBeLessThanOrEqual(e?.value ?? -1);
        expect(e?.high).toBeGreaterThanOrEqual(e?.value ?? 2);
      }
    }
    const rate = (name: string) => arms.find((a) => a.arm === name)?.accuracy?.value ?? 0;
    expect(rate("intervention")).toBeGreaterThan(3 * rate("original"));
    expect(p.proposed + p.located + p.noError + p.unparsed + p.outOfRange + p.cutOff).toBe(p.verifications);
    expect(p.kept).toBeLessThanOrEqual(p.judged);
    expect(p.leakedBoth).toBeLessThanOrEqual(Math.min(p.leakedEquivalent, p.leakedSubstring));
  });

  it("answers what is not there with a sentence", async () => {
    await expect(call.studies.get({ study: "none" })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "There is no study called “none”.",
    });
    await expect(call.studies.get({ study: "done one", pipeline: "x" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });
});

describe("commands", () => {
  it("pause stops taking work, and a second pause says why not", async () => {
    const paused = await seedStudy(db.pool, { name: "to pause", problems: 2, state: "running" });
    const target = { pipelineId: paused.pipelineId };
    await call.runs.pause(target);
    expect((await call.studies.get({ study: "to pause" })).pipeline?.state).toBe("paused");
    await expect(call.runs.pause(target)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringMatching(/cannot be paused/),
    });
    await call.runs.cancel(target);
    expect((await call.studies.get({ study: "to pause" })).pipeline?.state).toBe("cancelled");
  });
});

describe("the attempts table", () => {
  const all = async (query: Parameters<typeof call.attempts.list>[0]["query"]) => {
    const rows = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof call.attempts.list>> = await call.attempts.list({
        study: "done one",
        query,
        cursor,
      });
      rows.push(...page.rows);
      cursor = page.next;
    } while (cursor !== null);
    return rows;
  };

  it.each(["problem", "reward", "steps", "tokens", "error"] as const)(
    "pages by %s both ways without a gap or a double",
    async (sort) => {
      await db.pool.query("SELECT 1");
      const up = await all({ sort, dir: "asc" });
      const down = await all({ sort, dir: "desc" });
      expect(new Set(up.map((r) => r.id)).size).toBe(48);
      expect(down.map((r) => r.id)).toEqual(up.map((r) => r.id).reverse());
    },
  );

  it("goes over the edge of a page", async () => {
    await seedStudy(db.pool, { name: "big", problems: 20, samples: 1 });
    const first = await call.attempts.list({ study: "big", query: { sort: "tokens", dir: "desc" } });
    expect(first.rows).toHaveLength(50);
    const second = await call.attempts.list({
      study: "big",
      query: { sort: "tokens", dir: "desc" },
      cursor: first.next,
    });
    expect(second.rows).toHaveLength(30);
    expect(second.next).toBeNull();
    expect(new Set([...first.rows, ...second.rows].map((r) => r.id)).size).toBe(80);
    expect(second.rows[0]?.tokens).toBeLessThanOrEqual(first.rows.at(-1)?.tokens ?? 0);
    expect(await call.attempts.count({ study: "big", query: {} })).toEqual({ count: 80, more: false });
  });

  it("filters, and ignores a cursor of another sort", async () => {
    const kept = await all({ proposal: "kept" });
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every((r) => r.proposal?.kept === true && r.reward === 0)).toBe(true);
    const right = await all({ reward: "right" });
    expect(right.every((r) => r.reward === 1)).toBe(true);
    const page = await call.attempts.list({ study: "done one", query: { sort: "reward" }, cursor: "WzEsMiwzLDRd" });
    expect(page.rows).toHaveLength(48);
  });

  it("carries per row what the cells show; what was not sampled is null, not zero", async () => {
    const rows = await all({});
    const one = rows.find((r) => r.id === done.attemptId);
    expect(one).toMatchObject({ verifications: 4, proposal: { kept: true }, arms: { intervention: { samples: 8 } } });
    expect(one?.firstError).toBe(one?.proposal?.location);
    expect(one?.agreeing).toBeGreaterThan(0);
    const right = rows.find((r) => r.reward === 1);
    expect(right?.arms).toEqual({ prefix: null, original: null, intervention: null });
    const labelled = rows.filter((r) => r.label !== null);
    expect(labelled.map((r) => r.label)).toEqual([4, "none", "none", "none"]);
  });

  it("knows the attempts before and after one, under the same filters", async () => {
    const rows = await all({ proposal: "kept", sort: "tokens", dir: "desc" });
    const at = 2;
    const neighbours = await call.attempts.neighbours({
      study: "done one",
      query: { proposal: "kept", sort: "tokens", dir: "desc" },
      attempt: rows[at]?.id ?? "",
    });
    expect(neighbours).toEqual({ previous: rows[at - 1]?.id, next: rows[at + 1]?.id });
    const first = await call.attempts.neighbours({
      study: "done one",
      query: { proposal: "kept", sort: "tokens", dir: "desc" },
      attempt: rows[0]?.id ?? "",
    });
    expect(first.previous).toBeNull();
  });
});

describe("one attempt", () => {
  it("brings steps, grade, verifications, proposals and strips, and texts only when they are opened", async () => {
    const a = await call.attempts.get({ study: "done one", attempt: done.attemptId });
    expect(a.steps.length).toBeGreaterThan(3);
    expect(a.grade).toMatchObject({ graderVersion: "exact@1" });
    expect(a.verifications).toHaveLength(4);
    expect(a.proposals[0]).toMatchObject({ chosen: true, kept: true });
    expect(a.strips.map((s) => [s.arm, s.marks.length])).toEqual([
      ["problem", 8],
      ["prefix", 8],
      ["original", 8],
      ["intervention", 8],
    ]);
    expect(JSON.stringify(a.strips)).not.toContain("text");
    const mark = a.strips[3]?.marks[0];
    const c = await call.attempts.continuation({ study: "done one", continuation: mark?.id ?? "" });
    expect(c.steps.length).toBeGreaterThan(0);
    expect(c.grade?.graderVersion).toBe("exact@1");
    const text = await call.attempts.verificationText({
      study: "done one",
      verification: a.verifications[0]?.id ?? "",
    });
    expect(text).toContain("Substep 1");
  });

  it("does not show one study's rows under another's name", async () => {
    const get = call.attempts.get({ study: "running one", attempt: done.attemptId });
    await expect(get).rejects.toMatchObject({ code: "NOT_FOUND" });
    const a = await call.attempts.get({ study: "done one", attempt: done.attemptId });
    const other = call.attempts.continuation({ study: "running one", continuation: a.strips[0]?.marks[0]?.id ?? "" });
    await expect(other).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("reads the problems with their attempts counted", async () => {
    const { rows, next } = await call.lists.page({ study: "done one", list: "problems", search: "" });
    expect(rows).toHaveLength(12);
    expect(next).toBeNull();
    expect(rows[0]?.cells).toMatchObject({ problem: { ordinal: 0 }, attempts: 4, right: { right: 1, of: 4 }, passRate: 0.25 });
  });
});

it("says that the database is away in a sentence, under a code of its own", async () => {
  const away = createDeps({ databaseUrl: "postgresql://nobody@127.0.0.1:9/none", name: "test away" });
  const asked = createCaller(createContextInner(away)).studies.list();
  await expect(asked).rejects.toMatchObject({
    code: "SERVICE_UNAVAILABLE",
    message: expect.stringMatching(/database does not answer/),
  });
  await away.close();
});
