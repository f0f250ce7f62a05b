import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as links from "@/components/comparing/interventions/links";
import { createContextInner } from "@/server/api/context";
import { createCaller } from "@/server/api/root";
import { FUNNEL_STEPS } from "@/server/core/comparing/fates";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type Handmade, seedCloned, seedHandmade } from "./support-interventions";

let db: TestDatabase;
let deps: Deps;
let call: ReturnType<typeof createCaller>;
let made: Handmade;
let scope: links.Scope;
const cloned: Record<string, { modelId: string; runId: string }> = {};

beforeAll(async () => {
  db = await createTestDatabase("interventions");
  deps = createDeps({ databaseUrl: db.url, name: "test interventions" });
  call = createCaller(createContextInner(deps));
  made = await seedHandmade(db.pool);
  scope = { base: "/studies/by%20hand", pipeline: made.pipeline, rollout: made.runs.rollout, verify: made.runs.verify };
  const of = (name: string, options: Record<string, boolean>, right: Record<string, number>, at: number) =>
    seedCloned(db.pool, { study: made.study, name, options, right, problems: made.problems, at });
  cloned.filtered = await of("sft-filtered", {}, { p1: 4, p2: 2, p3: 0 }, 0);
  cloned.unfiltered = await of("sft-unfiltered", { unfiltered: true }, { p1: 2, p2: 2, p3: 0 }, 1);
  cloned.alone = await of("sft-alone", { withoutPrefix: true }, { p2: 0, p3: 0 }, 2);
}, 60_000);
afterAll(async () => {
  await deps?.close();
  await db?.close();
});

const where = () => ({ study: made.study, pipeline: made.pipeline });
/** How many rows a link's list shows. */
const shown = async (href: string): Promise<number> => {
  const address = new URL(href, "http://here");
  const list = address.pathname.split("/").at(-1) as "attempts" | "problems" | "proposals";
  return (await call.lists.count({ study: made.study, list, search: address.search.slice(1), exact: true })).count;
};

