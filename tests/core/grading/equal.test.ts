import { beforeAll, describe, expect, test } from "vitest";
import { loadMathematics, type Mathematics } from "@/server/core/grading/engine";
import { equalAnswers } from "@/server/core/grading/equal";
import { NeedsMathematics } from "@/server/core/grading/single";
import { cpuMs } from "../cpu";
import { EQUAL, pairs, UNEQUAL } from "./cases";

const T = String.raw;
let m: Mathematics;
beforeAll(async () => {
  m = await loadMathematics();
});

describe("every rule, from both sides", () => {
  const equal = pairs(EQUAL);
  const unequal = pairs(UNEQUAL);
  test("there are enough cases", () => {
    expect(equal.length + unequal.length).toBeGreaterThanOrEqual(400);
    expect(unequal.length).toBeGreaterThanOrEqual(200);
  });
  test.each(equal)("%s: %s = %s", (_, gold, pred) => {
    expect(equalAnswers(gold, pred, m)).toMatchObject({ equal: true });
    expect(equalAnswers(pred, gold, m)).toMatchObject({ equal: true });
  });
  test.each(unequal)("%s: %s ≠ %s", (_, gold, pred) => {
    expect(equalAnswers(gold, pred, m)).toMatchObject({ equal: false });
    expect(equalAnswers(pred, gold, m)).toMatchObject({ equal: false });
  });
  test("every verdict says which rule decided", () => {
    for (const [, gold, pred] of [...equal, ...unequal]) expect(equalAnswers(gold, pred, m).reason).toMatch(/^[\S].{6,}/);
  });
});

describe("properties, over every answer of the tables", () => {
  const answers = [...new Set([...pairs(EQUAL), ...pairs(UNEQUAL)].flatMap(([rule, a, b]) => (rule === "unreadable" ? [] : [a, b])))];
  // A generator of its own, so that a failure can be repeated.
  let state = 20260214;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const spaced = (s: string): string => s.replace(/(?<=[=+<>(){}[\]])(?=[^\s_^])|(?=[=+<>)\]])(?<![\\<>!=:])/g, (at) => (random() < 0.5 ? `${at} ` : at)).replace(/([<>!:]) =/g, "$1=");
  const variants: [string, (s: string) => string][] = [
    ["itself", (s) => s],
    ["dollars", (s) => (s.includes("$") ? s : `$${s}$`)],
    ["white space around", (s) => `  ${s}\n`],
    ["white space within", spaced],
    ["a full stop", (s) => (/\.$/.test(s) ? s : `${s}.`)],
    ["\\left and \\right", (s) => (/[[\]]/.test(s) && !/^[[(].*[\])]$/.test(s) ? s : s.replace(/(?<!\\left|\\right|\\)([()])/g, (b) => (b === "(" ? T`\left(` : T`\right)`)))],
    ["\\dfrac", (s) => s.replace(/\\frac(?![A-Za-z])/g, T`\dfrac`)],
    ["\\tfrac", (s) => s.replace(/\\frac(?![A-Za-z])/g, T`\tfrac`)],
    ["another font of text", (s) => s.replace(/\\text\{/g, T`\textbf{`).replace(/\\mathrm\{/g, T`\text{`)],
    ["a box", (s) => s.replace(/^(.*)$/s, "{$1}")],
  ];
  test.each(variants)("unchanged by %s", (_, change) => {
    for (const answer of answers) {
      const other = change(answer);
      expect([answer, other, equalAnswers(answer, other, m).equal]).toEqual([answer, other, true]);
      expect([answer, other, equalAnswers(other, answer, m).equal]).toEqual([answer, other, true]);
    }
  });
  test("symmetric for pairs drawn at random", () => {
    for (let k = 0; k < 1500; k++) {
      const a = answers[Math.floor(random() * answers.length)] ?? "";
      const b = answers[Math.floor(random() * answers.length)] ?? "";
      expect([a, b, equalAnswers(a, b, m).equal]).toEqual([a, b, equalAnswers(b, a, m).equal]);
    }
  });
  test("random polynomials equal their expansion, and not one with a changed coefficient", () => {
    const whole = (): number => Math.floor(random() * 19) - 9;
    for (let k = 0; k < 60; k++) {
      const [a, b, c, d] = [whole() || 1, whole(), whole() || 2, whole()];
      const product = `(${a}x+${b})(${c}x+${d})`.replaceAll("+-", "-");
      const expansion = `${a * c}x^2+${a * d + b * c}x+${b * d}`.replaceAll("+-", "-");
      const other = `${a * c}x^2+${a * d + b * c}x+${b * d + 1}`.replaceAll("+-", "-");
      expect([product, expansion, equalAnswers(product, expansion, m).equal]).toEqual([product, expansion, true]);
      expect([product, other, equalAnswers(product, other, m).equal]).toEqual([product, other, false]);
    }
  });
  test("random fractions equal their decimals and reduced forms exactly", () => {
    for (let k = 0; k < 300; k++) {
      const [p, q, n] = [Math.floor(random() * 999) + 1, 2 ** Math.floor(random() * 7) * 5 ** Math.floor(random() * 4), Math.floor(random() * 30) + 1];
      const form = T`\frac{${p * n}}{${q * n}}`;
      expect([form, equalAnswers(`${p / q}`, form, null).equal]).toEqual([form, true]);
      expect([form, equalAnswers(`${p + 1}/${q}`, form, null).equal]).toEqual([form, false]);
    }
  });
});

