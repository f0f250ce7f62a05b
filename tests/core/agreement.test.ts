import { describe, expect, test } from "vitest";
import { agreementOf, allPairs, pairAgreement } from "@/server/core/statistics/agreement";
import { alphaInterval, krippendorffAlpha } from "@/server/core/statistics/alpha";
import { confusion } from "@/server/core/statistics/confusion";
import { goldAccuracy } from "@/server/core/statistics/gold";
import type { Judgement } from "@/server/core/statistics/judgements";
import { cohenKappa, kappaInterval, LINEAR, QUADRATIC } from "@/server/core/statistics/kappa";
import { positionBaseline } from "@/server/core/statistics/positionBaseline";
import { type LocatedTrace, processBenchF1, scoreLocalisation } from "@/server/core/statistics/processBench";
import { KAPPA_EXAMPLES, KRIPPENDORFF_2011, KRIPPENDORFF_2011_BINARY, PROCESS_BENCH_ROWS, PROCESS_BENCH_TRACES } from "./agreement-examples";

const ratings = (table: number[][]) =>
  table.flatMap((row, a) => row.flatMap((n, b) => Array.from({ length: n }, () => ({ a, b }))));

/** "1 2 . 3" per observer as lists of values per unit. */
function units(observers: Record<string, string>): number[][] {
  const rows = Object.values(observers).map((row) => row.split(" "));
  return (rows[0] ?? []).map((_, unit) => rows.map((row) => row[unit]).filter((v) => v !== ".").map(Number));
}

function judgementsOf(observers: Record<string, string>): Judgement[] {
  return Object.entries(observers).flatMap(([rater, row]) =>
    row.split(" ").flatMap((v, i) => (v === "." ? [] : [{ item: `unit ${i}`, rater, firstError: Number(v) }])),
  );
}

describe("Cohen's kappa", () => {
  test.each(KAPPA_EXAMPLES)("$source", ({ table, kappa, linear, quadratic }) => {
    if (kappa !== undefined) expect(cohenKappa(ratings(table))).toBeCloseTo(kappa, kappa.toString().length > 5 ? 4 : 3);
    if (linear !== undefined) expect(cohenKappa(ratings(table), LINEAR)).toBeCloseTo(linear, 4);
    if (quadratic !== undefined) expect(cohenKappa(ratings(table), QUADRATIC)).toBeCloseTo(quadratic, 4);
  });
  test("is not defined where no disagreement could be expected", () => {
    expect(cohenKappa([])).toBeNull();
    expect(cohenKappa(ratings([[10, 0], [0, 0]]))).toBeNull();
    expect(kappaInterval([])).toBeNull();
  });
  test("its bootstrap interval is near the published standard error of R's vcd (0.0686), and repeats itself", () => {
    const fun = KAPPA_EXAMPLES[3]?.table ?? [];
    const interval = kappaInterval(ratings(fun), undefined, { seed: 5 });
    expect(interval?.low).toBeCloseTo(0.1293 - 1.96 * 0.0686, 1);
    expect(interval?.high).toBeCloseTo(0.1293 + 1.96 * 0.0686, 1);
    expect(kappaInterval(ratings(fun), undefined, { seed: 5 })).toEqual(interval);
  });
});

