import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import type { Browser, CDPSession, Page } from "playwright-core";
import { splitMath } from "@/components/text/math";
import { migrate } from "@/server/store/migrate";
import { startDatabaseServer } from "@/workers/database/server";
import { launchBrowser } from "../support/browser";
import { seedTrace } from "../support/seed-trace";
import { hugeTrace } from "../support/traces";
import { startWeb, type WebServer } from "../support/web";
import { type Bench, type BenchContext, quantile } from "./bench";
import { blankFrames } from "../support/frames";

const ROUNDS = 7;
const WINDOW = { width: 1440, height: 900 };

/**
 * Reading a huge trace: the built pages in their own process, their own PostgreSQL, a fresh browser window for each load.
 * What the server and the browser share is this machine's cores.
 */
export const bench: Bench = {
  about: "the page of an attempt of 500 steps and 3,000 formulas: server, first paint, keys, scrolling, memory",
  async run(context) {
    const { folder, say } = context;
    // Waiting times are those of this machine as busy as it is: figures of a quiet one are worth quoting, others are not.
    context.figure({
      what: "machine: processes that wanted to run before the bench (1 min average)",
      value: os.loadavg()[0] ?? 0,
      unit: "",
    });
    const server = await startDatabaseServer({
      folder: path.join(folder, "postgres"),
      logFile: path.join(folder, "postgres.log"),
    });
    let web: WebServer | undefined;
    let browser: Browser | undefined;
    try {
      await migrate(server.url);
      const pool = new pg.Pool({ connectionString: server.url });
      const trace = hugeTrace();
      const text = trace.steps.join("\n\n");
      const formulas = trace.steps.reduce((n, s) => n + splitMath(s).filter((p) => p.kind !== "text").length, 0);
      const seeded = await seedTrace(pool, { study: "huge", trace, samples: 32 });
      await pool.end();
      say(
        `${trace.steps.length} steps, ${formulas} formulas, ${Math.round(text.length / 4)} tokens of 4 characters, ${2 * trace.wrong} verdicts, 128 continuations`,
      );
      say("building the pages, if they are not …");
      web = await startWeb({ databaseUrl: server.url, home: path.join(folder, "home") });
      const url = web.url + seeded.path;
      await serverTimes(context, url);
      browser = await launchBrowser();
      await loads(context, browser, url);
      await scrolling(context, browser, url);
    } finally {
      await browser?.close();
      await web?.stop();
      await server.stop();
    }
  },
};

/** Time to the first byte and to the last, of the page as the server renders it. */
async function serverTimes({ figure }: BenchContext, url: string): Promise<void> {
  const first: number[] = [];
  const whole: number[] = [];
  let bytes = 0;
  for (let i = 0; i < ROUNDS + 2; i++) {
    const began = performance.now();
    const answer = await fetch(url);
    const reader = answer.body?.getReader();
    let firstAt = 0;
    bytes = 0;
    for (let chunk = await reader?.read(); chunk !== undefined && !chunk.done; chunk = await reader?.read()) {
      if (bytes === 0) firstAt = performance.now() - began;
      bytes += chunk.value.length;
    }
    if (i < 2) continue; // the server's own warming up
    first.push(firstAt);
    whole.push(performance.now() - began);
  }
  figure({
    what: "server: time to first content, median",
    value: quantile(first, 0.5),
    unit: "ms",
    atMost: 200,
    note: `${ROUNDS} requests`,
  });
  figure({
    what: "server: whole page sent, median",
    value: quantile(whole, 0.5),
    unit: "ms",
    note: `${Math.round(bytes / 1024)} kB of HTML`,
  });
}

/** What a reader waits for after following a link, in a window that has cached nothing. */
async function loads({ figure }: BenchContext, browser: Browser, url: string): Promise<void> {
  const paint: number[] = [];
  const ready: number[] = [];
  const blocked: number[] = [];
  const spent: number[] = [];
  const root = await browser.newBrowserCDPSession();
  /** Processor time of all tabs so far, in seconds. */
  const tabs = async () => {
    const { processInfo } = await root.send("SystemInfo.getProcessInfo");
    return processInfo.filter((p) => p.type === "renderer").reduce((n, p) => n + p.cpuTime, 0);
  };
  for (let i = 0; i < ROUNDS; i++) {
    const page = await (await browser.newContext({ viewport: WINDOW })).newPage();
    await page.addInitScript(() => {
      const w = window as unknown as { blocked: number };
      w.blocked = 0;
      new PerformanceObserver((list) => {
        for (const e of list.getEntries()) w.blocked += Math.max(0, e.duration - 50);
      }).observe({ type: "longtask", buffered: true });
    });
    const before = await tabs();
    await page.goto(url);
    await page.waitForFunction(
      () => performance.getEntriesByName("reader-ready").length > 0 && document.querySelector(".katex") !== null,
    );
    const seen = await page.evaluate(() => ({
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
      ready: performance.getEntriesByName("reader-ready")[0]?.startTime ?? Number.NaN,
      blocked: (window as unknown as { blocked: number }).blocked,
    }));
    paint.push(seen.paint);
    ready.push(seen.ready);
    blocked.push(seen.blocked);
    spent.push(1000 * ((await tabs()) - before));
    await page.context().close();
  }
  const note = `${ROUNDS} loads, nothing cached`;
  figure({ what: "browser: first contentful paint, median", value: quantile(paint, 0.5), unit: "ms", note });
  figure({
    what: "browser: the page answers to keys, median",
    value: quantile(ready, 0.5),
    unit: "ms",
    atMost: 1000,
    note,
  });
  figure({ what: "browser: the page answers to keys, slowest", value: Math.max(...ready), unit: "ms", note });
  // What a busy machine does not change.
  figure({ what: "browser: processor time of the tab for it, median", value: quantile(spent, 0.5), unit: "ms", note });
  figure({
    what: "browser: main thread blocked while loading, median",
    value: quantile(blocked, 0.5),
    unit: "ms",
    note: "long tasks beyond 50 ms each",
  });
}