describe("safety", () => {
  const hostile: [string, string][] = [
    ["a megabyte of braces", "{".repeat(1_000_000)],
    ["closed braces", "{".repeat(1000) + "}".repeat(1000)],
    ["deep brackets", `${"(".repeat(700)}1${")".repeat(700)}`],
    ["deep fractions", `${T`\frac{1}{`.repeat(300)}1${"}".repeat(300)}`],
    ["deep roots", `${T`\sqrt{`.repeat(400)}2${"}".repeat(400)}`],
    ["roots without braces", T`\sqrt`.repeat(500)],
    ["\\left without end", T`\left(`.repeat(400)],
    ["a tower", "10^{10^{10}}"],
    ["a tower of nines", "9^{9^{9^9}}"],
    ["a tall tower", "2^{2^{2^{2^{2^{2^{2^2}}}}}}"],
    ["typed towers", "10^10^10"],
    ["a huge factorial", "(10^{9})!"],
    ["factorials of factorials", "((9!)!)!"],
    ["many factorials", `5${"!".repeat(200)}`],
    ["a huge exponent", "1e999999"],
    ["many digits", "9".repeat(2900)],
    ["powers of many digits", `(${"7".repeat(1000)})^{9999}`],
    ["a huge binomial", T`\binom{10^{8}}{10^{7}}`],
    ["a long sum", T`\sum_{k=1}^{10^9} k`],
    ["sums of sums", T`\sum_{i=1}^{1000}\sum_{j=1}^{1000}\sum_{k=1}^{1000} ijk`],
    ["signs", "-".repeat(2500)],
    ["commas", "1,".repeat(1400)],
    ["dots", ".".repeat(2900)],
    ["spaces", `1${" ".repeat(2900)}1`],
    ["words", "a ".repeat(1400)],
    ["equals", "x=".repeat(1400)],
    ["plus minus", T`\pm `.repeat(500)],
    ["matrices", T`\begin{pmatrix}`.repeat(190)],
    ["ampersands", T`\begin{pmatrix}${"1&".repeat(1300)}\end{pmatrix}`],
    ["carets", "x^".repeat(150)],
    ["underscores", "x_".repeat(1400)],
    ["bars", "|".repeat(2900)],
    ["digits and spaces", "1 ".repeat(1400)],
    ["backslashes", "\\".repeat(2900)],
    ["dollars", "$".repeat(2900)],
  ];
  test.each(hostile)("%s: unequal to 7 and to more of it, at once", (_, text) => {
    for (const [a, b] of [[text, "7"], ["7", text], [text, `${text}+1`], [text, T`\frac{x}{2}`]] as const) {
      let equal = true;
      const ms = cpuMs(() => {
        equal = equalAnswers(a, b, m).equal;
      });
      expect(equal).toBe(false);
      expect(ms).toBeLessThan(50 + 100);
    }
  });
  test.each([["a megabyte of braces", "{".repeat(1_000_000)], ["deep nesting", `${"(".repeat(700)}1${")".repeat(700)}`], ["a tower", "10^{10^{10}}"]])("%s: the reason says that it is too large", (_, text) => {
    expect(equalAnswers("7", text, m)).toEqual({ equal: false, reason: "not equal, too large" });
  });
});

describe("what needs no library", () => {
  const simple: [string, string][] = [["66", "66"], ["1,234", "1234"], ["0.5", T`\frac{1}{2}`], ["-7", "8"], [T`\frac{10}{4}`, "2.5"], ["x^2+1", "x^2 + 1"], ["12 cm", "12"], ["yes", "Yes"], ["(A)", "A"], ["1, 2", "2, 1"]];
  test("at least 2,000 simple cases a second on one core", () => {
    const rounds = 400;
    for (const [a, b] of simple) equalAnswers(a, b, null);
    const ms = cpuMs(() => {
      for (let k = 0; k < rounds; k++) for (const [a, b] of simple) equalAnswers(a, b, null);
    });
    expect((rounds * simple.length * 1000) / ms).toBeGreaterThan(2000);
  });
  test("the rest is not guessed", () => {
    expect(() => equalAnswers(T`\sqrt{8}`, T`2\sqrt{2}`, null)).toThrow(NeedsMathematics);
  });
});
