import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attemptQueryOf } from "@/app/search-params";
import { type LocatedFilter, locatedFilterOf, locatedText } from "@/server/core/views/localisation";
import { locatedWords } from "@/components/localisation/words";
import { createContextInner } from "@/server/api/context";
import { createCaller } from "@/server/api/root";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type LabelledSeed, seedLabelled } from "./support/study";

const PEOPLE = "people (a file. of theirs)";
/** Ten attempts: six with an error, four without; what two models said in up to three samples. */
const ATTEMPTS: LabelledSeed[] = [
  { steps: 4, labels: { [PEOPLE]: 2, generator: 2 }, said: { good: [2, 2, 3], poor: [1] } },
  { steps: 4, labels: { [PEOPLE]: 3 }, said: { good: [4, 3, 3], poor: [4] } },
  { steps: 5, labels: { [PEOPLE]: 1 }, said: { good: [2, 2, "none"], poor: [5] } },
  { steps: 5, labels: { [PEOPLE]: 5 }, said: { good: [5, "unparsed", "unparsed"], poor: ["unparsed"] } },
  { steps: 6, labels: { [PEOPLE]: 4 }, said: { good: [6, 4], poor: ["none"] } },
  { steps: 30, labels: { [PEOPLE]: 29 }, said: { good: [30, 29, 29] } },
  { steps: 4, labels: { [PEOPLE]: null, generator: null }, said: { good: ["none", "none", 2], poor: [2] } },
  { steps: 4, labels: { [PEOPLE]: null }, said: { good: ["none"], poor: ["none"] } },
  { steps: 4, labels: { [PEOPLE]: null }, said: { good: [1, "none"], poor: [3] } },
  { steps: 4, labels: { [PEOPLE]: null }, said: {} },
];

let db: TestDatabase;
let deps: Deps;
let call: ReturnType<typeof createCaller>;
let runs: Record<string, string>;

beforeAll(async () => {
  db = await createTestDatabase("localisation");
  deps = createDeps({ databaseUrl: db.url, name: "test localisation" });
  call = createCaller(createContextInner(deps));
  runs = (await seedLabelled(db.pool, "labelled", ATTEMPTS)).runs;
});
afterAll(async () => {
  await deps?.close();
  await db?.close();
});

const get = (query: object = {}) => call.localisation.get({ study: "labelled", query: query as { by: "majority" } });
const counted = async (f: LocatedFilter) =>
  (await call.attempts.count({ study: "labelled", query: attemptQueryOf({ located: locatedText(f) }) })).count;

