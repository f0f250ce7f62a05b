import { expect, test } from "vitest";
import { branchText, wholeText } from "@/server/core/branch";
import { PAPER_VERIFY } from "@/server/core/prompts/paper";
import { fillTemplate } from "@/server/core/prompts/template";
import { splitSteps } from "@/server/core/steps";

const steps = ["one", "two", "three"];

test("each arm goes on from its own prefix, without a newline at the end", () => {
  const at = { steps, content: "better\n\nand on", location: 2 };
  expect(branchText("problem", at)).toBe("");
  expect(branchText("hint", at)).toBe("");
  expect(branchText("prefix", at)).toBe("one");
  expect(branchText("original", at)).toBe("one\n\ntwo");
  expect(branchText("intervention", at)).toBe("one\n\nbetter\n\nand on");
  expect(branchText("hint_intervention", at)).toBe("one\n\nbetter\n\nand on");
});

test("at the first step the prefix is empty and the intervention stands alone", () => {
  const at = { steps, content: "better", location: 1 };
  expect(branchText("prefix", at)).toBe("");
  expect(branchText("original", at)).toBe("one");
  expect(branchText("intervention", at)).toBe("better");
});

test("a location outside the attempt, or no content, is an error and not another prefix", () => {
  expect(() => branchText("prefix", { steps, location: 4 })).toThrow(RangeError);
  expect(() => branchText("original", { steps, location: 0 })).toThrow(RangeError);
  expect(() => branchText("intervention", { steps, location: 2 })).toThrow(/content/);
});

test("the whole text is split into the steps the model saw", () => {
  const prefix = branchText("intervention", { steps, content: "better", location: 2 });
  expect(splitSteps(wholeText(prefix, "\n\nthen\n\nend"))).toEqual(["one", "better", "then", "end"]);
  expect(splitSteps(wholeText(prefix, ", and more\n\nend"))).toEqual(["one", "better, and more", "end"]);
});

test("the default verification template asks in the form the parser reads", () => {
  const fields = { problem: "P", reference: "R", numbered_attempt: "Substep 1: one {{problem}}" };
  const [solve, verify] = PAPER_VERIFY.turns.map((t) => fillTemplate(t.text, fields));
  expect(solve).toContain("## Problem\nP");
  expect(verify).toContain("Substep 1: one {{problem}}");
  expect(verify).toContain('<intervention>{"content"');
});
