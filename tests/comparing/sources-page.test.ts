/** The page of SFT sources in a browser: figures, their rows, states in the address; axe and narrow windows. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedSources } from "../support/seed-sources";
import { startWeb, type WebServer } from "../support/web";

const home = mkdtempSync(path.join(tmpdir(), "intervene-sources-"));
const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);

let db: TestDatabase;
let web: WebServer;
let browser: Browser;

/** Three sources with spread, as the lab's figures have it, and one that nobody has scored. */
beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("sources page");
  const wave = (row: number, i: number) => Math.abs(Math.sin(row * 7 + i * 3));
  await seedSources(db.pool, {
    name: "sources",
    problems: 12,
    samples: 8,
    seeds: 2,
    base: (p) => (p % 4 === 0 ? 1 : 0),
    sources: [
      {
        name: "int",
        source: "int",
        nll: (row) => ({
          prefix: Array.from({ length: 12 }, (_, i) => 0.02 + 0.3 * wave(row, i)),
          intervention: Array.from({ length: 6 }, (_, i) => 0.05 + 1.2 * wave(row, i + 50)),
        }),
        right: { sft: (p) => (p % 3 === 0 ? 2 : 0), rl: (p, seed) => (p % 2 === 0 ? 3 + seed : 1) },
        entropy: { sft: [0.26, 0.27, 0.29], rl: 0.29 },
      },
      {
        name: "references",
        source: "reference",
        nll: (row) => ({ whole: Array.from({ length: 20 }, (_, i) => 0.4 + 3 * wave(row, i)) }),
        right: { sft: () => 0, rl: (p) => (p % 6 === 0 ? 2 : 0) },
        entropy: { sft: [0.31, 0.9, 1.6], rl: 1.66 },
      },
      {
        name: "own words",
        source: "self_reflection",
        nll: (row) => ({ whole: Array.from({ length: 20 }, (_, i) => 0.1 + 0.9 * wave(row, i)) }),
        right: { sft: null, rl: (p) => (p % 3 === 0 ? 3 : 0) },
        entropy: { sft: [0.28, 0.4], rl: 0.42 },
      },
      { name: "thoughts", source: "r1_think", nll: () => ({}), right: { sft: null, rl: null }, entropy: { sft: [], rl: 0 } },
    ],
  });
  web = await startWeb({ databaseUrl: db.url, home });
  browser = await launchBrowser();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await db?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

async function open(address: string, look: { width: number; dark: boolean }, act: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: look.width, height: 900 }, colorScheme: look.dark ? "dark" : "light", reducedMotion: "reduce" });
  const page = await context.newPage();
  const thrown: string[] = [];
  page.on("pageerror", (e) => thrown.push(e.message));
  try {
    await page.goto(web.url + address);
    await act(page);
    expect(thrown).toEqual([]);
  } finally {
    await context.close();
  }
}

/** Longer than any answer takes, also on a machine that is busy. */
const SOON = { timeout: 20_000 };
const PAGE = "/studies/sources/compare/sources";
const chart = (page: Page, file: string) => page.locator(`[data-chart="${file}"]`);

describe.skipIf(!canRun)("the page of sources", { timeout: 90_000 }, () => {
  it("shows the sources, and every figure leads to its rows", async () => {
    await open(PAGE, { width: 1440, dark: false }, async (page) => {
      await page.getByRole("row", { name: /int.*12.*12 rows of 12.*2 SFTs, 2 RL runs/ }).waitFor();
      await page.getByTestId("spearman").getByText("ρ = −1").waitFor();
      await page.getByText("n = 3").first().waitFor();
      await chart(page, "pass-at-k-test").locator("svg path.recharts-line-curve").first().waitFor();

      // A bin, by its bar: the rows behind it stand below, and in the address.
      await chart(page, "nll-distribution").locator("svg g.cursor-pointer").first().click();
      const behind = page.getByRole("region", { name: "Rows behind the bin", exact: true });
      await behind.getByRole("link").first().waitFor();
      expect(new URL(page.url()).searchParams.get("behind")).toMatch(/^int:whole:\d+$/);
      await page.reload();
      await behind.getByRole("link").first().click();
      await page.waitForURL(/\/datasets\/int\?row=\d+$/);
      await page.goBack();

      // The same by keyboard, in the chart's table.
      await page.getByRole("button", { name: /^Distribution of NLL.*: table$/ }).click();
      const cell = chart(page, "nll-distribution").getByRole("table").getByRole("link").last();
      await cell.click();
      await expect.poll(() => new URL(page.url()).searchParams.get("behind"), SOON).not.toMatch(/^int:whole/);

      // Choices stand in the address and are there again after it is opened anew.
      await page.getByLabel("Models after").selectOption("sft");
      await expect.poll(() => new URL(page.url()).searchParams.get("stage"), SOON).toBe("sft");
      await page.getByText("Not in it: thoughts (neither scored nor evaluated), own words (no model evaluated).").waitFor();
      await page.getByRole("checkbox", { name: "Show references in the charts" }).click();
      await expect.poll(() => new URL(page.url()).searchParams.getAll("data"), SOON).toEqual(["int", "thoughts", "own words"]);
      await page.getByText("With fewer than two sources there is no correlation.").waitFor();
      await page.reload();
      await expect.poll(() => page.getByRole("checkbox", { name: "Show references in the charts" }).isChecked()).toBe(false);

      // What was not scored is asked for, and is on its way.
      await page.getByRole("button", { name: "Score them under base" }).click();
      await page.getByText("0 / 12").waitFor();
      await page.getByText("No worker is at work").waitFor();
    });
  });

  it.each([
    { width: 1440, dark: false },
    { width: 320, dark: true },
  ])("axe finds nothing and nothing is too wide: $width px, dark $dark", async (look) => {
    await open(`${PAGE}?stage=rl&behind=int:whole:17`, look, async (page) => {
      await chart(page, "pass-at-k-test").locator("svg path.recharts-line-curve").first().waitFor();
      await page.getByRole("button", { name: /^Mean NLL.*: table$/ }).click();
      await page.getByTestId("spearman").waitFor();
      await page.waitForTimeout(400); // what follows the first paint
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 300)}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    });
  });
});
