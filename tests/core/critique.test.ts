import { describe, expect, test } from "vitest";
import { CRITIQUE } from "@/server/core/prompts/critique";
import { fillTemplate } from "@/server/core/prompts/template";
import { parseCritique } from "@/server/core/verifying/critique";

const read = (text: string, finishReason = "stop") => {
  const { firstError, outcome } = parseCritique(text, { steps: 6, finishReason });
  return [outcome, firstError];
};

describe("the earliest wrong paragraph, as models really write it", () => {
  test.each([
    ["Paragraph 1 is fine.\n\nThe earliest error is in \\boxed{3}", "located", 3],
    ["first \\boxed{2}, but on reflection \\boxed{4}.", "located", 4],
    ["$$\\boxed{\\text{Paragraph } 5}$$", "located", 5],
    ["\\boxed{paragraph_2}", "located", 2],
    ["\\boxed{\\mathbf{6}}", "located", 6],
    ["All is well: \\boxed{-1}", "no_error", null],
    ["\\boxed{−1}", "no_error", null],
    ["\\boxed{\\text{no error}}", "no_error", null],
    ["\\boxed{None}", "no_error", null],
    ["\\boxed{0}", "no_error", null],
    ["\\boxed{17}", "out_of_range", null],
    ["The first error is in paragraph 2, where 3 · 4 is said to be 13.", "located", 2],
    ["<think>\\boxed{1}</think>So \\boxed{2}", "located", 2],
    ["I cannot say.", "unparsed", null],
    ["\\boxed{\\frac", "unparsed", null],
    ["", "unparsed", null],
  ])("%s", (text, outcome, step) => {
    expect(read(text)).toEqual([outcome, step]);
  });
  test("cut off before its answer", () => {
    expect(read("Paragraph 1: let us see", "length")).toEqual(["cut_off", null]);
    expect(read("so \\boxed{3} and further", "length")).toEqual(["located", 3]);
  });
  test("verdicts of a log are kept", () => {
    const { verdicts } = parseCritique("Paragraph 1: 2 + 2 = 4. Correct.\n\nParagraph 2: wrong, it is 5. Incorrect.\n\n\\boxed{2}", { steps: 3, finishReason: "stop" });
    expect(verdicts.map((v) => [v.step, v.verdict])).toEqual([[1, "correct"], [2, "incorrect"]]);
  });
  test("its prompt needs no reference and does not say that the answer is wrong", () => {
    const text = fillTemplate(CRITIQUE.turns[0]?.text ?? "", { problem: "P", numbered_attempt: "Paragraph 1: A" });
    expect(text).toContain("Paragraph 1: A");
    expect(text).not.toMatch(/answer is wrong|reference/);
  });
});