describe("Krippendorff's alpha", () => {
  test("the canonical example: 4 observers, 12 units, missing values", () => {
    const data = units(KRIPPENDORFF_2011.observers);
    expect(krippendorffAlpha(data, "nominal")).toBeCloseTo(KRIPPENDORFF_2011.nominal, 3);
    expect(krippendorffAlpha(data, "ordinal")).toBeCloseTo(KRIPPENDORFF_2011.ordinal, 3);
    expect(krippendorffAlpha(data, "interval")).toBeCloseTo(KRIPPENDORFF_2011.interval, 3);
  });
  test("two observers, binary data, no missing values", () => {
    expect(krippendorffAlpha(units(KRIPPENDORFF_2011_BINARY.observers))).toBeCloseTo(KRIPPENDORFF_2011_BINARY.nominal, 3);
  });
  test("the same through judgements, with an interval about it", () => {
    const all = agreementOf(judgementsOf(KRIPPENDORFF_2011.observers));
    expect(all).toMatchObject({ raters: 4, items: 12, pairable: 11, judgements: 41, cannotTell: 0 });
    expect(all.alphaNominal?.value).toBeCloseTo(0.743, 3);
    expect(all.alphaOrdinal?.value).toBeCloseTo(0.815, 3);
    expect(all.alphaInterval?.value).toBeCloseTo(0.849, 3);
    for (const { value = 0, low = 1, high = 0 } of [all.alphaNominal ?? {}, all.alphaInterval ?? {}]) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
  });
  test("is not defined for one value everywhere, or for nothing to pair", () => {
    expect(krippendorffAlpha([[1, 1], [1, 1, 1]])).toBeNull();
    expect(krippendorffAlpha([[1], [2]])).toBeNull();
    expect(alphaInterval([])).toBeNull();
  });
});

describe("judgements of the first-error step", () => {
  const judgements: Judgement[] = [
    ["a", "Ada", 3], ["a", "Ben", 3],
    ["b", "Ada", 3], ["b", "Ben", 4],
    ["c", "Ada", null], ["c", "Ben", null],
    ["d", "Ada", null], ["d", "Ben", 7],
    ["e", "Ada", "cannot_tell"], ["e", "Ben", 2],
    ["f", "Ada", 1], ["f", "Cy", 1],
  ].map(([item, rater, firstError]) => ({ item, rater, firstError }) as Judgement);

  test("shares: the same answer, and within one step; “cannot tell” is missing, “no error” is an answer", () => {
    const pair = pairAgreement(judgements, "Ada", "Ben");
    expect(pair.items).toBe(4);
    expect(pair.exact?.value).toBe(2 / 4);
    expect(pair.withinOne?.value).toBe(3 / 4);
    // Both name a step on a and b alone.
    expect(pair.weightedKappa?.value).toBeCloseTo(0, 12);
    const all = agreementOf(judgements);
    expect(all).toMatchObject({ raters: 3, items: 6, pairable: 5, cannotTell: 1 });
    expect(all.exact?.value).toBe(3 / 5);
    expect(allPairs(judgements).map((p) => [p.a, p.b, p.items])).toEqual([["Ada", "Ben", 4], ["Ada", "Cy", 1]]);
  });
  test("a later judgement of the same rater takes the earlier one's place", () => {
    const again = [...judgements, { item: "d", rater: "Ada", firstError: 7 } as const];
    expect(pairAgreement(again, "Ada", "Ben").exact?.value).toBe(3 / 4);
    const unsure = [...judgements, { item: "d", rater: "Ada", firstError: "cannot_tell" } as const];
    expect(pairAgreement(unsure, "Ada", "Ben").items).toBe(3);
  });
  test("full agreement claims no certainty", () => {
    const same = ["a", "b", "c", "d", "e", "f"].flatMap((item, i) => ["Ada", "Ben"].map((rater) => ({ item, rater, firstError: i })));
    const pair = pairAgreement(same, "Ada", "Ben");
    expect(pair.exact).toEqual({ value: 1, low: 0.5, high: 1 });
    expect(pair.kappa?.value).toBe(1);
  });
  test("gold accuracy, with Wilson's interval", () => {
    const gold = new Map([["a", 3], ["b", 3], ["c", null], ["d", null], ["e", 2]]);
    const [ada, ben, cy] = goldAccuracy(judgements, gold);
    expect(ada).toMatchObject({ rater: "Ada", judged: 5, cannotTell: 1 });
    expect(ada?.exact?.value).toBe(4 / 5);
    expect(ben?.exact?.value).toBe(3 / 5);
    expect(ben?.withinOne?.value).toBe(4 / 5);
    expect(ada?.exact?.low).toBeCloseTo(0.3755, 4);
    expect(cy).toMatchObject({ rater: "Cy", judged: 0, exact: null });
  });
  test("confusion: a line for each step, then what is no step; long traces share a line", () => {
    const m = confusion([
      { row: 1, column: 2 }, { row: 3, column: 3 }, { row: null, column: 3 }, { row: "unparsed", column: 1 }, { row: 3, column: 3 },
    ]);
    expect(m.rows).toEqual([1, 2, 3, "none", "unparsed"]);
    expect(m.columns).toEqual([1, 2, 3]);
    expect(m.cells[2]?.[2]).toMatchObject({ n: 2, kind: "same" });
    expect(m.cells[0]?.[1]).toMatchObject({ n: 1, kind: "near" });
    expect(m.cells[3]?.[2]).toMatchObject({ n: 1, kind: "apart" });
    expect(m).toMatchObject({ total: 5, largest: 2 });
    const long = confusion([{ row: 90, column: 91 }, { row: 2, column: 2 }], 3);
    expect(long.rows).toEqual([1, 2, 3, "4+"]);
    expect(long.cells[3]?.[3]).toMatchObject({ n: 1, kind: "mixed" });
  });
});

