import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startWeb, type WebServer } from "../support/web";
import { startFilesWorker } from "./support/files-worker";

/** The import page in a real browser, with a real worker. */
const home = mkdtempSync(path.join(tmpdir(), "intervene-import-page-"));
const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);

let db: TestDatabase;
let web: WebServer;
let worker: Awaited<ReturnType<typeof startFilesWorker>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];

beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("import page");
  process.env.HF_ENDPOINT = "http://127.0.0.1:9"; // no test asks the hub itself
  web = await startWeb({ databaseUrl: db.url, home });
  worker = await startFilesWorker({ databaseUrl: db.url, home });
  browser = await launchBrowser();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await worker?.stop();
  await web?.stop();
  await db?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);
beforeEach(async () => {
  if (!canRun) return;
  problems = [];
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
  page = await context.newPage();
  page.on("pageerror", (e) => problems.push(e.message));
});
afterEach(async () => {
  await context?.close();
});

function put(name: string, rows: readonly unknown[]): string {
  const file = path.join(home, name);
  writeFileSync(file, rows.map((r) => `${typeof r === "string" ? r : JSON.stringify(r)}\n`).join(""));
  return file;
}

describe.skipIf(!canRun)("the import page", () => {
  it("takes a dropped file, shows its first rows, imports them with progress, and gives the report", async () => {
    const trace = (i: number) => ({ id: `t-${i}`, generator: "Qwen2-7B-Instruct", problem: `Problem ${i}`, steps: ["$1+1=2$.", "So 3."], final_answer_correct: false, label: i % 2 });
    put("dropped.jsonl", [...Array.from({ length: 30 }, (_, i) => trace(i)), { ...trace(30), label: 9 }, "{broken"]);
    await page.goto(`${web.url}/`);
    await page.getByRole("link", { name: /import data|come in through a page/i }).first().click();
    await page.getByLabel(/name of a new one/).fill("from the page");
    // Dropped as from a file manager.
    const text = readFileSync(path.join(home, "dropped.jsonl"), "utf8");
    const data = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], "dropped.jsonl"));
      return transfer;
    }, text);
    const zone = page.locator("label", { hasText: "Drop a file here" });
    await zone.dispatchEvent("dragover", { dataTransfer: data });
    await zone.dispatchEvent("drop", { dataTransfer: data });
    await page.getByText("taken for ProcessBench traces").waitFor();
    await page.getByText("First error in step 2").first().waitFor();
    const axe = await new AxeBuilder({ page }).analyze();
    expect(axe.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual([]);

    // What was chosen stands in the address: a reload keeps it.
    await page.reload();
    await page.getByText("taken for ProcessBench traces").waitFor();
    await page.getByRole("button", { name: "Import into “from the page”" }).click();
    await page.getByText("What came in").waitFor({ timeout: 30_000 });
    await page.getByText("2 rows of 32 could not be used").waitFor();
    await expect.poll(() => page.getByText("9 is outside of the 2 steps").count()).toBe(1);
    await expect.poll(() => page.getByText("32 rows read").count()).toBe(1);
    const done = await new AxeBuilder({ page }).analyze();
    expect(done.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual([]);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /Report with every one/ }).click()]);
    const report = readFileSync(await download.path(), "utf8").trim().split("\n").map((l) => JSON.parse(l));
    expect(report.map((r) => [r.row, r.field])).toEqual([[32, "row"], [31, "label"]].sort((a, b) => Number(a[0]) - Number(b[0])));
    await page.getByRole("link", { name: "Open the study" }).click();
    await page.getByRole("heading", { name: "from the page" }).waitFor();
    expect(problems).toEqual([]);
    const { rows } = await db.pool.query("SELECT count(*)::int AS labels FROM label WHERE source = 'people (ProcessBench)'");
    expect(rows).toEqual([{ labels: 30 }]);
  }, 120_000);

  it("asks for columns where it knows no format, by keyboard, and takes them", async () => {
    const file = put("odd.csv", []);
    writeFileSync(file, "frage;x,loesung,antwort\r\nWas ist 1+1?,zwei,2\r\nWas ist 1+2?,drei,3\r\n");
    await page.goto(`${web.url}/import?study=odd`);
    await page.setInputFiles("input[type=file]", file);
    await page.getByText("The format of odd.csv is not known").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Import into “odd”" }).isDisabled()).toBe(true);
    await page.getByLabel("Where problem comes from").selectOption("frage;x");
    await page.getByLabel("Where answer comes from").selectOption("antwort");
    const start = page.getByRole("button", { name: "Import into “odd”" });
    await expect.poll(() => start.isEnabled()).toBe(true);
    await expect.poll(() => page.getByRole("list", { name: "First rows" }).textContent()).toContain("Was ist 1+1?");
    await start.focus();
    await page.keyboard.press("Enter");
    await page.getByText("What came in").waitFor({ timeout: 30_000 });
    const { rows } = await db.pool.query("SELECT statement, answer FROM problem p JOIN study s ON s.id = p.study_id WHERE s.name = 'odd' ORDER BY ordinal");
    expect(rows).toEqual([{ statement: "Was ist 1+1?", answer: "2" }, { statement: "Was ist 1+2?", answer: "3" }]);
    expect(problems).toEqual([]);
  }, 60_000);

  it("says that the hub cannot be reached, and takes no bytes from other pages", async () => {
    await page.goto(`${web.url}/import?study=odd`);
    await page.getByLabel(/dataset of the Hugging Face hub/).fill("openai/gsm8k:main:test");
    await page.getByRole("button", { name: "Look" }).click();
    await page.getByText(/hub at http:\/\/127\.0\.0\.1:9 cannot be reached/).waitFor();
    const form = await fetch(`${web.url}/api/import/upload?name=x`, { method: "POST", body: "a=b", headers: { "content-type": "text/plain" } });
    expect(form.status).toBe(400);
    expect((await fetch(`${web.url}/api/import/report?run=../../etc`)).status).toBe(404);
  }, 90_000);

  it("lets an upload of 400 MB through without holding it", async () => {
    const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${web.pid}/status`, "utf8"))?.[1]) / 1024;
    const before = memory();
    const piece = Buffer.alloc(1 << 20, "x");
    let [sent, most] = [0, 0];
    const body = new ReadableStream<Uint8Array>({
      pull(stream) {
        most = Math.max(most, memory());
        if (sent++ < 400) stream.enqueue(piece);
        else stream.close();
      },
    });
    const init = { method: "POST", body, duplex: "half", headers: { "content-type": "application/octet-stream" } };
    const answer = await fetch(`${web.url}/api/import/upload?name=large.bin`, init as RequestInit);
    expect(await answer.json()).toMatchObject({ name: "large.bin", bytes: 400 << 20 });
    expect(most - before).toBeLessThan(200);
  }, 120_000);

  it("fits a phone", async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${web.url}/import?study=odd`);
    await page.getByRole("heading", { name: "Latest imports" }).waitFor();
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  }, 30_000);
});
