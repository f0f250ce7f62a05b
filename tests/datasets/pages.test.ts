import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";
import { startWeb, type WebServer } from "../support/web";

const home = mkdtempSync(path.join(tmpdir(), "intervene-datasets-"));
const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);

let db: TestDatabase;
let deps: Deps;
let worker: RunningWorker;
let web: WebServer;
let browser: Browser;

beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("dataset pages");
  deps = createDeps({ databaseUrl: db.url, name: "test dataset pages" });
  await seedStudy(db.pool, { name: "seeded", problems: 8 });
  web = await startWeb({ databaseUrl: db.url, home });
  worker = await startWorker({ databaseUrl: db.url, inferenceUrl: "http://127.0.0.1:9", log: () => {} });
  browser = await launchBrowser();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await worker?.stop();
  await web?.stop();
  await deps?.close();
  await db?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

async function open(
  address: string,
  look: { width?: number; dark?: boolean },
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1440, height: 900 },
    colorScheme: look.dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
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

async function fine(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 200)}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

describe.skipIf(!canRun)("data sets in a browser", { timeout: 90_000 }, () => {
  it("from the study's page to a row as it is trained: the counts before building are those of the data set", async () => {
    await open("/studies/seeded", {}, async (page) => {
      await page.getByRole("link", { name: "Data sets" }).click();
      await page.getByText("None yet.").waitFor();
      await page.getByRole("button", { name: "New data set" }).click();
      const rows = (words: string) => page.getByRole("row", { name: new RegExp(words) }).getByRole("cell").first();
      await rows("become rows").waitFor();
      const kept = Number(await rows("become rows").textContent());
      const candidates = Number(await rows("together").textContent());
      expect(candidates).toBe(32);
      // An ablation changes them at once, and stands in the address.
      await page.getByRole("checkbox", { name: "Unfiltered" }).check();
      await expect.poll(async () => Number(await rows("become rows").textContent())).toBeGreaterThan(kept);
      await expect.poll(() => new URL(page.url()).search).toBe("?source=int&unfiltered=1");
      await page.reload();
      await expect.poll(() => page.getByRole("checkbox", { name: "Unfiltered" }).isChecked()).toBe(true);
      await page.getByRole("checkbox", { name: "Unfiltered" }).uncheck();
      await expect.poll(async () => Number(await rows("become rows").textContent())).toBe(kept);
      await page.getByLabel("Name").fill("mine");
      await page.getByRole("button", { name: "Build" }).click();

      await page.waitForURL(/\/datasets\/mine$/);
      await page.getByRole("heading", { name: "Manifest" }).waitFor({ timeout: 60_000 });
      expect(Number(await rows("become rows").textContent())).toBe(kept);
      const dataset = await deps.prisma.dataset.findFirstOrThrow({ where: { name: "mine" }, include: { items: true } });
      expect(dataset.items.length).toBe(kept);
      await page.getByText(dataset.digest).first().waitFor();

      await page.getByRole("button", { name: /^2/ }).click();
      await page.waitForURL(/\?row=2$/);
      const row = page.getByRole("region", { name: "Row 2" });
      await row.getByText("no end of turn").waitFor();
      await row.getByRole("checkbox", { name: "as it is written" }).check();
      const second = dataset.items.find((r) => r.ordinal === 1);
      await expect.poll(() => row.locator("pre").last().textContent()).toBe(second?.completion);
      await row.getByRole("button", { name: "Next" }).click();
      await page.waitForURL(/\?row=3$/);
      await page.getByRole("region", { name: "Row 3" }).getByRole("link", { name: /sample/ }).click();
      await page.waitForURL(/\/attempts\//);
    });
  });

  it("says why a source gives nothing, and takes no name twice", async () => {
    await open("/studies/seeded/datasets?source=r1_think", {}, async (page) => {
      await page.getByText(/no attempts by a stronger model/).waitFor();
      await expect.poll(() => page.getByRole("button", { name: "Build" }).isDisabled()).toBe(true);
      await page.getByRole("radio", { name: "reference" }).check();
      await page.getByText("their problem has no reference solution").waitFor();
      await page.getByLabel("Name").fill("mine");
      await page.getByRole("button", { name: "Build" }).click();
      await page.getByText(/data set named "mine" in this study already/).waitFor();
    });
  });

  it.each([
    ["light, 1440 px", {}],
    ["dark, 320 px", { dark: true, width: 320 }],
  ] as const)("axe finds nothing and nothing is too wide: %s", async (_, look) => {
    for (const source of ["int", "hint"])
      await open(`/studies/seeded/datasets?source=${source}`, look, async (page) => {
        await page.getByLabel("Name").waitFor();
        await page.waitForTimeout(500);
        await fine(page);
      });
    await open("/studies/seeded/datasets/mine?row=1", look, async (page) => {
      await page.getByText("no end of turn").waitFor();
      await page.getByRole("button", { name: "Manifest as JSON" }).click();
      await page.getByRole("region", { name: "Manifest as JSON" }).waitFor();
      await page.waitForTimeout(500);
      await fine(page);
    });
    await open("/studies/seeded/datasets/nobody", look, async (page) => {
      await page.locator("main").waitFor();
      await fine(page);
    });
  });
});