describe("ProcessBench's F1", () => {
  test.each(PROCESS_BENCH_ROWS)("$model on $subset: $error and $correct give $f1", ({ subset, error, correct, f1 }) => {
    expect(100 * processBenchF1(error / 100, correct / 100)).toBeCloseTo(f1, 0);
    // From whole traces: as many right ones as the published accuracies mean give the published F1 to its last digit.
    const [bad, good] = PROCESS_BENCH_TRACES[subset];
    const traces: LocatedTrace[] = [
      ...Array.from({ length: bad }, (_, i) => ({ label: 2, exact: i < Math.round((bad * error) / 100) ? 1 : 0, withinOne: 1 })),
      ...Array.from({ length: good }, (_, i) => ({ label: null, exact: i < Math.round((good * correct) / 100) ? 1 : 0, withinOne: 1 })),
    ];
    const score = scoreLocalisation(traces, { resamples: 400 });
    expect((100 * (score.withError.accuracy?.value ?? 0)).toFixed(1)).toBe(error.toFixed(1));
    expect((100 * (score.withoutError.accuracy?.value ?? 0)).toFixed(1)).toBe(correct.toFixed(1));
    expect(Math.abs(100 * (score.f1?.value ?? 0) - f1)).toBeLessThan(0.06);
    expect(score.f1?.low).toBeLessThan(score.f1?.value ?? 0);
    expect(score.f1?.high).toBeGreaterThan(score.f1?.value ?? 1);
  });
  test("is not defined without traces of both kinds, and 0 for one that never (or always) says “no error”", () => {
    const bad = { label: 1, exact: 1, withinOne: 1 };
    expect(scoreLocalisation([bad, bad]).f1).toBeNull();
    expect(scoreLocalisation([]).exact).toBeNull();
    const never = scoreLocalisation([bad, bad, { label: null, exact: 0, withinOne: 0 }]);
    expect(never.f1?.value).toBe(0);
    expect(never.f1?.high).toBe(1);
  });
});

describe("the position-only baseline", () => {
  test("leaves out the trace that it predicts", () => {
    // Two of three have the error at 1: for each of those the others are split (the earlier step wins the tie); the third is never guessed.
    const traces = [1, 1, 2].map((label) => ({ label, steps: 4 }));
    expect(positionBaseline(traces, "constant").map((t) => t.exact)).toEqual([1, 1, 0]);
    expect(positionBaseline(traces, "drawn").map((t) => t.exact)).toEqual([0.5, 0.5, 0]);
    expect(positionBaseline([{ label: 3, steps: 4 }], "constant")[0]?.exact).toBe(0);
  });
  test("knows the number of steps", () => {
    const traces = [...Array.from({ length: 5 }, () => ({ label: 3, steps: 3 })), ...Array.from({ length: 4 }, () => ({ label: null, steps: 8 }))];
    expect(positionBaseline(traces, "length").every((t) => t.exact === 1)).toBe(true);
    expect(positionBaseline(traces, "constant").filter((t) => t.exact === 1)).toHaveLength(5);
    expect(scoreLocalisation(positionBaseline(traces, "constant")).f1?.value).toBe(0);
  });
});
