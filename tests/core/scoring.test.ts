import { describe, expect, test } from "vitest";
import { differenceInterval, meanInterval, studentT95 } from "@/server/core/scoring/mean";
import { seamOf } from "@/server/core/scoring/seam";
import { placed, type SubjectParts } from "@/server/core/scoring/subjects";
import { firstPoints, largestDrop, mostPoints, nextMidpoint, valuePoint } from "@/server/core/branching/values";
import { applyPieces } from "@/server/core/branching/stream";
import { branchPrefix } from "@/server/core/branching/point";
import { piecesOf } from "@/server/inference/pieces";

describe("tokens laid over a text", () => {
  test("by the byte alphabet, with characters of several tokens at the one that completes them", () => {
    expect(piecesOf(["ĠZo", "Ã", "«", "ĊĊ", "x"], " Zoë\n\nx")).toEqual([" Zo", "", "ë", "\n\n", "x"]);
  });
  test("by sentencepiece's spaces, with the first one dropped or not", () => {
    expect(piecesOf(["▁Hello", "▁wor", "ld"], " Hello world")).toEqual([" Hello", " wor", "ld"]);
    expect(piecesOf(["Hello", "▁wor", "ld"], " Hello world")).toEqual([" Hello", " wor", "ld"]);
  });
  test("by decoded text, where parts of characters are not known", () => {
    expect(piecesOf(["a", "\ufffd", "\ufffd", " b\n", "\ufffd"], "a🎉 b\n北")).toEqual(["a", "", "🎉", " b\n", "北"]);
    expect(piecesOf(["a", "\ufffd", "\ufffd"], "aéü")?.join("")).toBe("aéü");
  });
  test("not at all where names and text have nothing to do with each other", () => {
    expect(piecesOf(["cat", "dog"], "a wholly different text")).toBeNull();
    expect(piecesOf(["a"], "a and more")).toBeNull();
    expect(piecesOf([], "")).toEqual([]);
  });
  test("the seam: a token that spans it belongs to the text, and says how much is not the text's", () => {
    expect(seamOf(["ab", "c\n\n", "de"], 5)).toEqual({ from: 2, overlap: 0 });
    expect(seamOf(["ab", "c\n\nd", "e"], 5)).toEqual({ from: 1, overlap: 3 });
    expect(seamOf(["ab", "", "c"], 2)).toEqual({ from: 2, overlap: 0 });
    expect(seamOf(["ab"], 2)).toBeNull();
  });
});

describe("where a text stands", () => {
  const parts: SubjectParts = { subject: "attempt", step: 0, steps: ["a", "b", "c"], text: "x", location: 2, content: "y\nz", arm: null, kind: null };
  test("after the steps that come before it", () => {
    expect(placed({ ...parts, subject: "attempt" })).toEqual({ before: "", text: "x" });
    expect(placed({ ...parts, subject: "original", step: 2 })).toEqual({ before: "a\n\n", text: "b" });
    expect(placed({ ...parts, subject: "original", step: 1 })).toEqual({ before: "", text: "a" });
    expect(placed({ ...parts, subject: "proposal", text: "p\nq" })).toEqual({ before: "a\n\n", text: "p\n\nq" });
    expect(placed({ ...parts, subject: "text", step: 3 })).toEqual({ before: "a\n\nb\n\nc\n\n", text: "x" });
    expect(placed({ ...parts, subject: "continuation", arm: "intervention" })).toEqual({ before: "a\n\ny\n\nz", text: "x" });
    expect(placed({ ...parts, subject: "continuation", arm: "problem" })).toEqual({ before: "", text: "x" });
    expect(placed({ ...parts, subject: "branch", kind: "replace", step: 3 })).toEqual({ before: "a\n\nb\n\ny\n\nz", text: "x" });
    expect(placed({ ...parts, subject: "reference" })).toEqual({ before: "", text: "x" });
  });
  test("branches go on from what is asked for and nothing else", () => {
    expect(branchPrefix(["a", "b"], { kind: "continue", step: 0, content: "" })).toBe("");
    expect(branchPrefix(["a", "b"], { kind: "continue", step: 2, content: "" })).toBe("a\n\nb");
    expect(branchPrefix(["a", "b"], { kind: "replace", step: 1, content: "n" })).toBe("n");
    expect(() => branchPrefix(["a"], { kind: "continue", step: 2, content: "" })).toThrow(RangeError);
  });
});

