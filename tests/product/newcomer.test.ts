import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, launchBrowser } from "../support/browser";

/**
 * What a newcomer sees: `npm start` on an empty data folder, the study page filling, an attempt opened in a real
 * browser, the table of figures, and nothing left behind after SIGTERM. Everything is real: PostgreSQL, engine, model.
 */
const root = path.resolve(import.meta.dirname, "../..");
const home = mkdtempSync(path.join(os.tmpdir(), "intervene-newcomer-"));
const START_LIMIT = 240_000;
const RUN_LIMIT = 900_000;

let product: ChildProcess;
let url = "";
let output = "";
let browser: Browser | undefined;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Run `npm run intervene -- …` against the product; gives stdout and the exit status. */
function intervene(...args: string[]): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) => {
    const child = spawn("npm", ["run", "--silent", "intervene", "--", ...args], {
      cwd: root,
      env: { ...process.env, INTERVENE_HOME: home },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let stdout = "";
    child.stdout.on("data", (d: Buffer) => {
      stdout += d.toString();
    });
    child.on("close", (code) => resolve({ code: code ?? -1, stdout }));
  });
}

interface Status {
  studies: {
    name: string;
    runs: { id: string; stage: string; state: string; total: number; done: number; failed: number }[];
    arms: Record<string, { problems: number; covered: number; samples: number; correct: number }>;
  }[];
}
const status = async () => JSON.parse((await intervene("status", "--json")).stdout) as Status;

async function until<T>(limit: number, what: string, probe: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`waited ${limit / 1000} s for ${what}\n${output.slice(-3000)}`);
    await new Promise((r) => setTimeout(r, 1000));
  }
}

beforeAll(async () => {
  const port = await freePort();
  product = spawn("npm", ["start"], {
    cwd: root,
    env: { ...process.env, INTERVENE_HOME: home, PORT: String(port), DATABASE_URL: "", INFERENCE_URL: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [product.stdout, product.stderr])
    stream?.on("data", (d: Buffer) => {
      output += d.toString();
    });
  url = `http://127.0.0.1:${port}`;
  await until(START_LIMIT, "the URL line", async () => (output.includes(url) ? true : undefined));
}, START_LIMIT + 10_000);

afterAll(async () => {
  await browser?.close();
  if (product.exitCode === null) {
    const gone = new Promise((resolve) => product.once("exit", resolve));
    product.kill("SIGTERM");
    await gone;
  }
  rmSync(home, { recursive: true, force: true });
}, 60_000);

describe("a newcomer's first minutes", () => {
  it("says the URL on one line, and the page answers", async () => {
    expect(output.split("\n").filter((line) => line.includes(url))).toHaveLength(1);
    const health = (await (await fetch(`${url}/api/health`)).json()) as { ok: boolean };
    expect(health.ok).toBe(true);
  });

  it("refuses a second start on the same data folder with one line and status 2", async () => {
    const second = spawn("npm", ["start", "--silent"], {
      cwd: root,
      env: { ...process.env, INTERVENE_HOME: home, PORT: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    second.stderr.on("data", (d: Buffer) => {
      stderr += d.toString();
    });
    const code = await new Promise((resolve) => second.once("exit", resolve));
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain(url);
  });

  it("runs the loop to its end with the rows its settings ask for", { timeout: RUN_LIMIT }, async () => {
    const study = await until(RUN_LIMIT, "the InT run to end", async () => {
      const lab = (await status()).studies.find((s) => s.name === "lab");
      return lab?.runs.length === 5 && lab.runs.every((r) => r.state === "done") ? lab : undefined;
    });
    for (const run of study.runs) {
      expect(run.failed, run.stage).toBe(0);
      expect(run.done, run.stage).toBe(run.total);
      expect(run.total, run.stage).toBeGreaterThan(0);
    }
    const { problem, prefix, original, intervention } = study.arms;
    for (const arm of [problem, prefix, original, intervention]) expect(arm?.samples).toBeGreaterThan(0);
    const accuracy = (arm: typeof problem) => (arm?.correct ?? 0) / (arm?.samples ?? 1);
    // The claim of the method, on the lab's own figures: the corrected step is worth at least three times the wrong one.
    expect(accuracy(intervention)).toBeGreaterThan(3 * accuracy(original));
    expect(intervention?.covered).toBeGreaterThan(original?.covered ?? 0);
  });

  describe.skipIf(findChromium() === null)("in a browser", () => {
    let page: Page;
    const problems: string[] = [];

    beforeAll(async () => {
      browser = await launchBrowser();
      // axe wants a context of its own.
      page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
      page.on("pageerror", (e) => problems.push(e.message));
      page.on("console", (m) => m.type() === "error" && problems.push(m.text()));
    });

    it("opens the study: stages and the conditioning table", async () => {
      await page.goto(url);
      await page.getByRole("link", { name: "lab", exact: true }).first().click();
      await page.getByRole("table", { name: /coverage and accuracy/i }).waitFor();
      for (const arm of ["problem", "+ prefix", "+ prefix + original step", "+ prefix + intervention"])
        await expect.poll(() => page.getByRole("rowheader", { name: arm, exact: true }).count()).toBe(1);
      await expect.poll(() => page.getByRole("progressbar").count()).toBeGreaterThanOrEqual(5);
      expect((await new AxeBuilder({ page }).analyze()).violations.map((v) => v.id)).toEqual([]);
    });

    it("opens an attempt: mathematics, the first error, the proposal, the arms", async () => {
      const attempts = page.getByRole("table", { name: /attempts/i });
      await attempts.getByRole("row").filter({ hasText: /wrong/i }).first().getByRole("link").first().click();
      await page.locator(".katex").first().waitFor();
      await expect.poll(() => page.getByText(/first error/i).count()).toBeGreaterThan(0);
      await expect.poll(() => page.getByRole("heading", { name: /continuations/i }).count()).toBe(1);
      expect((await new AxeBuilder({ page }).analyze()).violations.map((v) => v.id)).toEqual([]);
    });

    it("has thrown nothing on the way", () => expect(problems).toEqual([]));
  });
});