/** From the top to the bottom with the wheel while the window is recorded; then keys, search and memory. */
async function scrolling({ figure, say }: BenchContext, browser: Browser, url: string): Promise<void> {
  const page = await (await browser.newContext({ viewport: WINDOW })).newPage();
  const cdp = await page.context().newCDPSession(page);
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName("reader-ready").length > 0);
  await page.waitForTimeout(500);

  say("recording the window while it scrolls …");
  const walk = await blankFrames(page, cdp, async () => {
    await page.mouse.move(600, 500);
    for (let i = 0; i < 120; i++) {
      await page.mouse.wheel(0, 240);
      await page.waitForTimeout(30);
    }
  });
  figure({
    what: "scrolling with the wheel: frames recorded",
    value: walk.frames,
    unit: "",
    atLeast: 30,
    note: `${walk.pixels} px in ${(walk.ms / 1000).toFixed(1)} s`,
  });
  figure({
    what: "scrolling with the wheel: frames with a blank band",
    value: walk.blank,
    unit: "",
    atMost: 0,
    note: "no ink over a third of the window in the column of steps",
  });
  figure({
    what: "scrolling with the wheel: worst step of the page, p95",
    value: walk.p95,
    unit: "ms",
    note: "between two animation frames",
  });
  // Faster than anyone reads: told, not promised. The compositor scrolls by itself and can outrun any drawing.
  const fling = await blankFrames(page, cdp, async () => {
    for (let i = 0; i < 60; i++) {
      await page.mouse.wheel(0, 900);
      await page.waitForTimeout(16);
    }
  });
  figure({
    what: "flinging at a window per turn of the wheel: blank frames",
    value: fling.blank,
    unit: "",
    note: `of ${fling.frames}; ${fling.pixels} px in ${(fling.ms / 1000).toFixed(1)} s`,
  });

  await keys(page, figure);
  await memory(page, cdp, browser, figure);
  await page.context().close();
}

async function keys(page: Page, figure: BenchContext["figure"]): Promise<void> {
  const took = async (press: () => Promise<void>, done: () => boolean) => {
    const began = performance.now();
    await press();
    await page.waitForFunction(done);
    return performance.now() - began;
  };
  await page.keyboard.press("g");
  const jump = await took(
    () => page.keyboard.press("G"),
    () => document.getElementById("step-500")?.querySelector(".katex") != null,
  );
  figure({ what: "key G: last of 500 steps typeset in the window", value: jump, unit: "ms" });
  const mark = await took(
    () => page.keyboard.press("N"),
    () => document.querySelector("[data-first-error] ins") !== null,
  );
  figure({ what: "key N: the first error with its changes", value: mark, unit: "ms" });
  await page.keyboard.press("/");
  await page.keyboard.insertText("boundar");
  const found = await took(
    () => page.keyboard.press("y"),
    () => /of \d+, in/.test(document.querySelector("[data-testid=hits]")?.textContent ?? ""),
  );
  figure({ what: "search of all steps, from the key to the count", value: found, unit: "ms" });
  await page.keyboard.press("Escape");
  // All of it once, step by step: what a person who reads everything leaves in memory.
  await page.evaluate(() => window.scrollTo(0, 0));
  for (let i = 0; i < 60; i++) {
    await page.mouse.wheel(0, 1500);
    await page.waitForTimeout(40);
  }
}

/** Memory after everything has been scrolled through and typeset once. */
async function memory(page: Page, cdp: CDPSession, browser: Browser, figure: BenchContext["figure"]): Promise<void> {
  await cdp.send("Performance.enable");
  const metric = async (name: string) =>
    (await cdp.send("Performance.getMetrics")).metrics.find((m) => m.name === name)?.value ?? Number.NaN;
  await cdp.send("HeapProfiler.collectGarbage");
  figure({
    what: "browser: JavaScript heap after reading all of it",
    value: (await metric("JSHeapUsedSize")) / 2 ** 20,
    unit: "MB",
  });
  figure({
    what: "browser: elements in the document",
    value: await page.evaluate(() => document.querySelectorAll("*").length),
    unit: "",
  });
  const root = await browser.newBrowserCDPSession();
  const { processInfo } = await root.send("SystemInfo.getProcessInfo");
  const share = (id: number) => {
    try {
      return (
        Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1] ?? Number.NaN) / 1024
      );
    } catch {
      return Number.NaN; // only Linux counts shared pages by their share
    }
  };
  const sizes = processInfo.map((p) => ({ type: p.type, mb: share(p.id) })).filter((p) => !Number.isNaN(p.mb));
  if (sizes.length === 0) return;
  const tab = Math.max(...sizes.filter((p) => p.type === "renderer").map((p) => p.mb));
  figure({
    what: "browser: memory of the tab's process",
    value: tab,
    unit: "MB",
    atMost: 300,
    note: "PSS, after reading all of it",
  });
  figure({
    what: "browser: memory of all its processes",
    value: sizes.reduce((n, p) => n + p.mb, 0),
    unit: "MB",
    note: `${sizes.length} processes, PSS`,
  });
}
