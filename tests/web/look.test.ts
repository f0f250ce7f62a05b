import { describe, expect, it } from "vitest";
import { attemptQueryOf, searchOf } from "@/app/search-params";
import { placeOf, writePlace } from "@/app/studies/[study]/attempts/[attempt]/place";
import { sharedSteps } from "@/components/attempt/continuation";
import { wordDiff } from "@/components/attempt/diff";
import { lookOf, nextMark } from "@/components/attempt/prepare";
import { groupFailures } from "@/components/study/failures";
import { flatten } from "@/components/study/settings-list";
import { scaleEnd } from "@/components/study/whisker";
import { duration, percent, rate } from "@/components/ui/format";
import type { AttemptView, ProposalView, VerificationView } from "@/server/core/views/attempt";

const verification = (id: string, o: Partial<VerificationView> = {}): VerificationView => ({
  id,
  sampleIndex: 0,
  outcome: "proposed",
  firstError: 2,
  verdicts: [
    { step: 1, verdict: "correct", note: "agrees" },
    { step: 2, verdict: "incorrect", note: "" },
  ],
  parseNote: "",
  tokens: 1,
  ...o,
});
const proposal = (id: string, verificationId: string, o: Partial<ProposalView> = {}): ProposalView => ({
  id,
  verificationId,
  sampleIndex: 0,
  author: "model",
  content: "do this\ninstead",
  location: 2,
  leakEquivalent: false,
  leakSubstring: false,
  chosen: false,
  kept: null,
  ...o,
});
const attempt = {
  steps: ["one", "two", "three", "four"],
  labels: [{ source: "people", firstError: 3 }],
  verifications: [
    verification("a", { outcome: "no_error", firstError: null, verdicts: [] }),
    verification("b"),
    verification("c", { firstError: 4 }),
  ],
  proposals: [proposal("p", "b", { chosen: true }), proposal("q", "c", { location: 4 })],
} as unknown as AttemptView;

describe("what a step looks like", () => {
  it("is by default as the chosen proposal's verification has it", () => {
    const look = lookOf(attempt, null);
    expect(look.verification?.id).toBe("b");
    expect(look.proposal?.id).toBe("p");
    expect(look.steps.map((s) => [s.verdict, s.firstError, s.replaced, s.dropped])).toEqual([
      ["correct", false, false, false],
      ["incorrect", true, true, false],
      [null, false, false, true],
      [null, false, false, true],
    ]);
    expect(look.marks).toEqual([2, 3]);
  });

  it("follows the sample that is picked; one without a proposal replaces nothing", () => {
    expect(lookOf(attempt, 2).proposal?.location).toBe(4);
    const none = lookOf(attempt, 0);
    expect(none.proposal).toBeNull();
    expect(none.steps.some((s) => s.dropped)).toBe(false);
    expect(lookOf(attempt, 99).verification?.id).toBe("b");
  });

  it("n and N go round", () => {
    expect([nextMark([2, 7], null, true), nextMark([2, 7], 2, true), nextMark([2, 7], 7, true)]).toEqual([2, 7, 2]);
    expect([nextMark([2, 7], 7, false), nextMark([2, 7], 2, false), nextMark([], 1, true)]).toEqual([2, 7, null]);
  });

  it("knows what a continuation went on from", () => {
    const p = proposal("p", "b");
    expect(sharedSteps("problem", attempt.steps, p)).toEqual([]);
    expect(sharedSteps("prefix", attempt.steps, p)).toEqual(["one"]);
    expect(sharedSteps("original", attempt.steps, p)).toEqual(["one", "two"]);
    expect(sharedSteps("intervention", attempt.steps, p)).toEqual(["one", "do this", "instead"]);
  });
});

