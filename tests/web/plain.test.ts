import { expect, test } from "vitest";
import { plainStart } from "@/components/text/plain";

test.each([
  ["Ida: $6\\times400=2400$", "Ida: 6×400=2400"],
  ["Buy 3 for $5, sell for $7.", "Buy 3 for $5, sell for $7."],
  ["**So** $\\frac{1}{2} \\leq \\left(x\\right)$\nand $\\sqrt{2}\\leftarrow y$", "So 1/2 ≤ (x) and \\sqrt{2}\\leftarrow y"],
  ["cut off in the $\\frac{1", "cut off in the $\\frac{1"],
])("%j begins as %j in a table", (text, plain) => {
  expect(plainStart(text, 110)).toBe(plain);
});

test("what is too long ends in a mark", () => {
  expect(plainStart("a ".repeat(40), 9)).toBe("a a a a a…");
});
