import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";
import { startWeb, type WebServer } from "../support/web";

const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);
const home = mkdtempSync(path.join(tmpdir(), "intervene-interventions-"));
let db: TestDatabase;
let web: WebServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("interventions_page");
  await seedStudy(db.pool, { name: "seeded" });
  web = await startWeb({ databaseUrl: db.url, home });
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await db?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

describe.skipIf(!canRun)("the page of interventions", { timeout: 120_000 }, () => {
  it("opens from a bar of a histogram the interventions behind it, exactly as many as it counts", async () => {
    await page.goto(`${web.url}/studies/seeded/compare/interventions`);
    const chart = page.locator("[data-chart=first-errors]");
    await chart.getByRole("button", { name: /: table$/ }).click();
    const rows = chart.locator("tbody tr");
    await rows.first().waitFor();
    const counts = (await rows.locator("td:nth-child(2)").allInnerTexts()).map((text) => Number(text.replaceAll(",", "")));
    const tallest = counts.indexOf(Math.max(...counts));
    const n = counts[tallest] ?? 0;
    expect(n).toBeGreaterThan(1);
    expect(counts.reduce((sum, c) => sum + c, 0)).toBe(Number(/\d+/.exec(await chart.locator("figcaption p").innerText())?.[0]));

    // The drawing: the tallest bar, in its middle.
    const bars = chart.locator(".recharts-bar-rectangle path");
    await expect.poll(() => bars.count()).toBeGreaterThan(0);
    const heights = await bars.evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().height));
    const bar = bars.nth(heights.indexOf(Math.max(...heights)));
    // As a hand does: over it, then down. Recharts draws the bar anew when the mouse comes, and a press begun before that is lost.
    await bar.hover();
    await chart.locator(".recharts-tooltip-wrapper").getByText(/\d/).first().waitFor();
    await bar.click();
    await page.waitForURL(/\/studies\/seeded\/proposals\?/);
    await page.getByText(`${n} proposals`, { exact: true }).first().waitFor();
    await page.goBack();

    // The table's own link leads to the same list.
    await page.locator("[data-chart=first-errors]").getByRole("button", { name: /: table$/ }).click();
    await rows.nth(tallest).getByRole("link").first().click();
    await page.waitForURL(/\/studies\/seeded\/proposals\?.*position=/);
    await page.getByText(`${n} proposals`, { exact: true }).first().waitFor();
  });

  it("keeps its question in the address", async () => {
    await page.goto(`${web.url}/studies/seeded/compare/interventions?by=step&pair=intervention-original`);
    await page.getByRole("heading", { name: "First errors by step" }).waitFor();
    await page.getByRole("heading", { name: "+ prefix + intervention less + prefix + original step, problem by problem" }).waitFor();
    await page.getByRole("link", { name: /^Draw \+ prefix less problem$/ }).click();
    await page.getByRole("heading", { name: "+ prefix less problem, problem by problem" }).waitFor();
    expect(new URL(page.url()).searchParams.get("pair")).toBe("prefix-problem");
    expect(new URL(page.url()).searchParams.get("by")).toBe("step");
    await page.getByLabel("by", { exact: true }).selectOption("share");
    await page.getByRole("heading", { name: "First errors by part of the attempt" }).waitFor();
  });
});
