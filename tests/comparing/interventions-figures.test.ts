import { describe, expect, it } from "vitest";
import { variantOf } from "@/server/core/comparing/ablation";
import { amongAttemptsOf, amongProblemsOf, amongText } from "@/server/core/comparing/among";
import { countIn, medianOf, wholeBins } from "@/server/core/comparing/bins";
import { adjust, pairedValues, type Tested, withAll } from "@/server/core/comparing/conditioning";
import { FATES, FUNNEL_STEPS, funnelSteps } from "@/server/core/comparing/fates";
import { placeAgreement, placesByShare, placesByStep } from "@/server/core/comparing/positions";
import { inRateBin, RATE_BINS, successByRate } from "@/server/core/comparing/success";

const PIPELINE = "019abcde-0000-7000-8000-000000000001";
const DATASET = "019abcde-0000-7000-8000-000000000002";

describe("the funnel", () => {
  it("takes each fate away once: what is left at the end is what was kept", () => {
    expect(new Set(FUNNEL_STEPS.flatMap((s) => s.losses)).size).toBe(FATES.length - 1);
    const counts = FATES.map((fate, i) => ({ fate, attempts: 10 + i }));
    const steps = funnelSteps(counts, [
      { fate: "right", problems: 2 },
      { fate: "no_success", problems: 3 },
      { fate: "kept", problems: 4 },
    ]);
    expect(steps.at(-1)).toMatchObject({ id: "kept", attempts: 21, problems: 4 });
    expect(steps[0]).toMatchObject({ attempts: counts.reduce((n, c) => n + c.attempts, 0), problems: 9 });
    expect(steps[1]).toMatchObject({ id: "failed", problems: 7 });
    for (const [i, step] of steps.entries())
      expect(step.attempts + step.losses.reduce((n, l) => n + l.attempts, 0)).toBe(steps[i - 1]?.attempts ?? step.attempts);
  });
});

describe("positions", () => {
  const places = [
    { step: 1, steps: 4, count: 2 },
    { step: 4, steps: 4, count: 1 },
    { step: 3, steps: 10, count: 1 },
  ];

  it("are counted by step; if every step were as likely is 3 of 4 steps and 1 of 10", () => {
    const { bins, model, uniform } = placesByStep(places, new Map());
    expect(bins[0]).toEqual({ from: 1, below: 2 });
    expect(model.slice(0, 4)).toEqual([2, 0, 1, 1]);
    expect(uniform[0]).toBeCloseTo(3 / 4 + 1 / 10, 12);
    expect(uniform[9]).toBeCloseTo(1 / 10, 12);
    expect(uniform.reduce((a, b) => a + b, 0)).toBeCloseTo(4, 12);
  });

  it("are counted by tenth: a step at a bound belongs to the part that it begins, the last step to the last", () => {
    const { model, uniform, known } = placesByShare(places, new Map([["people", [{ step: 7, steps: 10, count: 5 }]]]));
    expect(model).toEqual([0, 0, 2, 1, 0, 0, 0, 0, 0, 1]);
    expect(known.people?.[7]).toBe(5);
    expect(uniform.reduce((a, b) => a + b, 0)).toBeCloseTo(4, 12);
  });

  it("stand beside what position alone says about known errors", () => {
    const all = Array.from({ length: 10 }, (_, i) => ({ label: i < 6 ? 2 : 3, steps: 5, said: i < 4 ? 2 : i === 9 ? null : 3 }));
    const { n, model, baselines } = placeAgreement("people", all);
    // Right: four of the six at step 2, three of the four at step 3.
    expect([n, model?.value]).toEqual([10, 0.7]);
    // Leaving each out, the commonest label of the others is step 2: right about six.
    expect(baselines.find((b) => b.kind === "constant")?.of?.value).toBe(0.6);
  });
});

describe("lengths", () => {
  it("fall into round bins that hold all of them", () => {
    const bins = wholeBins(37, 196);
    expect(bins[0]?.from).toBeLessThanOrEqual(37);
    expect(bins.at(-1)?.below).toBeGreaterThan(196);
    expect(bins.length).toBeLessThanOrEqual(24);
    expect(countIn(bins, [{ value: 37, count: 2 }, { value: 196, count: 3 }]).reduce((a, b) => a + b, 0)).toBe(5);
    expect(wholeBins(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)).toEqual([]);
  });

  it("have a median with the interval of its order statistics", () => {
    expect(medianOf([])).toBeNull();
    expect(medianOf([{ value: 7, count: 1 }])).toEqual({ n: 1, value: 7, low: 7, high: 7 });
    // 1..100: the ranks 40.2 and 59.8 bound the middle (Conover 1999, 3.2): the 41st and the 60th value.
    const m = medianOf(Array.from({ length: 100 }, (_, i) => ({ value: i + 1, count: 1 })));
    expect(m).toEqual({ n: 100, value: 50.5, low: 41, high: 60 });
  });
});

