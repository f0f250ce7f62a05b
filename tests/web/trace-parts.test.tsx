import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { partAt } from "@/components/attempt/part-at";
import { rowsOf, type StepLook } from "@/components/attempt/prepare";
import { Rail } from "@/components/attempt/rail";
import { findHits, hitFrom, hitsByStep, MOST_HITS } from "@/components/attempt/search";
import { EVERYTHING, leavesOut, siftMarks } from "@/components/attempt/sift";
import type { Outcome } from "@/server/core/arms";
import type { ContinuationMark, ProposalView } from "@/server/core/views/attempt";

const step = (n: number, o: Partial<StepLook> = {}): StepLook => ({
  n,
  text: `step ${n}`,
  verdict: null,
  note: "",
  firstError: false,
  replaced: false,
  dropped: false,
  people: [],
  thought: false,
  ...o,
});

describe("the rail", () => {
  const steps = [
    step(1, { verdict: "correct" }),
    step(2, { verdict: "unclear" }),
    step(3, { verdict: "incorrect", firstError: true, replaced: true }),
    step(4, { people: ["people"] }),
  ];
  const rail = (more: Partial<Parameters<typeof Rail>[0]>) =>
    renderToStaticMarkup(<Rail steps={steps} current={3} onGo={() => {}} {...more} />);
  it("has a tick per step, drawn as one path for each kind", () => {
    const html = rail({});
    expect([...html.matchAll(/data-ticks="(\w+)"/g)].map((m) => m[1])).toEqual([
      "correct",
      "unclear",
      "people",
      "replaced",
      "error",
    ]);
    expect(html).toContain('aria-valuetext="Step 3: first error, replaced by the intervention"');
  });
  it("shows where the hits are, and V(t) with its interval", () => {
    const interval = { value: 0.5, low: 0.3, high: 0.7 };
    const html = rail({
      hits: new Map([[2, 3]]),
      current: 2,
      values: [0, 2, 4].map((s) => ({ step: s, value: 0.5, interval })),
    });
    expect(html).toContain('data-ticks="hits"');
    expect(html).toContain('data-testid="rail-values"');
    expect(html).toMatch(/aria-valuetext="Step 2: judged unclear, V 0\.50.*3 hits"/);
  });
  it("costs as many elements for 2,000 steps as for 20", () => {
    const many = (n: number) => rail({ steps: Array.from({ length: n }, (_, i) => step(i + 1)), current: 1 });
    const elements = (html: string) => html.split("<").length;
    expect(elements(many(2_000))).toBe(elements(many(20)));
  });
});

describe("our own search", () => {
  const proposal = { location: 2, content: "Add the\ngcd here" } as ProposalView;
  it("finds words over line ends, in the proposal too, and formulas by their source", () => {
    const hits = findHits(["the gcd\nis $\\frac{1}{2}$", "no", "The GCD"], proposal, "the gcd");
    expect(hits).toEqual([
      { step: 1, nth: 0 },
      { step: 2, nth: 0 },
      { step: 3, nth: 0 },
    ]);
    expect(findHits(["a $\\frac{1}{2}$"], null, "\\frac")).toHaveLength(1);
    expect([...hitsByStep(hits)]).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });
  it("minds capitals when the question has one, and takes signs for what they are", () => {
    expect(findHits(["gcd GCD Gcd"], null, "GCD")).toHaveLength(1);
    expect(findHits(["a.b (c) [d]* .*"], null, ".*")).toHaveLength(1);
    expect(findHits(["x"], null, "  ")).toEqual([]);
  });
  it("starts at the step that is named, goes round, and stops counting at thousands", () => {
    const hits = findHits(["a", "b a", "c"], null, "a");
    expect([hitFrom(hits, null), hitFrom(hits, 2), hitFrom(hits, 3), hitFrom([], 1)]).toEqual([0, 1, 0, -1]);
    expect(findHits(["a".repeat(1_000_000)], null, "a")).toHaveLength(MOST_HITS);
  });
});

describe("continuations", () => {
  const mark = (sampleIndex: number, outcome: Outcome, tokens: number): ContinuationMark =>
    ({ id: String(sampleIndex), arm: "prefix", proposalId: null, sampleIndex, outcome, tokens }) as ContinuationMark;
  const marks = [mark(0, "failure", 30), mark(1, "success", 50), mark(2, "cut_off", 10), mark(3, "success", 20)];
  const samples = (sift: Parameters<typeof siftMarks>[1]) => siftMarks(marks, sift).map((m) => m.sampleIndex);
  it("are sifted and ordered by outcome and by length", () => {
    expect(samples(EVERYTHING)).toEqual([0, 1, 2, 3]);
    expect(samples({ ...EVERYTHING, order: "outcome" })).toEqual([1, 3, 0, 2]);
    expect(samples({ ...EVERYTHING, order: "length" })).toEqual([2, 3, 0, 1]);
    expect(samples({ ...EVERYTHING, outcomes: ["success"], shortest: 20, longest: 40 })).toEqual([3]);
    expect([leavesOut(EVERYTHING), leavesOut({ ...EVERYTHING, longest: 5 })]).toEqual([false, true]);
  });
  it("say from where on two of them differ", () => {
    const said = (arm: "prefix" | "original", ...steps: string[]) => ({ arm, steps });
    expect(partAt(said("prefix", "a", "b"), said("prefix", "a", "c"))).toBe("Their first sampled step is the same.");
    expect(partAt(said("prefix", "a"), said("prefix", "a"))).toBe("Both say the same.");
    expect(partAt(said("prefix", "a"), said("prefix", "b"))).toBe("They differ from their first sampled step on.");
    expect(partAt(said("prefix", "a"), said("original", "a"))).toBeNull();
  });
});

describe("thinking in the list of steps", () => {
  const look = { steps: [1, 2, 3, 4].map((n) => step(n)), thoughts: [{ from: 2, to: 3, closed: true }] };
  const rows = (unfolded: boolean) => rowsOf(look, unfolded).map((r) => (r.kind === "step" ? r.step.n : "thought"));
  it("is one row, or its title and its steps", () => {
    expect(rows(false)).toEqual([1, "thought", 4]);
    expect(rows(true)).toEqual([1, "thought", 2, 3, 4]);
  });
});
