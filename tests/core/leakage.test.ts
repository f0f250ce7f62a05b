import { describe, expect, test } from "vitest";
import { answerLeak } from "@/server/core/leakage";
import { cpuMs } from "./cpu";

const T = String.raw;

describe("what gives the answer away", () => {
  const cases: [content: string, answer: string][] = [
    ["So the answer is 1.", "1"],
    ["the answer is $1$", "1"],
    [T`Hence $\boxed{1}$.`, "1"],
    ["Thus $x = 1$.", "1"],
    ["so $f(2) = 1$", "1"],
    ["we get $3 - 2 = 1$", "1"],
    ["the remainder is 1.", "1"],
    ["#### 1", "1"],
    [T`Cal: $3\times22=66$`, "66"],
    ["$66 = 3 \\cdot 22$", "66"],
    ["So the total is 66.", "66"],
    ["She has 66 coins left", "66"],
    ["This gives 66 coins, which we keep.", "66"],
    ["3 * 22 = 66 coins, so she stops", "66"],
    ["x = $66$", "66"],
    ["66", "66"],
    ["Therefore the sum equals $1{,}234$", "1234"],
    ["so it is 0.5", "1/2"],
    [T`so the probability is $\dfrac12$`, T`\frac{1}{2}`],
    [T`Since $n \le 2$, the maximum is $\frac{2^{n}-1}{3}$`, T`\frac{2^n-1}{3}`],
    [T`We show $a_n \le 12^{10}$ next`, "$12^{10}$"],
    ["Hence $f(n) = n - 1$ for all $n$", "$g(n)=n - 1$"],
    ["The triple $(2, 251, 252)$ works", "(2,251,252)"],
    ["so all positive integers work", "All positive integers"],
    ["If $n = 3$, then the total is 66.", "66"],
    ["For $k=1$ we get $a = 66$", "66"],
  ];
  test.each(cases)("%s | %s", (content, answer) => expect(answerLeak(content, answer).equivalent).toBe(true));
});

describe("what does not", () => {
  const cases: [content: string, answer: string][] = [
    ["Take $x_1$ first.", "1"],
    ["There are 11 of them, see step 1.", "1"],
    ["In step 1 we add.", "1"],
    ["If $n = 1$ we are done.", "1"],
    ["Let $k=1$ and continue.", "1"],
    ["For n = 1 it is clear.", "1"],
    ["the base case n = 1", "1"],
    [T`$\sum_{i=1}^{n} a_i$ grows`, "1"],
    ["Add 1 to both sides.", "1"],
    ["There is 1 case left to check.", "1"],
    ["Ben has 1 more coin than Ava.", "1"],
    ["$x^2 + y^2 = 1$ is a circle", "1"],
    ["So $(x-3)(x+2) = 0$.", "0"],
    [T`$n \le 1$ is not enough`, "1"],
    [T`$a \equiv 1 \pmod 3$`, "1"],
    ["the value of $f(1)$ is needed", "1"],
    ["21 + 12 = 33", "1"],
    ["Next, add 66 + 5.", "66"],
    [T`Cal: $66+5=71$`, "66"],
    ["the total is 166", "66"],
    ["the total is 66.5", "66"],
    ["the total is 66/7", "66"],
    ["we have 66 + 4 coins", "66"],
    ["Use AM-GM on the two terms.", T`\sqrt{2}-1`],
    ["Let $x$ be odd.", "odd $n$"],
    ["", "1"],
    ["Anything = 3", ""],
  ];
  test.each(cases)("%s | %s", (content, answer) => expect(answerLeak(content, answer).equivalent).toBe(false));
});

test("the paper's plain rule is reported beside it, and fires where it should not", () => {
  expect(answerLeak("See step 12.", "1")).toEqual({ equivalent: false, substring: true });
  expect(answerLeak("so it is 0.5", "1/2")).toEqual({ equivalent: true, substring: false });
  expect(answerLeak("anything", "")).toEqual({ equivalent: false, substring: false });
});

test("long contents are read in linear time", () => {
  for (const unit of ["$", "= ", "is 1 ", "\\boxed{", "x=1,", "if ", "{", "answer ", "\\(", "1 "]) {
    const text = unit.repeat(Math.ceil(300_000 / unit.length));
    expect(cpuMs(() => answerLeak(text, "1")), unit).toBeLessThan(1500);
  }
});
