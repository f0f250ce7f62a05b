import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { findChromium, launchBrowser, NO_CHROMIUM } from "./browser";
import { createTestDatabase, type TestDatabase } from "./database";
import { startWeb, type WebServer } from "./web";

/** The built pages on a database of the test's own, and a browser. There from `beforeAll` on, when `canRun`. */
export interface Pages {
  canRun: boolean;
  db: TestDatabase;
  web: WebServer;
  browser: Browser;
}

/**
 * Seed a database, start the pages over it and a browser, and end them again: to be called once, outside of tests. Where there is no
 * Chromium it says so, and the tests are to be skipped.
 */
export function withPages(label: string, seed: (db: TestDatabase) => Promise<void>): Pages {
  const canRun = findChromium() !== null;
  if (!canRun) console.warn(NO_CHROMIUM);
  const home = mkdtempSync(path.join(tmpdir(), `intervene-${label.replace(/\W+/g, "-")}-`));
  const there: Partial<Pages> = {};
  beforeAll(async () => {
    if (!canRun) return;
    there.db = await createTestDatabase(label);
    await seed(there.db);
    there.web = await startWeb({ databaseUrl: there.db.url, home });
    there.browser = await launchBrowser();
  }, 300_000);
  afterAll(async () => {
    await there.browser?.close();
    await there.web?.stop();
    await there.db?.close();
    rmSync(home, { recursive: true, force: true });
  }, 60_000);
  const given = <K extends "db" | "web" | "browser">(what: K): Pages[K] => {
    const found = there[what];
    if (found === undefined) throw new Error(`the ${what} is there from beforeAll on`);
    return found as Pages[K];
  };
  return {
    canRun,
    get db() {
      return given("db");
    },
    get web() {
      return given("web");
    },
    get browser() {
      return given("browser");
    },
  };
}

/** A window of its own for each test, which fails it with whatever the page threw, logged as an error, or asked of other hosts. */
export function eachInItsWindow(pages: Pages, options: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }) {
  const problems: string[] = [];
  const now: { context: BrowserContext | undefined; page: Page | undefined } = { context: undefined, page: undefined };
  beforeEach(async () => {
    if (!pages.canRun) return;
    problems.length = 0;
    now.context = await pages.browser.newContext(options);
    const page = await now.context.newPage();
    page.on("pageerror", (e) => problems.push(e.message));
    page.on("console", (m) => m.type() === "error" && problems.push(m.text()));
    const { url } = pages.web;
    page.on("request", (r) => new URL(r.url()).origin !== url && !r.url().startsWith("data:") && problems.push(`asked for ${r.url()}`));
    now.page = page;
  });
  afterEach(async () => {
    await now.context?.close();
    if (pages.canRun) expect(problems).toEqual([]);
  });
  return {
    problems,
    get context(): BrowserContext {
      if (now.context === undefined) throw new Error("a window is there from beforeEach on");
      return now.context;
    },
    get page(): Page {
      if (now.page === undefined) throw new Error("a page is there from beforeEach on");
      return now.page;
    },
  };
}
