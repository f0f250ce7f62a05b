import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startWeb, type WebServer } from "../support/web";
import { exportStudy } from "./support/study";

const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);
const home = mkdtempSync(path.join(tmpdir(), "intervene-export-page-"));
let db: TestDatabase;
let web: WebServer;
let worker: RunningWorker;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("export_page");
  await exportStudy(db.pool, "to hand out");
  web = await startWeb({ databaseUrl: db.url, home });
  worker = await startWorker({ databaseUrl: db.url, inferenceUrl: "http://127.0.0.1:9", home, log: () => {} });
  browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
  page = await context.newPage();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await worker?.stop();
  await web?.stop();
  await db?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

const choose = (label: string) => page.getByRole("radio", { name: new RegExp(`^${label}`) }).check();

/** What the preview says. */
const rows = (n: number) => page.getByText(`${n} rows as `);

describe.skipIf(!canRun)("the export page", () => {
  it("goes from a data set to a downloaded file, and keeps the form in the address", { timeout: 120_000 }, async () => {
    await page.goto(`${web.url}/studies/to%20hand%20out/export?dataset=int`);
    await rows(19).waitFor();
    await choose("TRL: conversational");
    await page.getByText("stop in the middle of an answer").waitFor();
    await expect.poll(() => page.getByRole("region", { name: "The first row" }).innerText()).toContain('"role": "user"');
    expect(new URL(page.url()).searchParams.get("format")).toBe("trl-conversational");
    await choose("Parquet$");
    await page.reload();
    await expect.poll(() => page.getByRole("radio", { name: "Parquet", exact: true }).isChecked()).toBe(true);

    await page.getByRole("button", { name: "Write it" }).click();
    const item = page.getByRole("listitem").filter({ hasText: "int as trl-conversational" });
    await item.getByText("done").waitFor({ timeout: 30_000 });
    const downloading = page.waitForEvent("download");
    await item.getByRole("link", { name: "train.parquet" }).click();
    const file = await (await downloading).path();
    expect(readFileSync(file).subarray(0, 4).toString()).toBe("PAR1");
    const zipping = page.waitForEvent("download");
    await item.getByRole("link", { name: "all of it (.zip)" }).click();
    const zip = await zipping;
    expect(zip.suggestedFilename()).toBe("to-hand-out-int-trl-conversational.zip");
    expect(readFileSync(await zip.path()).subarray(0, 4)).toEqual(Buffer.from([0x50, 0x4b, 3, 4]));
    await item.getByRole("button", { name: "Load it" }).click();
    await expect.poll(() => item.getByRole("region", { name: "Code that loads it" }).innerText()).toContain('load_dataset("parquet"');
  });

  it("offers what a source can be, and holds open blind queues back unless they are ticked", { timeout: 60_000 }, async () => {
    await page.getByLabel("What", { exact: true }).selectOption("table:decisions");
    await rows(4).waitFor();
    await expect.poll(() => page.getByRole("radio", { name: /^DPO/ }).count()).toBe(0);
    await page.getByRole("checkbox", { name: "With the decisions of “open and blind”" }).check();
    await rows(5).waitFor();
    await page.getByLabel("What", { exact: true }).selectOption("dataset:hints");
    await page.getByRole("radio", { name: /^verl: RL/ }).waitFor();
    await expect.poll(() => page.getByRole("radio", { name: /^TRL/ }).count()).toBe(0);
  });

  it("says in the list why a push failed, and removes an export with its files", { timeout: 60_000 }, async () => {
    const item = page.getByRole("listitem").filter({ hasText: "int as trl-conversational" });
    await item.getByRole("button", { name: "Push it to the hub" }).click();
    await item.getByLabel("Dataset repository").fill("no-owner");
    await item.getByLabel("Token").fill("hf_x");
    await item.getByRole("button", { name: "Push", exact: true }).click();
    await page.getByText("must be OWNER/NAME").waitFor();
    await expect.poll(() => item.getByLabel("Token").inputValue()).toBe("");
    await item.getByRole("button", { name: "Remove…" }).click();
    await item.getByRole("button", { name: "Remove with its files" }).click();
    await page.getByText("Nothing has been exported from this study yet.").waitFor();
  });

  it("has nothing that axe finds, and fits 320 px", { timeout: 60_000 }, async () => {
    await page.goto(`${web.url}/studies/to%20hand%20out/export?table=attempts&format=prm800k`);
    await page.getByRole("region", { name: "The first row" }).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => v.id)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
});