describe("figures against those worked out by hand", () => {
  it("has coverage and accuracy of each arm, and the pairs on equal problems", async () => {
    const { arms, pairs } = await call.compareInterventions.outcomes(where());
    expect(arms.map((a) => [a.arm, a.covered, a.problems, a.correct, a.samples])).toEqual([
      ["problem", 2, 3, 3, 12],
      ["prefix", 1, 1, 1, 4],
      ["intervention", 2, 3, 5, 12],
      ["hint", 1, 2, 1, 8],
      ["hint_intervention", 2, 2, 6, 8],
    ]);
    const pair = (a: string, b: string) => pairs.find((p) => p.a === a && p.b === b);
    // p1: 3/4 − 0, p2: 0 − 1/4, p8: 2/4 − 2/4.
    const first = pair("intervention", "problem");
    expect(first?.problems).toBe(3);
    expect(first?.accuracy.difference?.value).toBeCloseTo((0.75 - 0.25 + 0) / 3, 12);
    expect(first?.accuracy.differing).toBe(2);
    // Signs of 0.75 and 0.25: sums ±0.5 and ±1; all four are as far as 0.5.
    expect(first?.accuracy.p).toBe(1);
    expect(first?.coverage.difference?.value).toBe(0);
    expect(pair("original", "prefix")).toMatchObject({ problems: 0, accuracy: { difference: null, p: null, holm: null } });
    expect(pair("intervention", "prefix")?.accuracy.difference).toMatchObject({ value: 0.5, low: -1, high: 1 });
  });

  it("draws one pair problem by problem, the largest difference first", async () => {
    const pair = await call.compareInterventions.pair({ ...where(), a: "intervention", b: "problem" });
    expect(pair).toMatchObject({ more: 1, less: 1, same: 1 });
    expect(pair.differing).toEqual({ problemId: [made.problems.p1, made.problems.p2], ordinal: [0, 1], an: [4, 4], ac: [3, 0], bn: [4, 4], bc: [0, 1] });
    const same = await call.compareInterventions.pair({ ...where(), a: "original", b: "prefix" });
    expect(same).toMatchObject({ differing: { problemId: [] }, more: 0, less: 0, same: 0 });
  });

  it("compares hints with interventions on the problems that have all three", async () => {
    const { hints } = await call.compareInterventions.outcomes(where());
    expect(hints.problems).toBe(2);
    expect(hints.arms.map((a) => [a.arm, a.covered, a.problems, a.correct, a.samples])).toEqual([
      ["intervention", 1, 2, 3, 8],
      ["hint", 1, 2, 1, 8],
      ["hint_intervention", 2, 2, 6, 8],
    ].sort((x, y) => ["hint", "intervention", "hint_intervention"].indexOf(String(x[0])) - ["hint", "intervention", "hint_intervention"].indexOf(String(y[0]))));
    expect(hints.pairs.find((p) => p.a === "hint_intervention" && p.b === "hint")?.accuracy.difference?.value).toBe((0.75 + 0.5) / 2);
  });

  it("has success by proposer, by the bare problem's rate and by kind of error", async () => {
    const { byProposer, byRate, byType } = await call.compareInterventions.outcomes(where());
    expect(byProposer.map((g) => [g.kind, g.label, g.interventions, g.covered, g.problems, g.correct, g.samples])).toEqual([
      ["own", "base", 3, 2, 3, 5, 12],
      ["model", "other", 1, 1, 1, 1, 4],
      ["person", "people", 1, 1, 1, 2, 4],
    ]);
    expect(byRate.groups.map((g) => [g.label, g.covered, g.problems])).toEqual([
      ["0", 1, 1],
      ["above 0, below 1/16", 0, 0],
      ["1/16 to below 1/8", 0, 0],
      ["1/8 to below 1/4", 0, 0],
      ["1/4 to below 1/2", 0, 1],
      ["1/2 to 1", 1, 1],
    ]);
    expect(byType).toMatchObject({ labelled: 1, of: 3, groups: [{ key: "algebra", label: "algebra gone wrong", interventions: 1, correct: 2, samples: 4 }] });
  });

  it("says where first errors lie, beside those that people know", async () => {
    const { n, byStep, byShare, sources, agreement } = await call.compareInterventions.positions(where());
    expect(n).toBe(4);
    // 2 of 4, 5 of 5, 1 of 10, 9 of 10.
    expect(byStep.model).toEqual([1, 1, 0, 0, 1, 0, 0, 0, 1, 0]);
    expect(byShare.model).toEqual([0, 1, 0, 0, 0, 1, 0, 0, 0, 2]);
    expect(byStep.uniform[0]).toBeCloseTo(1 / 4 + 1 / 5 + 2 / 10, 12);
    expect(sources).toEqual([{ source: "PRM people", n: 3, people: true }]);
    expect(byShare.known["PRM people"]).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 2, 0]);
    expect(agreement[0]).toMatchObject({ n: 3, model: { value: 1 / 3 } });
  });

  it("has lengths with their medians; what is not known is said, not counted as zero", async () => {
    const { interventions, attempts } = await call.compareInterventions.lengths(where());
    expect(interventions.median).toMatchObject({ n: 3, value: 20 });
    expect(interventions.medianKept).toMatchObject({ n: 1, value: 10 });
    expect(interventions.unknown).toBe(1);
    expect(attempts.median).toMatchObject({ n: 9, value: 140 });
    expect(attempts.unknown).toBe(1);
  });

  it("has the funnel, each loss once, and what a data set made of it", async () => {
    const { problems, steps, dataset } = await call.compareInterventions.funnel({ ...where(), dataset: made.datasetId });
    expect(problems).toEqual([
      { fate: "no_attempt", problems: 1 },
      { fate: "ungraded", problems: 1 },
      { fate: "all_right", problems: 1 },
      { fate: "failed", problems: 5 },
    ]);
    expect(steps.map((s) => [s.id, s.attempts, s.problems])).toEqual([
      ["attempts", 13, 7],
      ["failed", 10, 5],
      ["verified", 9, 4],
      ["parsed", 8, 4],
      ["located", 7, 4],
      ["proposed", 6, 4],
      ["fit", 5, 3],
      ["chosen", 4, 3],
      ["sampled", 3, 3],
      ["kept", 2, 2],
    ]);
    expect(dataset?.unused).toEqual([{ why: "rejected", attempts: 1 }]);
    expect(dataset?.origins).toEqual([
      { origin: "kept", rows: 1 },
      { origin: "person", rows: 1 },
      { origin: "other_runs", rows: 1 },
    ]);
    const kept = steps.at(-1)?.attempts ?? 0;
    const lost = dataset?.unused.reduce((n, u) => n + u.attempts, 0) ?? 0;
    const added = dataset?.origins.filter((o) => o.origin !== "kept").reduce((n, o) => n + o.rows, 0) ?? 0;
    expect(kept - lost + added).toBe(dataset?.rows);
  });

  it("has the cloning ablation with paired differences to the filtered model", async () => {
    const view = await call.compareInterventions.ablation({ study: made.study });
    expect(view).toMatchObject({ sets: ["set"], set: "set", baseline: cloned.filtered?.modelId });
    expect(view.rows.map((r) => [r.variant, r.model, r.covered, r.problems, r.correct, r.samples])).toEqual([
      ["filtered", "sft-filtered", 2, 3, 6, 12],
      ["unfiltered", "sft-unfiltered", 2, 3, 4, 12],
      ["without_prefix", "sft-alone", 0, 2, 0, 8],
    ]);
    expect(view.rows[0]?.accuracyDifference).toBeNull();
    expect(view.rows[1]?.accuracyDifference?.difference?.value).toBeCloseTo(-0.5 / 3, 12);
    // On p2 and p3 alone: 0 − 2/4, 0 − 0.
    expect(view.rows[2]?.accuracyDifference?.difference).toMatchObject({ value: -0.25, n: 2 });
    expect(view.rows[2]?.coverageDifference?.difference?.value).toBe(-0.5);
    expect(view.rows[1]?.runs).toEqual([cloned.unfiltered?.runId]);
  });
});