describe("means over tokens", () => {
  test("Student's points", () => {
    for (const [df, t] of [[1, 12.7062], [5, 2.5706], [9.5, 2.2443], [10, 2.2281], [12, 2.1788], [30, 2.0423], [120, 1.9799], [1e6, 1.96]] as const)
      expect(Math.abs(studentT95(df) - t)).toBeLessThan(2e-3);
  });
  test("an interval needs two tokens; a difference is Welch's", () => {
    expect(meanInterval({ n: 1, mean: 1, sd: null })).toBeNull();
    const i = meanInterval({ n: 25, mean: 1, sd: 0.5 });
    expect([i?.low, i?.high].map((x) => x?.toFixed(4))).toEqual(["0.7936", "1.2064"]);
    // Standard error √(5/12 + 4/3) = 1.3229, 3.2347 degrees of freedom, t = 3.065.
    const d = differenceInterval({ n: 4, mean: 2.5, sd: Math.sqrt(5 / 3) }, { n: 3, mean: 4, sd: 2 });
    expect(d?.value).toBe(-1.5);
    expect(d?.low).toBeCloseTo(-5.554, 2);
    expect(d?.high).toBeCloseTo(2.554, 2);
  });
});

describe("step values", () => {
  test("which steps are sampled", () => {
    expect(firstPoints(3, "all")).toEqual([0, 1, 2, 3]);
    expect(firstPoints(10, "every", 4)).toEqual([0, 4, 8, 10]);
    expect(firstPoints(100, "bisect")).toEqual([0, 25, 50, 75, 100]);
    expect(firstPoints(2, "bisect")).toEqual([0, 1, 2]);
    expect(firstPoints(1, "bisect")).toEqual([0, 1]);
  });
  test("the largest drop; of equal ones the wider, then the earlier; none where nothing falls", () => {
    const v = (...values: [number, number][]) => values.map(([step, value]) => ({ step, value }));
    expect(largestDrop(v([0, 0.5], [1, 0.4], [2, 0.1], [3, 0.1]))).toEqual({ from: 1, to: 2, size: 0.30000000000000004 });
    expect(largestDrop(v([0, 1], [1, 0.5], [4, 0]))).toEqual({ from: 1, to: 4, size: 0.5 });
    expect(largestDrop(v([0, 0], [5, 0.5]))).toBeNull();
    expect(largestDrop([])).toBeNull();
  });
  test("a bisection finds a single fall among 500 steps in a handful of points", () => {
    for (const error of [1, 2, 137, 250, 251, 499, 500]) {
      const value = (step: number) => ({ step, value: step < error ? 0.75 : 0.125 });
      const points = firstPoints(500, "bisect").map(value);
      const most = mostPoints(500, "bisect");
      for (let next = nextMidpoint(points, most); next !== null; next = nextMidpoint(points, most)) points.push(value(next));
      expect(largestDrop(points)).toMatchObject({ from: error - 1, to: error });
      expect(points.length).toBeLessThanOrEqual(13);
    }
    expect(nextMidpoint([{ step: 0, value: 0 }, { step: 9, value: 0 }], 99)).toBeNull();
  });
  test("a point has Wilson's interval", () => {
    expect(valuePoint({ step: 2, n: 8, correct: 2 })).toMatchObject({ value: 0.25, interval: { low: expect.closeTo(0.0715, 3), high: expect.closeTo(0.5907, 3) } });
  });
});

test("pieces of a stream: text goes on, is set back when a request is sent again, and a gap is noticed", () => {
  const a = applyPieces(new Map(), [{ i: 0, at: 0, text: "ab", tokens: 1 }, { i: 1, at: 0, text: "x", tokens: 1 }, { i: 0, at: 2, text: "c", tokens: 2 }]);
  expect(a?.get(0)).toEqual({ text: "abc", tokens: 2, outcome: null, extracted: null });
  const b = applyPieces(a ?? new Map(), [{ i: 0, at: 0, text: "new", tokens: 1 }, { i: 1, at: 1, text: "", tokens: 1, outcome: "success", extracted: "7" }]);
  expect(b?.get(0)?.text).toBe("new");
  expect(b?.get(1)).toEqual({ text: "x", tokens: 1, outcome: "success", extracted: "7" });
  expect(a?.get(0)?.text).toBe("abc");
  expect(applyPieces(new Map(), [{ i: 0, at: 3, text: "late", tokens: 1 }])).toBeNull();
});
