import { describe, expect, it } from "vitest";
import { drawTopP, mixSeed, uniform } from "@/workers/engine/sampling";
import { findStop, heldBack } from "@/workers/engine/text";

const settings = { temperature: 1, topP: 1, topK: 0, minP: 0, seed: 0 };
// Probabilities 0.5, 0.3, 0.15, 0.05 of tokens 7, 8, 9, 10.
const candidates = [7, Math.log(0.5), 8, Math.log(0.3), 9, Math.log(0.15), 10, Math.log(0.05)];

describe("drawing from candidates", () => {
  it("keeps the smallest set whose mass reaches top_p", () => {
    expect(drawTopP(candidates, { ...settings, topP: 0.79 }, 0.999)).toBe(8);
    expect(drawTopP(candidates, { ...settings, topP: 0.81 }, 0.999)).toBe(9);
    expect(drawTopP(candidates, { ...settings, topP: 0.01 }, 0.999)).toBe(7);
    expect(drawTopP(candidates, { ...settings, topP: 0.79 }, 0.62)).toBe(7);
    expect(drawTopP(candidates, { ...settings, topP: 0.79 }, 0.63)).toBe(8);
  });
  it("applies the temperature before top_p, as vLLM does", () => {
    // At temperature 0.5 the masses are 0.685, 0.247, 0.062, 0.007: 0.68 is reached by the first alone.
    expect(drawTopP(candidates, { ...settings, temperature: 0.5, topP: 0.68 }, 0.999)).toBe(7);
    expect(drawTopP(candidates, { ...settings, topP: 0.68 }, 0.999)).toBe(8);
  });
  it("drops what is below min_p of the best", () => {
    expect(drawTopP(candidates, { ...settings, topP: 0.99, minP: 0.2 }, 0.999)).toBe(9);
    expect(drawTopP(candidates, { ...settings, topP: 0.99, minP: 0.31 }, 0.999)).toBe(8);
  });
});

describe("seeds", () => {
  it("of neighbours are far apart", () => {
    const mixed = Array.from({ length: 1000 }, (_, i) => mixSeed(i));
    expect(new Set(mixed).size).toBe(1000);
    const first = mixed.map((seed) => uniform(seed)());
    expect(first.reduce((a, b) => a + b) / 1000).toBeCloseTo(0.5, 1);
  });
});

describe("stop strings", () => {
  it("are found across pieces, the earliest first", () => {
    expect(findStop("abc\n\ndef", ["def", "\n\n"], 4)).toEqual({ stop: "\n\n", at: 3 });
    expect(findStop("abc", ["x"], 0)).toBeUndefined();
  });
  it("are not streamed before they are certain", () => {
    expect(heldBack("the answer\n", ["\n\n"])).toBe(1);
    expect(heldBack("the answer", ["\n\n"])).toBe(0);
  });
});