describe("word diff", () => {
  const shown = (words: { text: string; changed: boolean }[]) =>
    words.map((w) => (w.changed ? `[${w.text.trim()}]` : w.text.trim())).join(" ");
  it("marks what changed and loses nothing", () => {
    const { left, right } = wordDiff(
      "The number of $b$ is $d(a)$, so we add.",
      "The number of $b$ is $d(a) - 1$, so we add.",
    );
    expect(shown(right)).toBe("The number of $b$ is $d(a) [- 1] $, so we add.");
    expect(left.map((w) => w.text).join("")).toBe("The number of $b$ is $d(a)$, so we add.");
  });
  it("does not leave single marks standing between two changes", () => {
    const { left } = wordDiff("a = b + c", "x = y + z");
    expect(left).toEqual([{ text: "a = b + c", changed: true }]);
  });
});

describe("words and numbers", () => {
  it("writes shares with digits that mean something", () => {
    expect([0, 0.000984, 0.0156, 0.0427, 0.373, 1].map(percent)).toEqual([
      "0 %",
      "0.098 %",
      "1.6 %",
      "4.3 %",
      "37.3 %",
      "100 %",
    ]);
  });
  it("writes rates and times as people say them", () => {
    expect([12.3, 2.46, 0.2].map(rate)).toEqual(["12/s", "2.5/s", "12/min"]);
    expect([4, 100, 7800, 200000].map(duration)).toEqual(["4 s", "2 min", "2 h 10 min", "2 days"]);
  });
  it("ends a scale at a round number", () => {
    expect(scaleEnd([{ value: 0.02, low: 0.01, high: 0.043 }, null])).toBeCloseTo(0.05);
    expect(scaleEnd([])).toBe(1);
  });
  it("groups failures that say the same", () => {
    const item = { id: "1", stage: "continue", arm: "prefix", targetId: "t", units: 8, error: "full" };
    expect(
      groupFailures([item, { ...item, arm: "original" }, { ...item, error: "other" }]).map((g) => [
        g.error,
        g.items,
        g.rows,
      ]),
    ).toEqual([
      ["full", 2, 16],
      ["other", 1, 8],
    ]);
  });
  it("flattens settings into paths", () => {
    expect(flatten({ seed: 1, rollout: { arms: ["a", "b"], turns: [{ text: "x" }] } }, "")).toEqual([
      { path: "seed", value: "1" },
      { path: "rollout.arms", value: "a, b" },
      { path: "rollout.turns[0].text", value: "x" },
    ]);
  });
  it("keeps the reader's place in the address, counted as people count", () => {
    const given =
      "reward=wrong&step=4&v=2&arm=intervention&sample=1&with=prefix.3&outcome=success%2Ccut_off&order=length&min=10&max=900&panel=log&q=gcd&diff=0&think=1&statement=0&reference=1";
    const place = placeOf(new URLSearchParams(given), 9);
    expect(place).toEqual({
      step: 4,
      verification: 1,
      open: { arm: "intervention", sample: 0 },
      compared: { arm: "prefix", sample: 2 },
      sift: { outcomes: ["success", "cut_off"], order: "length", shortest: 10, longest: 900 },
      panel: "log",
      query: "gcd",
      raw: false,
      diff: false,
      thinking: true,
      problem: false,
      reference: true,
    });
    const again = new URLSearchParams("reward=wrong");
    writePlace(place, again);
    expect(again.toString()).toBe(given);
    // What is as by default is left out.
    const plain = new URLSearchParams();
    writePlace(placeOf(plain, 9), plain);
    expect(plain.toString()).toBe("");
    const nonsense = "step=99&v=0&arm=leg&sample=x&with=prefix.0&outcome=fine&order=up&min=-1&max=x";
    expect(placeOf(new URLSearchParams(nonsense), 9)).toEqual(placeOf(new URLSearchParams(), 9));
  });
  it("keeps the table's question in the address and drops nonsense", () => {
    const query = attemptQueryOf({ reward: "wrong", sort: "tokens", dir: "sideways", problem: "nope" });
    expect(query).toEqual({ reward: "wrong", sort: "tokens", dir: "asc" });
    expect(searchOf(query).toString()).toBe("reward=wrong&sort=tokens");
  });
});