describe("pairs", () => {
  it("are of the problems that both have, in one order", () => {
    const { problems, coverage, accuracy } = pairedValues(
      [
        { problemId: "c", n: 4, c: 3 },
        { problemId: "a", n: 4, c: 0 },
      ],
      [
        { problemId: "a", n: 8, c: 2 },
        { problemId: "b", n: 8, c: 8 },
        { problemId: "c", n: 8, c: 0 },
      ],
    );
    expect({ problems, coverage, accuracy }).toEqual({
      problems: 2,
      coverage: { a: [0, 1], b: [1, 0] },
      accuracy: { a: [0, 0.75], b: [0.25, 0] },
    });
  });

  it("are adjusted together; one without problems does not count", () => {
    const test = (p: number | null): Tested => ({ difference: null, p, holm: null, differing: 0 });
    const tests = [test(0.01), test(null), test(0.04), test(0.03)];
    adjust(tests);
    expect(tests.map((t) => t.holm)).toEqual([0.03, null, 0.06, 0.06]);
  });

  it("of hints are on the problems that have all three arms", () => {
    const full = { hint: { n: 1, c: 0 }, intervention: { n: 1, c: 0 }, hint_intervention: { n: 1, c: 1 } };
    const problems = [
      { problemId: "a", arms: full },
      { problemId: "b", arms: { ...full, hint: { n: 0, c: 0 } } },
    ];
    expect(withAll(problems, ["hint", "intervention", "hint_intervention"]).map((p) => p.problemId)).toEqual(["a"]);
  });
});

describe("the bare problem's rate", () => {
  it("puts every rate into one bin", () => {
    for (const rate of [0, 1 / 64, 1 / 16, 0.1, 1 / 8, 0.2, 1 / 4, 0.3, 1 / 2, 0.99, 1])
      expect(RATE_BINS.filter((bin) => inRateBin(rate, bin)), String(rate)).toHaveLength(1);
  });

  it("sorts guided continuations by it; a problem without bare samples is said", () => {
    const { groups, unknown } = successByRate([
      { problemId: "a", arms: { problem: { n: 8, c: 0 }, intervention: { n: 4, c: 1 } } },
      { problemId: "b", arms: { problem: { n: 8, c: 8 }, intervention: { n: 4, c: 4 } } },
      { problemId: "c", arms: { intervention: { n: 4, c: 4 } } },
      { problemId: "d", arms: { problem: { n: 8, c: 8 } } },
    ]);
    expect(unknown).toBe(1);
    expect(groups.map((g) => g.rows.map((r) => r.problemId))).toEqual([["a"], [], [], [], [], ["b"]]);
  });
});

describe("addresses", () => {
  it("say which rows a figure is of, and back", () => {
    const attempts = [
      { kind: "became", pipeline: PIPELINE, fate: "no_success" },
      { kind: "came", pipeline: PIPELINE, fates: ["kept", "no_success"] },
      { kind: "unused", pipeline: PIPELINE, why: "rejected", dataset: DATASET },
      { kind: "rows", pipeline: PIPELINE, origin: "person", dataset: DATASET },
      { kind: "type", pipeline: PIPELINE, type: "arithmetic" },
      { kind: "label", pipeline: PIPELINE, by: "share", from: 0.1, below: 0.2, source: "settled in a*b" },
    ] as const;
    for (const f of attempts) expect(amongAttemptsOf(amongText(f))).toEqual(f);
    const problems = [
      { kind: "arm", pipeline: PIPELINE, arm: "hint_intervention", covered: "covered" },
      { kind: "three", pipeline: PIPELINE, arm: "hint", covered: "any" },
      { kind: "pair", pipeline: PIPELINE, a: "intervention", b: "problem", relation: "more" },
      { kind: "rate", pipeline: PIPELINE, from: 0, below: 0.0625, covered: "any" },
      { kind: "fate", pipeline: PIPELINE, fate: "all_right" },
      { kind: "came", pipeline: PIPELINE, fates: ["kept"] },
    ] as const;
    for (const f of problems) expect(amongProblemsOf(amongText(f))).toEqual(f);
    for (const nonsense of ["", "became", `became*${PIPELINE}*lost`, "became*x*kept", `arm*${PIPELINE}*arm*any`, `came*${PIPELINE}`, `rate*${PIPELINE}*1e9*2*any`])
      expect([amongAttemptsOf(nonsense), amongProblemsOf(nonsense)], nonsense).toEqual([null, null]);
  });
});

describe("variants of the data set", () => {
  it("are named by their one option", () => {
    const none = { unfiltered: false, withoutPrefix: false, withSuffix: false };
    expect(variantOf(none)).toBe("filtered");
    expect(variantOf({ ...none, unfiltered: true })).toBe("unfiltered");
    expect(variantOf({ ...none, withoutPrefix: true })).toBe("without_prefix");
    expect(variantOf({ ...none, withSuffix: true })).toBe("with_suffix");
    expect(variantOf({ ...none, withSuffix: true, unfiltered: true })).toBe("other");
  });
});
