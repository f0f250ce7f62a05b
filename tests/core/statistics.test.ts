import { describe, expect, test } from "vitest";
import { chooseProposal } from "@/server/core/choose";
import { labIntSettings, paperIntSettings } from "@/server/core/recipes";
import { sampleSeed } from "@/server/core/seeds";
import { intSettingsSchema } from "@/server/core/settings";
import { armTable } from "@/server/core/statistics/armTable";
import { bootstrapMeanInterval, ruleOfThree, wilsonInterval } from "@/server/core/statistics/intervals";
import { passAtK } from "@/server/core/statistics/passAtK";
import { cpuMs } from "./cpu";

describe("pass@k", () => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
  test("equals 1 − C(n−c,k)/C(n,k) wherever that can be computed", () => {
    for (const n of [1, 2, 5, 12]) for (let c = 0; c <= n; c++) for (let k = 1; k <= n; k++) {
      const exact = n - c < k ? 1 : 1 - choose(n - c, k) / choose(n, k);
      expect(passAtK(n, c, k)).toBeCloseTo(exact, 12);
    }
  });
  test("pass@1 is the mean reward, also for 10,000 samples", () => {
    expect(passAtK(10_000, 37, 1)).toBeCloseTo(0.0037, 12);
    expect(passAtK(200, 13, 100)).toBeGreaterThan(0.9998);
  });
  test("is not defined with fewer samples than k", () => {
    expect(() => passAtK(4, 1, 8)).toThrow(RangeError);
    expect(() => passAtK(4, 5, 1)).toThrow(RangeError);
  });
});

describe("intervals", () => {
  test("Wilson's, against published values (Newcombe 1998, table I, method 3)", () => {
    const rows: [number, number, number, number][] = [[81, 263, 0.2553, 0.3662], [15, 148, 0.0624, 0.1605], [0, 20, 0, 0.1611], [1, 29, 0.0061, 0.1718], [29, 29, 0.883, 1]];
    for (const [x, n, low, high] of rows) {
      expect(wilsonInterval(x, n).low).toBeCloseTo(low, 4);
      expect(wilsonInterval(x, n).high).toBeCloseTo(high, 4);
    }
  });
  test("rule of three", () => {
    expect(ruleOfThree(100)).toBe(0.03);
    expect(ruleOfThree(2)).toBe(1);
    expect(ruleOfThree(0)).toBe(1);
  });
  test("the bootstrap of a mean agrees with the normal interval for many values, and repeats itself", () => {
    const values = Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const a = bootstrapMeanInterval(values, { seed: 7 });
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    expect(a?.value).toBe(0.25);
    expect(a?.low).toBeCloseTo(0.25 - half, 2);
    expect(a?.high).toBeCloseTo(0.25 + half, 2);
    expect(bootstrapMeanInterval(values, { seed: 7 })).toEqual(a);
    expect(bootstrapMeanInterval([])).toBeNull();
    expect(bootstrapMeanInterval([0.5])).toEqual({ value: 0.5, low: 0, high: 1 });
  });
});

describe("the conditioning table", () => {
  test("counts problems, not samples", () => {
    const rows = [{ problemId: "a", n: 8, c: 2 }, { problemId: "b", n: 8, c: 0 }, { problemId: "a", n: 8, c: 1 }, { problemId: "c", n: 0, c: 0 }];
    const table = armTable(rows);
    expect(table).toMatchObject({ problems: 2, covered: 1, samples: 24, correct: 3 });
    expect(table.coverage?.value).toBe(0.5);
    expect(table.accuracy?.value).toBe(0.125);
    expect(armTable([...rows].reverse())).toEqual(table);
  });
  test("the paper's coverage of the four arms (method.md), with intervals that hold the values apart", () => {
    const arm = (covered: number) => armTable(Array.from({ length: 334 }, (_, i) => ({ problemId: String(i), n: 32, c: i < covered ? 1 : 0 })));
    expect(arm(40).coverage?.value).toBeCloseTo(0.1198, 4);
    expect(arm(29).coverage?.high).toBeLessThan(arm(80).coverage?.low ?? 0);
  });
  test("no success is bounded, not certain; no sample is a gap, not a zero", () => {
    const none = armTable(Array.from({ length: 30 }, (_, i) => ({ problemId: String(i), n: 8, c: 0 })));
    expect(none.accuracy).toEqual({ value: 0, low: 0, high: 0.1 });
    const all = armTable(Array.from({ length: 30 }, (_, i) => ({ problemId: String(i), n: 8, c: 8 })));
    expect(all.accuracy).toEqual({ value: 1, low: 0.9, high: 1 });
    expect(armTable([])).toEqual({ problems: 0, covered: 0, samples: 0, correct: 0, coverage: null, accuracy: null });
  });
  test("5,000 problems take well under a second", () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ problemId: String(i), n: 32, c: i % 7 }));
    expect(cpuMs(() => armTable(rows))).toBeLessThan(1500);
  });
});

describe("seeds", () => {
  test("depend on every part of the key, and on nothing else", () => {
    expect(sampleSeed(1, "rollout", "p1")).toBe(sampleSeed(1, "rollout", "p1"));
    const seeds = [sampleSeed(1, "a", "b"), sampleSeed(2, "a", "b"), sampleSeed(1, "ab"), sampleSeed(1, "b", "a"), sampleSeed(1, "a", "b", 0), sampleSeed(1, 1), sampleSeed(1, "1")];
    expect(new Set(seeds).size).toBe(seeds.length);
  });
  test("are spread evenly and leave room for the children of a request", () => {
    const buckets = new Array<number>(16).fill(0);
    const all = new Set<number>();
    for (let i = 0; i < 16_000; i++) {
      const seed = sampleSeed(1, "rollout", "problem", i);
      expect(Number.isInteger(seed) && seed >= 0 && seed + 65_535 < 2 ** 31).toBe(true);
      all.add(seed);
      const bucket = Math.floor((seed / 2 ** 31) * 16);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    expect(all.size).toBeGreaterThan(15_990);
    for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe("the proposal that goes on", () => {
  const p = (sampleIndex: number, location: number, leakEquivalent = false, content = "x") => ({ sampleIndex, content, location, leakEquivalent });
  test("stands where most samples agree, then earliest, then first", () => {
    expect(chooseProposal([p(0, 5), p(1, 3), p(2, 3), p(3, 4)])).toBe(1);
    expect(chooseProposal([p(0, 5), p(1, 3)])).toBe(1);
    expect(chooseProposal([p(3, 2), p(1, 2)])).toBe(1);
  });
  test("never gives the answer away and is never empty", () => {
    expect(chooseProposal([p(0, 3, true), p(1, 3, true), p(2, 6)])).toBe(2);
    expect(chooseProposal([p(0, 3, true), p(1, 3, false, " ")])).toBeNull();
    expect(chooseProposal([])).toBeNull();
  });
});

test("the recipes are valid settings, frozen by copy", () => {
  expect(intSettingsSchema.parse(labIntSettings())).toEqual(labIntSettings());
  const paper = paperIntSettings({ maxProblems: 5, continuation: { samples: 8 } });
  expect(intSettingsSchema.parse(paper)).toMatchObject({ maxProblems: 5, continuation: { samples: 8, sampling: { topK: 20, maxTokens: 16_384 } } });
  const one = labIntSettings();
  one.rollout.template.turns[0] = { text: "changed" };
  expect(labIntSettings().rollout.template.turns[0]?.text).toBe("{{problem}}");
});
