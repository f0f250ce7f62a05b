import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";
import { startWeb, type WebServer } from "../support/web";

/** The page on which a study is published, with a worker: asked for, written, looked at, downloaded, removed. */
const home = mkdtempSync(path.join(tmpdir(), "intervene-publish-"));
let db: TestDatabase;
let web: WebServer;
let worker: RunningWorker;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];

const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);

beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("publish product");
  await seedStudy(db.pool, { name: "seeded", problems: 4, samples: 2 });
  web = await startWeb({ databaseUrl: db.url, home });
  worker = await startWorker({ databaseUrl: db.url, inferenceUrl: "http://127.0.0.1:9", home, log: () => {} });
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
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  page.on("pageerror", (e) => problems.push(e.message));
  page.on("console", (m) => m.type() === "error" && problems.push(m.text()));
});
afterEach(async () => {
  await context?.close();
  if (canRun) expect(problems).toEqual([]);
});

const soon = <T>(probe: () => T | Promise<T>) => expect.poll(probe, { timeout: 30_000 });

describe.skipIf(!canRun)("the page Publish", () => {
  it("writes what its form says, and shows it", { timeout: 120_000 }, async () => {
    await page.goto(`${web.url}/studies/seeded`);
    await page.getByRole("link", { name: "Publish", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Publish" }).waitFor();
    await page.getByText("16 attempts").waitFor();
    await page.getByText("Nothing of this study has been published yet.").waitFor();
    await page.getByLabel("attempts with an intervention").click();
    await soon(() => new URL(page.url()).search).toBe("?attempts=with-proposal");
    await page.getByLabel("Anonymous").click();
    await soon(() => new URL(page.url()).search).toBe("?attempts=with-proposal&anonymous=1");
    const { rows } = await db.pool.query<{ n: number }>("SELECT count(*)::int AS n FROM proposal WHERE chosen");
    await page.getByText(`${rows[0]?.n} attempts`).first().waitFor();
    await page.getByRole("button", { name: "Publish it" }).click();

    const item = page.getByTestId("publication");
    await item.filter({ hasText: "attempts with an intervention, anonymous" }).waitFor();
    await soon(() => item.getAttribute("data-state")).toBe("done");
    const look = item.getByRole("link", { name: "Look at it" });
    await look.waitFor();
    const tar = await page.request.get(`${web.url}${await item.getByRole("link", { name: ".tar" }).getAttribute("href")}`);
    expect([tar.status(), tar.headers()["content-type"]]).toEqual([200, "application/x-tar"]);
    expect((await tar.body()).subarray(257, 262).toString()).toBe("ustar");

    const [published] = await Promise.all([context.waitForEvent("page"), look.click()]);
    published.on("pageerror", (e) => problems.push(e.message));
    await published.getByRole("heading", { level: 1, name: "Study" }).waitFor();
    await published.getByRole("link", { name: "Attempts", exact: true }).click();
    await published.getByText(`${rows[0]?.n} attempts`).waitFor();
    await published.close();

    await item.getByRole("button", { name: "Remove…" }).click();
    await item.getByRole("button", { name: "Remove with its files" }).click();
    await page.getByText("Nothing of this study has been published yet.").waitFor();
    const gone = await page.request.get(`${web.url}${new URL(published.url()).pathname}`);
    expect(gone.status()).toBe(404);
  });
});
