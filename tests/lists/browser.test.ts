import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";
import { startWeb, type WebServer } from "../support/web";

const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);

const home = mkdtempSync(path.join(tmpdir(), "intervene-lists-"));
let db: TestDatabase;
let web: WebServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("lists_page");
  await seedStudy(db.pool, { name: "seeded", problems: 24, samples: 2 });
  web = await startWeb({ databaseUrl: db.url, home });
  browser = await launchBrowser();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", acceptDownloads: true });
  page = await context.newPage();
}, 300_000);

afterAll(async () => {
  await context?.close();
  await browser?.close();
  await web?.stop();
  await db?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

/** Go to what a keyboard reaches, and press a key there. */
async function press(role: "button" | "link" | "checkbox", name: string | RegExp, key = "Enter"): Promise<void> {
  const control = page.getByRole(role, { name, exact: typeof name === "string" });
  await control.first().focus();
  await page.keyboard.press(key);
}

/** Open a page, and wait until it hears of changes: from then on it also hears keys. */
async function open(path: string): Promise<void> {
  await page.goto(`${web.url}/studies/seeded/${path}`);
  await page.getByText("live", { exact: true }).waitFor();
}

const address = () => new URL(page.url()).searchParams;
const rows = () => page.getByRole("region", { name: "Attempts table" }).getByRole("row");
/** `part`: only there, as axe takes long over a whole table. */
const isFine = async (where: string, part = "body") => {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)).join(" | ")}`), where).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), where).toBeLessThanOrEqual(0);
};

describe.skipIf(!canRun)("a list, by keyboard alone", { timeout: 120_000 }, () => {
  it("is sorted, filtered, shown by other columns, kept as a view and opened by its link", async () => {
    await open("attempts");
    await page.getByText("96 attempts").waitFor();
    await expect.poll(() => rows().count()).toBe(51);

    // Order: once up, once down; the address and the header say so.
    await press("button", "Tokens");
    await expect.poll(() => address().get("sort")).toBe("tokens");
    await page.getByRole("columnheader", { name: "Tokens" }).and(page.locator("[aria-sort=ascending]")).waitFor();
    await press("button", /^Tokens/);
    await expect.poll(() => address().get("dir")).toBe("desc");
    await page.locator("th[aria-sort=descending]").waitFor();

    // A filter: the panel takes the focus, Enter applies it.
    await press("button", "Filter…");
    await page.getByLabel("Column").selectOption("reward");
    await page.getByRole("checkbox", { name: "wrong" }).focus();
    await page.keyboard.press("Space");
    await press("button", "Filter");
    await expect.poll(() => address().get("reward")).toBe("wrong");
    await page.getByRole("button", { name: "Answer: wrong", exact: true }).waitFor();

    // Columns.
    await press("button", "Columns");
    await page.getByRole("checkbox", { name: "Original" }).focus();
    await page.keyboard.press("Space");
    await expect.poll(() => page.getByRole("columnheader", { name: "Original" }).count()).toBe(0);
    await page.keyboard.press("Escape");

    // Kept under a name, for everybody.
    await press("button", "Views");
    await page.getByLabel("Save what is shown as").fill("Wrong, longest first");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "View: Wrong, longest first" }).waitFor();
    const asked = address().toString();
    await open("attempts");
    await page.getByText("96 attempts").waitFor();
    await press("button", "Views");
    await press("link", "Wrong, longest first");
    await expect.poll(() => address().toString()).toBe(asked);
    await page.getByRole("button", { name: "Answer: wrong", exact: true }).waitFor();
  });

  it("has all that match chosen, over its pages, and tagged", async () => {
    const wrong = (await db.pool.query<{ n: number }>("SELECT count(*)::int AS n FROM attempt WHERE reward = 0")).rows[0]?.n ?? 0;
    expect(wrong).toBeGreaterThan(50);
    await press("checkbox", /^Choose the 50 attempts on this page/, "Space");
    await page.getByText("50 attempts chosen").waitFor();
    await press("button", "Next");
    await expect.poll(() => address().get("after")).not.toBeNull();
    // What was chosen on the page before stays chosen.
    await page.getByText("50 attempts chosen").waitFor();
    await press("button", new RegExp(`^Choose all ${wrong} that match`));
    await page.getByText(`${wrong} attempts chosen`).waitFor();
    await expect.poll(() => page.getByRole("checkbox", { name: /^Choose row 1,/ }).isChecked()).toBe(true);
    await press("checkbox", /^Choose row 1,/, "Space");
    await page.getByText(`${wrong - 1} attempts chosen`).waitFor();
    await press("button", "Tag…");
    await page.getByLabel("A word, new or used before").fill("to read");
    await page.keyboard.press("Enter");
    await page.getByText(`${wrong - 1} attempts got the tag “to read”.`).waitFor();
    const tagged = await db.pool.query("SELECT 1 FROM tagging");
    expect(tagged.rowCount).toBe(wrong - 1);

    // As a file: the very rows, in the order shown.
    const [download] = await Promise.all([page.waitForEvent("download"), press("button", "CSV")]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    expect(lines).toHaveLength(wrong);
    expect(lines[0]).toMatch(/^id,problem_id,run_id,problem,model/);

    // Found again by the tag.
    await open("attempts?tag=to+read");
    await page.getByText(`${wrong - 1} attempts`, { exact: true }).waitFor();
  });

  it("hands its question on to an attempt, and back", async () => {
    await open("attempts?reward=wrong&sort=tokens&dir=desc");
    await rows().nth(2).getByRole("link").first().click();
    await page.waitForURL(/\/attempts\/[0-9a-f-]{36}\?list=/);
    await page.getByRole("navigation", { name: "Where you are" }).getByRole("link", { name: "attempts", exact: true }).click();
    await page.waitForURL(/\/attempts\?reward=wrong&sort=tokens&dir=desc$/);
  });

  it("is sound in both looks, on a phone too, with everything open", async () => {
    for (const [width, scheme] of [
      [1440, "dark"],
      [320, "light"],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: scheme });
      await open("attempts?reward=wrong&error=1..&tag=any&sort=reward,-steps");
      await rows().nth(3).waitFor();
      await page.getByRole("checkbox", { name: /^Choose row 1,/ }).click();
      await page.getByRole("region", { name: "Chosen rows" }).waitFor();
      await isFine(`${width} px ${scheme}`);
      for (const panel of ["Filter…", "Columns", "Views", "Tag…", "Add to queue…"]) {
        await page.getByRole("button", { name: panel, exact: true }).click();
        await page.getByRole("dialog").waitFor();
        await isFine(`${panel} at ${width} px ${scheme}`, "[role=dialog]");
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
      }
    }
  });
});
