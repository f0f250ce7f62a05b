/** The figures of the sources' page, against ones computed by hand, on a real database. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { spearman } from "@/server/core/statistics/spearman";
import { NLL_EDGES, nllBin } from "@/server/core/scoring/bins";
import { rowParts, sumParts } from "@/server/core/scoring/row-parts";
import { sampledRows } from "@/server/core/scoring/sample";
import { readSourceCurves, readSourceRelation } from "@/server/usecases/comparing/source-outcomes";
import { readRowsBehind, readSources, scoreSources } from "@/server/usecases/comparing/sources";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedSources } from "../support/seed-sources";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let db: TestDatabase;
let deps: Deps;
const PROBLEMS = 6;
const SAMPLES = 4;

beforeAll(async () => {
  db = await createTestDatabase("sources");
  deps = createDeps({ databaseUrl: db.url, name: "test sources" });
  await seedSources(db.pool, {
    name: "sources",
    problems: PROBLEMS,
    samples: SAMPLES,
    seeds: 3,
    base: (p) => (p === 0 ? 1 : 0),
    sources: [
      {
        name: "int",
        source: "int",
        // Row r: r + 1 tokens of prefix at 0.1, two of intervention at 1.
        nll: (row) => ({ prefix: Array.from({ length: row + 1 }, () => 0.1), intervention: [1, 1] }),
        right: { sft: (p) => (p < 3 ? 2 : 0), rl: (p, seed) => (p < 3 ? 1 + seed : 0) },
        entropy: { sft: [0.3, 0.28, 0.29], rl: 0.27 },
      },
      {
        name: "refs",
        source: "reference",
        nll: (row) => ({ whole: row === 0 ? [4] : [1, 3] }),
        right: { sft: () => 0, rl: (p) => (p === 0 ? 1 : 0) },
        entropy: { sft: [0.31, 1.2], rl: 1.66 },
      },
      {
        name: "own words",
        source: "self_reflection",
        nll: (row) => ({ whole: row < 4 ? [0.5, 0.5] : [0.5] }),
        scored: 4,
        right: { sft: null, rl: (p) => (p < 2 ? 2 : 0) },
        entropy: { sft: [0.3], rl: 0.5 },
      },
      { name: "thoughts", source: "r1_think", nll: () => ({}), right: { sft: null, rl: null }, entropy: { sft: [], rl: 0 } },
    ],
  });
});
afterAll(async () => {
  await deps?.close();
  await db?.close();
});

describe("the page of sources", () => {
  test("rows, tokens and NLL per token of each part, by both weights", async () => {
    const page = await readSources(deps, { study: "sources" });
    expect(page.base?.name).toBe("base");
    expect(page.rows.map((r) => [r.dataset, r.source, r.rows, r.tokens, r.trainedOn])).toEqual([
      ["int", "int", 6, 60, ["train"]],
      ["refs", "reference", 6, 60, ["train"]],
      ["thoughts", "r1_think", 6, 60, ["train"]],
      ["own words", "self_reflection", 6, 60, ["train"]],
    ]);
    expect(page.missing).toEqual(["r1_summary"]);

    const int = page.rows[0]?.nll ?? [];
    expect(int.map((f) => [f.part, f.traces, f.tokens, f.problems])).toEqual([
      ["whole", 6, 33, 6],
      ["prefix", 6, 21, 6],
      ["intervention", 6, 12, 6],
    ]);
    // 21 tokens of 0.1 and 12 of 1.
    expect(int[0]?.perToken.value).toBeCloseTo((2.1 + 12) / 33, 12);
    const means = [1, 2, 3, 4, 5, 6].map((n) => (0.1 * n + 2) / (n + 2));
    expect(int[0]?.perTrace.value).toBeCloseTo(means.reduce((a, b) => a + b, 0) / 6, 12);
    expect(int[1]?.perToken.value).toBeCloseTo(0.1, 12);
    expect(int[2]?.perTrace.value).toBeCloseTo(1, 12);
    // Without any spread the interval is the value; with some it holds it.
    expect(int[2]?.perToken.low).toBeCloseTo(1, 12);
    expect(int[0]?.perTrace.low ?? 0).toBeLessThan(int[0]?.perTrace.value ?? 0);
    expect(int[0]?.perTrace.high ?? 0).toBeGreaterThan(int[0]?.perTrace.value ?? 0);
    expect(int[0]?.perTrace.low ?? 0).toBeGreaterThan(Math.min(...means));

    const refs = page.rows[1]?.nll[0];
    expect(refs?.perToken.value).toBeCloseTo((4 + 5 * 4) / 11, 12);
    expect(refs?.perTrace.value).toBeCloseTo((4 + 5 * 2) / 6, 12);
    expect(page.rows[2]?.nll).toEqual([]);
    expect(page.rows[3]?.nll[0]).toMatchObject({ traces: 4, tokens: 8, perToken: { value: 0.5 } });
  });

  test("distributions: every trace and every token stands in its bin, and leads to its rows", async () => {
    const page = await readSources(deps, { study: "sources" });
    const [int, refs] = [page.rows[0]?.nll ?? [], page.rows[1]?.nll[0]];
    expect(refs?.traceBins.reduce((a, b) => a + b, 0)).toBe(6);
    expect(refs?.traceBins[nllBin(4)]).toBe(1);
    expect(refs?.traceBins[nllBin(2)]).toBe(5);
    expect(refs?.tokenBins[nllBin(1)]).toBe(5);
    expect(refs?.tokenBins[nllBin(3)]).toBe(5);
    expect(int[1]?.tokenBins[nllBin(0.1)]).toBe(21);
    const ask = { study: "sources", dataset: "refs", part: "whole" as const };
    const traces = await readRowsBehind(deps, { ...ask, of: "traces", bin: nllBin(4) });
    expect(traces).toEqual({ total: 1, rows: [{ ordinal: 0, problem: "train-1", tokens: 1, mean: 4, inBin: null }] });
    const tokens = await readRowsBehind(deps, { ...ask, of: "tokens", bin: nllBin(3) });
    expect(tokens.total).toBe(5);
    expect(tokens.rows.map((r) => [r.ordinal, r.inBin])).toEqual([1, 2, 3, 4, 5].map((o) => [o, 1]));
    expect((await readRowsBehind(deps, { ...ask, of: "tokens", bin: 0 })).total).toBe(0);
    await expect(readRowsBehind(deps, { ...ask, dataset: "none", of: "tokens", bin: 0 })).rejects.toThrow(/no data set called “none”/);
  });

  test("entropies over trainings: on the source's rows, and on the tuned model's own samples", async () => {
    const page = await readSources(deps, { study: "sources" });
    const { rowsBefore, rowsAfter, samples } = page.rows[0]?.entropy ?? {};
    expect(rowsBefore).toMatchObject({ trainings: 3 });
    expect(rowsBefore?.value).toBeCloseTo(0.31, 12);
    expect(rowsAfter?.value).toBeCloseTo(0.3, 12);
    expect(samples?.value).toBeCloseTo(0.28, 12);
    // Seeds apart by 0.01: s = 0.01, t(2) = 4.302653, over the root of 3.
    expect(samples?.high).toBeCloseTo(0.28 + (4.302652729911275 * 0.01) / Math.sqrt(3), 9);
    expect(page.baseEntropy).toEqual({ value: 0.26, low: null, high: null, trainings: 1 });
    expect(page.rows[2]?.entropy.rowsAfter).toBeNull();
  });

  test("curves: the base, RL alone and each source's models with unbiased pass@k", async () => {
    const page = await readSources(deps, { study: "sources" });
    expect(page.sets).toEqual([
      { name: "train", trained: true, problems: 6, samples: 4, stages: ["rl", "sft"] },
      { name: "test", trained: false, problems: 6, samples: 4, stages: ["rl", "sft"] },
    ]);
    const { curves } = await readSourceCurves(deps, { study: "sources", set: "test", stage: "rl" });
    expect(curves.map((c) => [c.model, c.stage, c.seed])).toEqual([
      ["base", null, null],
      ["base + RL", "rl", 1],
      ...["int", "refs", "own words"].flatMap((s) => [1, 2, 3].map((seed) => [`${s} ${seed} + RL`, "rl", seed])),
    ]);
    const int = curves.find((c) => c.model === "int 1 + RL");
    expect(int?.points.map((p) => p.k)).toEqual([1, 2, 3, 4]);
    // 2 right of 4 at three of six problems: pass@2 = 1 − C(2,2)/C(4,2) = 5/6 there.
    expect(int?.points[0]?.value).toBeCloseTo(0.25, 12);
    expect(int?.points[1]?.value).toBeCloseTo(5 / 12, 12);
    expect(int?.points[3]?.value).toBeCloseTo(0.5, 12);
    // Its evaluation's attempts, all of them and no others, stand behind it.
    const { rows } = await db.pool.query<{ model: string; n: number; right: number }>(
      "SELECT m.name AS model, count(*)::int AS n, sum(a.reward)::int AS right FROM attempt a JOIN model m ON m.id = a.model_id WHERE a.run_id = ANY($1) GROUP BY m.name",
      [int?.runs],
    );
    expect(rows).toEqual([{ model: "int 1 + RL", n: PROBLEMS * SAMPLES, right: 6 }]);
    const sft = await readSourceCurves(deps, { study: "sources", set: "test", stage: "sft", datasets: ["int"] });
    expect(sft.curves.map((c) => c.model)).toEqual(["base", "int 1", "int 2", "int 3"]);
  });

  test("the outcome over NLL: models of one source together, rank correlation with its interval", async () => {
    const ask = { study: "sources", set: "test", stage: "rl" as const, weights: "token" as const };
    const relation = await readSourceRelation(deps, { ...ask, k: 1 });
    expect(relation.points.map((p) => p.dataset)).toEqual(["int", "refs", "own words"]);
    // Three seeds with 2, 3 and 4 right of 4 at three of six problems.
    expect(relation.points[0]?.outcome.value).toBeCloseTo((2 + 3 + 4) / 12 / 2, 12);
    expect(relation.points[0]?.outcome.models).toHaveLength(3);
    expect(relation.points[1]?.outcome.value).toBeCloseTo(1 / 24, 12);
    expect(relation.points[0]?.nll).toMatchObject({ traces: 6, problems: 6 });
    expect(relation.without).toEqual([{ dataset: "thoughts", missing: "both" }]);
    // NLL 0.43 < 0.5 < 2.2; outcome 0.375 > 0.167 > 0.042.
    expect(relation.spearman).toMatchObject({ value: -1, n: 3 });
    const check = spearman([0.43, 2.2, 0.5], [0.375, 0.042, 0.167]);
    expect([relation.spearman?.low, relation.spearman?.high]).toEqual([check?.low, check?.high]);
    const after = await readSourceRelation(deps, { ...ask, stage: "sft", k: 4 });
    expect(after.points.map((p) => [p.dataset, p.outcome.value])).toEqual([["int", 0.5], ["refs", 0]]);
    // Nothing right in six problems: the rule of three.
    expect(after.points[1]?.outcome.high).toBe(0.5);
    const none = await readSourceRelation(deps, { ...ask, k: 5 });
    expect(none.points).toEqual([]);
    expect(none.spearman).toBeNull();
  });

  test("scoring is asked for from the page, and its progress is told", async () => {
    expect(await scoreSources(deps, { study: "sources", datasets: ["thoughts", "own words"], samples: 5 })).toEqual({ rows: 5 + 1 });
    const page = await readSources(deps, { study: "sources" });
    expect(page.rows.find((r) => r.dataset === "thoughts")?.scoring).toMatchObject({ state: "queued", done: 0, total: 5, failed: 0 });
    await expect(scoreSources(deps, { study: "sources", datasets: ["thoughts"], samples: 5 })).rejects.toThrow(/already, or about to be/);
    await expect(readSources(deps, { study: "sources", base: "nobody" })).rejects.toThrow(/no model called “nobody”/);
  });

  test("a study without anything says so instead of failing", async () => {
    await db.prisma.study.create({ data: { name: "empty" } });
    expect(await readSources(deps, { study: "empty" })).toMatchObject({ base: null, rows: [], sets: [], models: [], baseEntropy: null });
    expect(await readSourceCurves(deps, { study: "empty", set: "any", stage: "rl" })).toEqual({ set: "any", curves: [] });
  });
});

describe("bins, parts and samples", () => {
  test("bins are PostgreSQL's width_bucket over the same edges", async () => {
    const values = [0, 1e-9, 2 ** -10, 0.00098, 0.5, 1, Math.SQRT2, 15.99, 16, 100, ...NLL_EDGES];
    const { rows } = await db.pool.query<{ bin: number }>("SELECT width_bucket(v, $2::float8[]) AS bin FROM unnest($1::float8[]) WITH ORDINALITY AS x (v, i) ORDER BY i", [values, NLL_EDGES]);
    expect(values.map(nllBin)).toEqual(rows.map((r) => r.bin));
  });

  test("a row's parts begin where its steps and its continuation do", () => {
    const completion = "one\n\ntwo\n\nthree\n\nfour and on";
    const parts = (meta: Parameters<typeof rowParts>[0]["meta"], suffix: string | null = null) => rowParts({ completion, meta }, "int", suffix);
    expect(parts({ location: 3, pieces: 2 })).toEqual([{ part: "prefix", at: 0 }, { part: "intervention", at: 10 }]);
    expect(parts({ location: 1 })).toEqual([{ part: "intervention", at: 0 }]);
    expect(parts({ location: 3, alone: true })).toEqual([{ part: "intervention", at: 0 }]);
    const suffix = { continuationId: "c", sample: 0 };
    // A continuation may go on in the middle of the last step.
    expect(parts({ location: 2, pieces: 3, suffix }, " and on").at(-1)).toEqual({ part: "suffix", at: 21 });
    expect(parts({ location: 2, pieces: 1, suffix }).at(-1)).toEqual({ part: "suffix", at: 8 });
    expect(rowParts({ completion, meta: { location: 2 } }, "reference", null)).toEqual([]);
    // A token over the seam belongs to the part that begins in it.
    const sums = sumParts([{ end: 9, logprob: -1 }, { end: 12, logprob: -2 }, { end: 28, logprob: -4 }], parts({ location: 3, pieces: 2 }));
    expect(sums.map((s) => [s.part, s.tokens, s.nll])).toEqual([["whole", 3, 7], ["prefix", 1, 1], ["intervention", 2, 6]]);
  });

  test("samples are seeded, without repetition, and nested", () => {
    const small = sampledRows(1000, 64, 1);
    expect(new Set(small).size).toBe(64);
    expect(sampledRows(1000, 200, 1).slice(0, 64)).toEqual(small);
    expect(sampledRows(1000, 64, 2)).not.toEqual(small);
    expect(sampledRows(3, 64, 1).sort()).toEqual([0, 1, 2]);
  });
});
