import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEngine, temporaryFolder } from "./server";
import { TINY, writeTinyModel } from "./tiny-qwen3";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeTinyModel(path.join(folder, "tiny"), TINY, "F16");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Run the program until it ends. */
async function ended(...args: string[]): Promise<{ code: number | null; errors: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "workers/engine/main.ts", ...args], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve) => child.once("exit", (code) => resolve({ code, errors: errors.trim() })));
}

// Each process takes seconds to start on a busy machine.
describe("the engine's process", { timeout: 120_000 }, () => {
  it("says in one line why it cannot start, with status 2", async () => {
    expect(await ended("--model", "x=/no/such/model.gguf")).toEqual({
      code: 2,
      errors: "There is no model at /no/such/model.gguf.",
    });
    expect((await ended("--port", "0")).code).toBe(2);
  });

  it("refuses a taken port, and ends with the pipe of the process that started it", async () => {
    const engine = await startEngine(path.join(folder, "tiny"), folder, ["--exit-with-stdin", "--lanes", "1"]);
    const port = new URL(engine.url).port;
    const second = await ended(
      "--model",
      `tiny=${path.join(folder, "tiny")}`,
      "--cache",
      path.join(folder, "cache"),
      "--port",
      port,
    );
    expect(second).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/^Port \d+ cannot be used: .*EADDRINUSE.*$/),
    });
    const exit = new Promise((resolve) => engine.process.once("exit", resolve));
    // A request in progress does not hold it up.
    const pending = engine
      .post("/v1/completions", { prompt: [1, 2, 3], n: 30, max_tokens: 500, ignore_eos: true })
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const start = performance.now();
    engine.process.stdin?.end();
    expect(await exit).toBe(0);
    expect(performance.now() - start).toBeLessThan(2000);
    await pending;
  });
});
