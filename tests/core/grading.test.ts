import { describe, expect, test } from "vitest";
import { gradeAnswer } from "@/server/core/grading/grade";
import { normaliseAnswer, sameAnswer } from "@/server/core/grading/normalise";
import { cpuMs } from "./cpu";

const T = String.raw;
const grade = (text: string, answer: string, o: { bareAnswers?: boolean; finishReason?: string } = {}) =>
  gradeAnswer(text, answer, { bareAnswers: o.bareAnswers ?? false, finishReason: o.finishReason ?? "stop" });

describe("equal after normalisation", () => {
  const cases: [string, string][] = [
    ["66", "66"], ["66.", "66"], [" 66 ", "$66$"], ["066", "66"], ["66.0", "66"], ["+66", "66"], ["−66", "-66"],
    ["1,234", "1234"], ["1{,}234", "1234"], [T`1\,234`, T`1\,234`], ["12,345,678.50", "12345678.5"],
    ["0.5", "1/2"], [".5", T`\frac{1}{2}`], [T`\dfrac{1}{2}`, T`\frac12`], [T`\tfrac{2}{4}`, "0.5"], [T`-\frac{1}{2}`, T`\frac{-1}{2}`],
    [T`1\frac{1}{2}`, "3/2"], ["1 1/2", "1.5"], ["½", "0.5"],
    [T`\$18`, "18"], ["$18 per day", "18"], ["18 dollars per day", "18"], [T`12\text{ cm}`, "12"], ["12 cm^2", "12"], ["5cm", "5"],
    ["50%", "50"], [T`50\%`, "50"], [T`90^\circ`, "90"], ["90°", "90 degrees"],
    ["x = 5", "5"], ["$g(n)=n - 1$", "n-1"], ["{5}", "5"], [T`\text{Yes}`, "yes"], ["(A)", "a"],
    [T`\left(1,\frac{1}{2}\right)`, "(1, 0.5)"], [T`\{1,2\}`, T`\left\{ 1, 2 \right\}`], ["1, 2 and 3", "1,2,3"],
    [T`\sqrt2`, T`\sqrt{2}`], [T`2\cdot\sqrt{3}`, T`2 \sqrt{3}`], ["x^{2}+1", "x^2 + 1"], [T`\frac{\pi}{2}`, T`\dfrac{\pi}{2}`],
    ["**42**", "42"], [T`\(42\)`, "42"], ["3×4", T`3 \times 4`],
  ];
  test.each(cases)("%s = %s", (a, b) => {
    expect(sameAnswer(a, b)).toMatchObject({ equal: true });
    expect(sameAnswer(b, a)).toMatchObject({ equal: true });
  });
});

describe("not equal", () => {
  const cases: [string, string][] = [
    ["66", "67"], ["6 6", "66"], ["12", "1,2"], ["(1,2)", "(2,1)"], ["(1,2)", "[1,2]"], ["12 million", "12"], ["5 or 6", "5"],
    ["x^2", "x_2"], ["2x", "2"], ["5ab", "5"], [T`\sqrt{2}`, "2"], ["1/0", "0"], ["", ""], [" ", "$ $"], ["0.333", "1/3"], ["-5", "5"],
    [T`2\pi`, "2"], ["10^5", "105"], ["1e5", "15"],
  ];
  test.each(cases)("%s ≠ %s", (a, b) => expect(sameAnswer(a, b).equal).toBe(false));

  test("two answers that cannot be read are not equal", () => {
    expect(normaliseAnswer("$ $")).toBeNull();
    expect(sameAnswer("$$", "$$").equal).toBe(false);
  });
});

describe("finding the final answer", () => {
  test("the last box counts, whatever stands before and after", () => {
    expect(grade(T`First \boxed{12}, no: \boxed{\frac{1}{2}} it is. The answer is 12.`, "0.5")).toMatchObject({ reward: 1, extracted: T`\frac{1}{2}`, outcome: "success" });
  });
  test("braces are matched, escaped ones are text", () => {
    expect(grade(T`\boxed{\left\{\frac{1}{2},{3}\right\}}`, T`\{1/2, 3\}`).reward).toBe(1);
    expect(grade(T`\fbox{7}`, "7").reward).toBe(1);
    expect(grade(T`\boxed 7`, "7").reward).toBe(1);
  });
  test("an empty or unfinished last box gives way to the one before", () => {
    expect(grade(T`\boxed{7} so \boxed{}`, "7").reward).toBe(1);
    expect(grade(T`\boxed{7} so \boxed{\frac{1}{`, "7", { finishReason: "length" })).toMatchObject({ reward: 1, outcome: "success" });
  });
  test("a wrong answer is a failure, none is no answer, none at the token limit is cut off", () => {
    expect(grade(T`\boxed{8}`, "7")).toMatchObject({ reward: 0, extracted: "8", outcome: "failure" });
    expect(grade("It is 7.", "7")).toMatchObject({ reward: 0, extracted: null, outcome: "no_answer" });
    expect(grade("It is 7", "7", { finishReason: "length" })).toMatchObject({ reward: 0, extracted: null, outcome: "cut_off" });
    expect(grade("", "", {})).toMatchObject({ reward: 0, outcome: "no_answer" });
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
  ])("bare answers, where they are accepted: %s", (text, answer, extracted) => {
    expect(grade(text, answer, { bareAnswers: true })).toMatchObject({ reward: 1, extracted });
    expect(grade(text, answer, { bareAnswers: false })).toMatchObject({ reward: 0, outcome: "no_answer" });
  });
  test("prose is no bare answer", () => {
    expect(grade("I do not know how to go on with this", "7", { bareAnswers: true }).outcome).toBe("no_answer");
  });
  test("long texts are read in linear time", () => {
    for (const unit of [T`\boxed{`, T`\boxed{}`, "#### ", "answer is ", "=", "{", "9", "1,"]) {
      const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
      expect(cpuMs(() => grade(text, text, { bareAnswers: true })), unit).toBeLessThan(1500);
    }
  });
});
