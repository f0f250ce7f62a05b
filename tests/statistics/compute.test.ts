import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { pairedDifference } from "@/server/core/statistics/pairedBootstrap";
import { passAtKCurve } from "@/server/core/statistics/passAtKCurve";
import { compute } from "@/server/usecases/statistics/compute";
import { StatisticsThread } from "@/server/usecases/statistics/statistics-thread";

const thread = new StatisticsThread();
afterAll(() => thread.close());

const problems = Array.from({ length: 600 }, (_, i) => ({ n: 128, c: (i * 37) % 5 === 0 ? i % 128 : 0 }));
const a = problems.map((p) => p.c / p.n);
const b = a.map((v, i) => (i % 3 === 0 ? v / 2 : v));

test("a thread computes what the function does, before and after it is ready", async () => {
  const expected = pairedDifference(a, b);
  expect(await thread.perform("pairedDifference", [a, b])).toEqual(expected);
  // Soon the thread does it, and this process's loop turns meanwhile.
  await expect
    .poll(
      async () => {
        let turns = 0;
        const timer = setInterval(() => turns++, 1);
        const result = await thread.perform("passAtKCurve", [problems, undefined, { resamples: 40_000 }]);
        clearInterval(timer);
        expect(result).toEqual(passAtKCurve(problems, undefined, { resamples: 40_000 }));
        return turns;
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThan(3);
  expect(await thread.perform("pairedDifference", [a, b])).toEqual(expected);
  await expect(thread.perform("pairedDifference", [a, b.slice(1)])).rejects.toThrow(RangeError);
});

test("the same question is answered from what is kept", async () => {
  const asked = performance.now();
  const first = await compute("passAtKCurve", problems, [1, 8], { resamples: 60_000 });
  const began = performance.now();
  expect(await compute("passAtKCurve", problems.map((p) => ({ ...p })), [1, 8], { resamples: 60_000 })).toBe(first);
  expect(performance.now() - began).toBeLessThan((began - asked) / 4);
  expect(await compute("passAtKCurve", problems, [1, 4], { resamples: 1000 })).not.toEqual(first);
  await expect(compute("passAtKCurve", problems, [0])).rejects.toThrow("pass@0 is not defined");
});

test("a program that has asked ends by itself, wherever it was called from", () => {
  const module = pathToFileURL(path.resolve("server/usecases/statistics/compute.ts")).href;
  const script = `import(${JSON.stringify(module)}).then(async ({ compute }) => {
    const a = Array.from({ length: 5000 }, (_, i) => i % 2);
    // Asked before its threads are ready, and not again.
    console.log((await compute("bootstrapMeanInterval", a)).value);
  })`;
  const run = spawnSync(process.execPath, ["--import", pathToFileURL(path.resolve("node_modules/tsx/dist/loader.mjs")).href, "-e", script], {
    cwd: tmpdir(),
    encoding: "utf8",
    timeout: 25_000,
  });
  expect(run.stdout.trim(), run.stderr).toBe("0.5");
  expect(run.status).toBe(0);
});
