import { afterAll, expect, test } from "vitest";
import { equalSafely } from "@/server/usecases/grading/grade";
import { GradingPool } from "@/server/usecases/grading/pool";

const T = String.raw;
const pool = new GradingPool();
afterAll(() => pool.close());

test("hard cases are decided in a thread, in any number at once", async () => {
  const pairs = Array.from({ length: 40 }, (_, k) => [T`\frac{x+${k}}{7}`, T`\frac{x}{7}+\frac{${k}}{7}`] as const);
  const verdicts = await Promise.all(pairs.map(([a, b]) => pool.equal(a, b)));
  expect(verdicts.every((v) => v.equal)).toBe(true);
  expect((await pool.equal(T`\sqrt{8}`, T`2\sqrt{3}`)).equal).toBe(false);
});

test("a case that computes for too long loses its thread; those behind it get another", async () => {
  // Within every limit of size, and 100 ms and more.
  const slow = T`\sum_{k=1}^{1999} k! + \sum_{k=1}^{1999} \binom{1999}{k}^2 x`;
  const [stopped, after] = await Promise.all([pool.equal(slow, `${slow} + x`), pool.equal("x+1", "1+x")]);
  expect(stopped).toEqual({ equal: false, reason: "not equal, too large (more than 50 ms of computing)" });
  expect(pool.killed).toBe(1);
  expect(after.equal).toBe(true);
});

test("cases that need no library are decided without the thread", async () => {
  const began = performance.now();
  for (let k = 0; k < 500; k++) expect((await equalSafely("1/2", "0.5")).equal).toBe(true);
  expect(performance.now() - began).toBeLessThan(2000);
});
