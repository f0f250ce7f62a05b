import { describe, expect, test } from "vitest";
import { extractAnswer } from "@/server/core/grading/extract";
import { gradeAnswer } from "@/server/usecases/grading/grade";
import { cpuMs } from "../cpu";

const T = String.raw;
const grade = (text: string, answer: string, o: { bareAnswers?: boolean; finishReason?: string } = {}) =>
  gradeAnswer(text, answer, { bareAnswers: o.bareAnswers ?? false, finishReason: o.finishReason ?? "stop" });

describe("finding the final answer", () => {
  test("the last box counts, whatever stands before and after", async () => {
    expect(await grade(T`First \boxed{12}, no: \boxed{\frac{1}{2}} it is. The answer is 12.`, "0.5")).toMatchObject({ reward: 1, extracted: T`\frac{1}{2}`, outcome: "success" });
  });
  test("braces are matched, escaped ones are text", async () => {
    expect(await grade(T`\boxed{\left\{\frac{1}{2},{3}\right\}}`, T`\{1/2, 3\}`)).toMatchObject({ reward: 1 });
    expect(await grade(T`\fbox{7}`, "7")).toMatchObject({ reward: 1 });
    expect(await grade(T`\boxed 7`, "7")).toMatchObject({ reward: 1 });
  });
  test("an empty or unfinished last box gives way to the one before", async () => {
    expect(await grade(T`\boxed{7} so \boxed{}`, "7")).toMatchObject({ reward: 1 });
    expect(await grade(T`\boxed{7} so \boxed{\frac{1}{`, "7", { finishReason: "length" })).toMatchObject({ reward: 1, outcome: "success" });
  });
  test("a wrong answer is a failure, none is no answer, none at the token limit is cut off", async () => {
    expect(await grade(T`\boxed{8}`, "7")).toMatchObject({ reward: 0, extracted: "8", outcome: "failure" });
    expect(await grade("It is 7.", "7")).toMatchObject({ reward: 0, extracted: null, outcome: "no_answer" });
    expect(await grade("It is 7", "7", { finishReason: "length" })).toMatchObject({ reward: 0, extracted: null, outcome: "cut_off" });
    expect(await grade("", "", {})).toMatchObject({ reward: 0, outcome: "no_answer" });
  });
  test.each([
    ["#### 1,234", "1234", "1,234"],
    ["so 5 * 2 = 10\n#### 10\n", "10", "10"],
    ["The final answer is $18 per day.", "18", "$18 per day"],
    ["**Answer:** 42", "42", "42"],
    ["the answer is 12. I am sure.", "12", "12"],
    ["A: 18", "18", "18"],
    ["so we add\n3 + 4 = 7", "7", "7"],
    ["1/2", "0.5", "1/2"],
    [T`$\frac12$`, "0.5", T`$\frac12$`],
  ])("bare answers, where they are accepted: %s", async (text, answer, extracted) => {
    expect(await grade(text, answer, { bareAnswers: true })).toMatchObject({ reward: 1, extracted });
    expect(await grade(text, answer, { bareAnswers: false })).toMatchObject({ reward: 0, outcome: "no_answer" });
  });
  test("prose is no bare answer", async () => {
    expect(await grade("I do not know how to go on with this", "7", { bareAnswers: true })).toMatchObject({ outcome: "no_answer" });
  });
  test("long texts are read in linear time", () => {
    for (const unit of [T`\boxed{`, T`\boxed{}`, "#### ", "answer is ", "=", "{", "9", "1,"]) {
      const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
      expect(cpuMs(() => extractAnswer(text, { bareAnswers: true })), unit).toBeLessThan(1500);
    }
  });
});