describe("every number leads to its rows", () => {
  const check = async (pairs: readonly (readonly [string, number])[]) => {
    expect(pairs.length).toBeGreaterThan(0);
    // Every figure that is not zero, and a few that are.
    const asked = [...pairs.filter(([, n]) => n !== 0), ...pairs.filter(([, n]) => n === 0).slice(0, 3)];
    await Promise.all(asked.map(async ([href, n]) => expect(await shown(href), href).toBe(n)));
  };

  it("arms, pairs and rates: problems", async () => {
    const { arms, pairs, hints, byRate } = await call.compareInterventions.outcomes(where());
    await check(arms.flatMap((a) => [
      [links.armProblems(scope, a.arm, "any"), a.problems],
      [links.armProblems(scope, a.arm, "covered"), a.covered],
      [links.armProblems(scope, a.arm, "uncovered"), a.problems - a.covered],
    ] as const));
    await check(hints.arms.flatMap((a) => [[links.threeProblems(scope, a.arm, "any"), a.problems], [links.threeProblems(scope, a.arm, "covered"), a.covered]] as const));
    await check(pairs.map((p) => [links.pairProblems(scope, p.a, p.b, "any"), p.problems] as const));
    for (const [a, b] of [["intervention", "problem"], ["hint_intervention", "hint"], ["original", "prefix"]] as const) {
      const { more, less, same } = await call.compareInterventions.pair({ ...where(), a, b });
      await check([["more", more], ["less", less], ["same", same]].map(([relation, n]) => [links.pairProblems(scope, a, b, relation as "more"), Number(n)] as const));
    }
    const { RATE_BINS } = await import("@/server/core/comparing/success");
    await check(RATE_BINS.flatMap((bin, i) => [
      [links.rateProblems(scope, bin, "any"), byRate.groups[i]?.problems ?? -1],
      [links.rateProblems(scope, bin, "covered"), byRate.groups[i]?.covered ?? -1],
    ] as const));
  });

  it("proposers, kinds of error, positions and lengths: proposals and attempts", async () => {
    const { byProposer } = await call.compareInterventions.outcomes(where());
    await check(byProposer.map((g) => [links.proposerProposals(scope, g), g.interventions ?? -1] as const));
    await check([[links.typed(scope, "algebra"), 1]]);
    const { byStep, byShare } = await call.compareInterventions.positions(where());
    for (const [by, places] of [["step", byStep], ["share", byShare]] as const)
      await check(places.bins.flatMap((bin, i) => [
        [links.placedProposals(scope, by, bin), places.model[i] ?? -1],
        [links.labelledAttempts(scope, by, bin, "PRM people"), places.known["PRM people"]?.[i] ?? -1],
      ] as const));
    const { interventions, attempts } = await call.compareInterventions.lengths(where());
    await check(interventions.bins.flatMap((bin, i) => [
      [links.longProposals(scope, bin, false), interventions.counts[i] ?? -1],
      [links.longProposals(scope, bin, true), interventions.kept[i] ?? -1],
    ] as const));
    await check(attempts.bins.map((bin, i) => [links.longAttempts(scope, bin), attempts.counts[i] ?? -1] as const));
  });

  it("every step and every loss of the funnel", async () => {
    const { problems, steps, dataset } = await call.compareInterventions.funnel({ ...where(), dataset: made.datasetId });
    await check(problems.map((p) => [links.fateProblems(scope, p.fate), p.problems] as const));
    await check(steps.flatMap((s) => [
      [links.stepAttempts(scope, s.id), s.attempts],
      [links.stepProblems(scope, s.id), s.problems],
      ...s.losses.map((l) => [links.became(scope, l.fate), l.attempts] as const),
    ] as const));
    expect(steps.flatMap((s) => s.losses)).toHaveLength(FUNNEL_STEPS.flatMap((s) => s.losses).length - 1);
    await check(dataset?.unused.map((u) => [links.unused(scope, dataset.id, u.why), u.attempts] as const) ?? []);
    await check(dataset?.origins.filter((o) => o.origin !== "other_runs").map((o) => [links.rowAttempts(scope, dataset.id, o.origin), o.rows] as const) ?? []);
    await check([[links.evaluationAttempts(scope.base, [cloned.filtered?.runId ?? ""], true), 6], [links.evaluationAttempts(scope.base, [cloned.filtered?.runId ?? ""], false), 12]]);
  });
});

it("answers what is not there with a sentence, and a study without runs with gaps", async () => {
  await db.pool.query("INSERT INTO study (id, name) VALUES (uuidv7(), 'bare')");
  expect(await call.compareInterventions.head({ study: "bare" })).toMatchObject({ pipeline: null, pipelines: [] });
  expect(await call.compareInterventions.ablation({ study: "bare" })).toEqual({ sets: [], set: null, rows: [], baseline: null });
  await expect(call.compareInterventions.outcomes({ study: "bare", pipeline: made.pipeline })).rejects.toMatchObject({ code: "NOT_FOUND", message: expect.stringContaining("Choose one of its own") });
  await expect(call.compareInterventions.head({ study: "nobody" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
