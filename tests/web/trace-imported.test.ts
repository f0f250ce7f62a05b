import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importFile } from "@/server/usecases/importing/import-file";
import { sharedFile } from "../import/shared-data";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startWeb, type WebServer } from "../support/web";

/** Real traces of real models, imported from public files, on the page of an attempt. */
const home = mkdtempSync(path.join(tmpdir(), "intervene-imported-"));
const mistakes = sharedFile("bigbench_mistake_multistep_arithmetic.jsonl");
const solutions = sharedFile("gsm8k_test_model_solutions.jsonl");
/** A page on a busy machine takes its time. */
const soon = <T>(probe: () => T | Promise<T>) => expect.poll(probe, { timeout: 15_000 });

const canRun = findChromium() !== null && mistakes !== null && solutions !== null;
if (findChromium() === null) console.warn(NO_CHROMIUM);

let db: TestDatabase;
let web: WebServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("trace imported");
  for (const [file, study] of [
    [mistakes, "mistakes"],
    [solutions, "gsm8k"],
  ] as const)
    await importFile({ pool: db.pool, reports: path.join(home, "reports") }, { file: file ?? "", study });
  web = await startWeb({ databaseUrl: db.url, home });
  browser = await launchBrowser();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  page.on("pageerror", (e) => problems.push(e.message));
  page.on("console", (m) => m.type() === "error" && problems.push(m.text()));
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await db?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

const attemptsOf = async (study: string, where = "true") =>
  (
    await db.pool.query<{ id: string; text: string; first: number | null }>(
      `SELECT a.id, a.text, l.first_error AS first FROM attempt a JOIN problem p ON p.id = a.problem_id
       JOIN study s ON s.id = p.study_id LEFT JOIN label l ON l.attempt_id = a.id WHERE s.name = $1 AND ${where}
       ORDER BY p.ordinal, a.sample_index`,
      [study],
    )
  ).rows;
const open = async (address: string) => {
  await page.goto(web.url + address);
  await page.waitForFunction(() => performance.getEntriesByName("reader-ready").length > 0);
};

describe.skipIf(!canRun)("imported traces of real models", { timeout: 120_000 }, () => {
  it("show the step that people found, and n goes there", async () => {
    const marked = (await attemptsOf("mistakes", "l.first_error > 1")).filter((_, i) => i % 60 === 0);
    expect(marked.length).toBeGreaterThan(2);
    for (const { id, first } of marked) {
      await open(`/studies/mistakes/attempts/${id}`);
      await page.keyboard.press("n");
      await soon(() => new URL(page.url()).searchParams.get("step")).toBe(String(first));
      const step = page.locator(`#step-${first}`);
      await expect.poll(() => step.getByText("first error, by people (BIG-Bench Mistake)").count()).toBe(1);
      await expect.poll(() => page.locator("[data-ticks=people]").count()).toBe(1);
      // Products are arithmetic, not emphasis, and nothing of the step is lost.
      await expect.poll(() => page.locator("[data-testid=steps] em").count()).toBe(0);
      expect((await page.getByRole("slider").getAttribute("aria-valuetext")) ?? "").toContain("first error by people");
    }
    expect((await new AxeBuilder({ page }).analyze()).violations.map((v) => v.id)).toEqual([]);
  });

  it("leave money and calculator marks as they were written", async () => {
    const rows = (await attemptsOf("gsm8k", "a.text LIKE '%$%$%'")).filter((_, i) => i % 400 === 0);
    expect(rows.length).toBeGreaterThan(2);
    for (const { id, text } of rows) {
      await open(`/studies/gsm8k/attempts/${id}`);
      expect(await page.locator("[data-testid=steps] .katex").count()).toBe(0);
      const flat = (s: string) => s.replace(/\s+/g, "");
      const shown = await page.locator("[data-testid=steps] [data-hits]").allTextContents();
      expect(flat(shown.join(""))).toBe(flat(text).replaceAll("\\$", "$"));
    }
  });

  it("are searched by what stands in them, and walked through by ] from one to the next", async () => {
    const [first] = await attemptsOf("gsm8k");
    await open(`/studies/gsm8k/attempts/${first?.id}?reward=wrong`);
    await page.keyboard.press("/");
    const word = (first?.text.match(/[a-z]{5,}/) ?? [""])[0];
    await page.keyboard.type(word);
    await soon(() => page.getByTestId("hits").textContent()).toMatch(/^\d+ of \d+, in/);
    await page.keyboard.press("Escape");
    const before = page.url();
    await page.keyboard.press("]");
    await soon(() => page.url()).not.toBe(before);
    expect(new URL(page.url()).searchParams.get("reward")).toBe("wrong");
  });

  it("throw nothing on the way", () => expect(problems).toEqual([]));
});