describe("localisation against labels", () => {
  test("by the majority of samples: F1, both accuracies, shares, by source and run", async () => {
    const view = await get();
    expect(view.sources.map((s) => [s.source, s.labelled, s.withError])).toEqual([["generator", 2, 1], [PEOPLE, 10, 6]]);
    const [good, poor] = view.sources[1]?.locators ?? [];
    expect([good?.model, good?.template]).toEqual(["good", "processbench/critique@1"]);
    // Exact: 2, 3, 5, 4 (of a tie with 6 the earlier), 29; near: the third. Without an error: the tie 1 / none goes to the step.
    expect(good?.relations).toEqual({ agrees: 7, near: 1, differs: 1, unparsed: 0 });
    expect(good?.score.withError).toMatchObject({ n: 6 });
    expect(good?.score.withError.accuracy?.value).toBeCloseTo(5 / 6, 12);
    expect(good?.score.withoutError.accuracy?.value).toBeCloseTo(2 / 3, 12);
    expect(good?.score.f1?.value).toBeCloseTo((2 * (5 / 6) * (2 / 3)) / (5 / 6 + 2 / 3), 12);
    expect(good?.score.exact?.value).toBeCloseTo(7 / 9, 12);
    expect(good?.score.withinOne?.value).toBeCloseTo(8 / 9, 12);
    // What cannot be read is wrong: 8 traces, one right.
    expect(poor?.relations).toEqual({ agrees: 1, near: 2, differs: 4, unparsed: 1 });
    expect(poor?.score.exact?.value).toBeCloseTo(1 / 8, 12);
    expect(poor?.score.f1?.value).toBe(0);
    // Each line has the baselines of its own traces beside it.
    expect(good?.baselines.map((b) => [b.kind, b.score.traces])).toEqual([["constant", 9], ["length", 9], ["drawn", 9]]);
    expect(view.detail).toMatchObject({ source: "generator", runId: runs.good });
  });

  test("by the first sample, and by the chosen proposal (none was made: only “no error” is an answer)", async () => {
    const first = (await get({ by: "first" })).sources[1]?.locators.find((l) => l.model === "good");
    expect(first?.relations).toEqual({ agrees: 4, near: 3, differs: 2, unparsed: 0 });
    const chosen = (await get({ by: "chosen" })).sources[1]?.locators.find((l) => l.model === "good");
    expect(chosen?.relations).toEqual({ agrees: 2, near: 0, differs: 0, unparsed: 7 });
  });

  test("every number leads to its rows", async () => {
    for (const by of ["majority", "first", "chosen"] as const) {
      const view = await get({ by, source: PEOPLE, run: runs.poor });
      for (const { source, locators } of view.sources) {
        for (const l of locators) {
          const at = (label: LocatedFilter["label"], said: LocatedFilter["said"]) => counted({ runId: l.runId, by, source, label, said });
          for (const relation of ["agrees", "near", "differs", "unparsed"] as const)
            expect(await at("any", relation)).toBe(l.relations[relation]);
          expect(await at("any", "any")).toBe(l.score.traces);
          expect(await at("any", "within")).toBe(l.relations.agrees + l.relations.near);
          expect(await at("error", "any")).toBe(l.score.withError.n);
          expect(await at("none", "any")).toBe(l.score.withoutError.n);
          const hits = (n: number, share: number | undefined) => Math.round(n * (share ?? 0));
          expect(await at("error", "agrees")).toBe(hits(l.score.withError.n, l.score.withError.accuracy?.value));
          expect(await at("none", "agrees")).toBe(hits(l.score.withoutError.n, l.score.withoutError.accuracy?.value));
        }
      }
      const { confusion, source, runId } = view.detail ?? {};
      expect([source, runId]).toEqual([PEOPLE, runs.poor]);
      for (const cell of confusion?.cells.flat() ?? []) {
        if (cell.row === "cannot_tell" || cell.row === "unparsed" || cell.column === "cannot_tell") continue;
        expect(await counted({ runId: runs.poor ?? "", by, source: PEOPLE, label: cell.row, said: cell.column })).toBe(cell.n);
      }
    }
    const long = await counted({ runId: runs.good ?? "", by: "majority", source: PEOPLE, label: "25+", said: "25+" });
    expect(long).toBe(1);
  });

  test("a filter is one word of an address; nonsense is dropped", () => {
    const f: LocatedFilter = { runId: runs.good ?? "", by: "first", source: PEOPLE, label: "25+", said: 3 };
    expect(locatedFilterOf(locatedText(f))).toEqual(f);
    expect(locatedWords(locatedText(f))).toBe(`labelled by ${PEOPLE} as going wrong at step 25 or later, where the model names step 3 (the model’s first sample)`);
    for (const bad of ["", "x.majority.any.any.s", `${runs.good}.most.any.any.s`, `${runs.good}.majority.any.0.s`, `${runs.good}.majority.any.any.`])
      expect(locatedFilterOf(bad)).toBeNull();
    expect(attemptQueryOf({ located: "nonsense" }).located).toBeUndefined();
  });

  test("people's labels stand before the generator's in the attempts table", async () => {
    const { rows } = await call.attempts.list({ study: "labelled", query: attemptQueryOf({}) });
    expect(rows.slice(0, 2).map((r) => [r.label, r.labelBy])).toEqual([[2, "people"], [3, "people"]]);
  });

  test("what judges settled in a queue is a source of labels of its own; the newest settlement counts", async () => {
    const { studyId, attemptIds, runs: own } = await seedLabelled(db.pool, "settled", [
      { steps: 4, labels: {}, said: { model: [2] } },
      { steps: 4, labels: {}, said: { model: ["none"] } },
      { steps: 4, labels: {}, said: { model: [1] } },
    ]);
    const person = await deps.prisma.person.create({ data: { name: "Ada", tokenHash: "x" } });
    const queue = await deps.prisma.queue.create({ data: { studyId, name: "first round", subject: "attempt", schema: {}, filter: {} } });
    const settle = async (i: number, settled: { action: string; firstError?: number }[]) => {
      const item = await deps.prisma.queueItem.create({ data: { queueId: queue.id, ordinal: i, attemptId: attemptIds[i] ?? "" } });
      let replacesId: string | null = null;
      for (const s of settled) {
        const row: { id: string } = await deps.prisma.settlement.create({ data: { itemId: item.id, personId: person.id, replacesId, ...s } });
        replacesId = row.id;
      }
    };
    await settle(0, [{ action: "locate", firstError: 3 }, { action: "locate", firstError: 2 }]);
    await settle(1, [{ action: "no_error" }]);
    await settle(2, [{ action: "cannot_tell" }]);
    const [source] = (await call.localisation.get({ study: "settled", query: { by: "majority" } })).sources;
    expect(source).toMatchObject({ source: "settled in first round", labelled: 2, withError: 1 });
    expect(source?.locators[0]).toMatchObject({ model: "model", relations: { agrees: 2, near: 0, differs: 0, unparsed: 0 } });
    const located = locatedText({ runId: own.model ?? "", by: "majority", source: "settled in first round", label: 2, said: "agrees" });
    expect((await call.attempts.count({ study: "settled", query: attemptQueryOf({ located }) })).count).toBe(1);
  });

  test("a study without labels, and one without verifications", async () => {
    await seedLabelled(db.pool, "bare", [{ steps: 2, labels: {}, said: {} }]);
    expect(await call.localisation.get({ study: "bare", query: { by: "majority" } })).toMatchObject({ sources: [], detail: null });
    await seedLabelled(db.pool, "waiting", [{ steps: 2, labels: { people: 1 }, said: {} }]);
    const waiting = await call.localisation.get({ study: "waiting", query: { by: "majority" } });
    expect(waiting.sources).toEqual([{ source: "people", labelled: 1, withError: 1, locators: [] }]);
  });
});
