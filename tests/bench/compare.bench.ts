/**
 * The comparison pages at the paper's scale: `npm run bench -- compare [FOLDER]`. With a folder, the seeded database is kept in it,
 * and a second run is spared the seeding (two minutes on a quiet machine).
 */
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import type { Browser, Page } from "playwright-core";
import { randomStream } from "@/server/core/seeds";
import { bootstrapMeanInterval } from "@/server/core/statistics/intervals";
import { migrate } from "@/server/store/migrate";
import { startDatabaseServer } from "@/workers/database/server";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { PAPER_SCALE, seedScale } from "../support/seed-scale";
import { startWeb } from "../support/web";
import { type Bench, type BenchContext, quantile } from "./bench";
import { processorMs } from "./processor";

const ROUNDS = 5;
const PAGES = ["table", "runs", "sources", "interventions"] as const;
/** Of a server's answer, and until all charts are drawn, in ms. */
const SERVER = 300;
const DRAWN = 1000;
const WARM_UP = { ...PAPER_SCALE, train: 60, test: 40, samples: 16, interventions: 40, conditioned: 20, steps: 20 };

export const bench: Bench = {
  about: "comparison pages over 640,000 continuations and a million evaluated attempts: server time, charts drawn; the bootstrap",
  async run(context) {
    const { say, figure } = context;
    figure({ what: "machine: processes that wanted to run before the bench (1 min average)", value: os.loadavg()[0] ?? 0, unit: "" });
    bootstrap(context);
    const folder = context.args[0] === undefined ? context.folder : path.resolve(context.args[0]);
    const server = await startDatabaseServer({ folder: path.join(folder, "postgres"), logFile: path.join(folder, "postgres.log") });
    let web: Awaited<ReturnType<typeof startWeb>> | undefined;
    let browser: Browser | undefined;
    try {
      await migrate(server.url);
      await seed(server.url, say);
      say("building the pages, if they are not …");
      web = await startWeb({ databaseUrl: server.url, home: path.join(context.folder, "home") });
      const database = Number(readFileSync(path.join(folder, "postgres/data/postmaster.pid"), "utf8").split("\n")[0]);
      const { pid } = web;
      const busy = () => processorMs(pid) + processorMs(database);
      if (findChromium() === null) say(NO_CHROMIUM);
      else browser = await launchBrowser();
      // Code is loaded and compiled, and the statistics thread started, by a study of another size.
      for (const name of PAGES) {
        await fetchWhole(`${web.url}/studies/small/compare/${name}`);
        if (browser !== undefined) await load(browser, `${web.url}/studies/small/compare/${name}`);
      }
      for (const name of PAGES) await measure(context, name, `${web.url}/studies/paper%20scale/compare/${name}`, browser, busy);
    } finally {
      await browser?.close();
      await web?.stop();
      await server.stop();
    }
  },
};

/** 10,000 resamples of 5,000 problems, no two alike: nothing to be spared. */
function bootstrap({ figure }: BenchContext): void {
  const random = randomStream(3);
  const values = Float64Array.from({ length: 5_000 }, () => random());
  const times: number[] = [];
  for (let i = 0; i < ROUNDS + 2; i++) {
    const began = performance.now();
    bootstrapMeanInterval(values, { seed: i });
    if (i >= 2) times.push(performance.now() - began);
  }
  figure({ what: "bootstrap of 5,000 problems, 10,000 resamples, median", value: quantile(times, 0.5), unit: "ms", atMost: 200, note: `${ROUNDS} times, one thread` });
  const rates = values.map((v) => (v < 0.8 ? 0 : Math.round(v * 32) / 32));
  const began = performance.now();
  bootstrapMeanInterval(rates);
  figure({ what: "the same where four of five problems have no success", value: performance.now() - began, unit: "ms" });
}

async function seed(url: string, say: BenchContext["say"]): Promise<void> {
  const pool = new pg.Pool({ connectionString: url });
  try {
    const { rows } = await pool.query<{ name: string }>("SELECT name FROM study");
    if (!rows.some((r) => r.name === "small")) await seedScale(pool, { name: "small", scale: WARM_UP });
    if (rows.some((r) => r.name === "paper scale")) return say("the study is there already");
    const made = await seedScale(pool, { say });
    say(`${made.continuations} continuations, ${made.evaluated} evaluated attempts of ${made.models.length} models`);
  } finally {
    await pool.end();
  }
}

async function measure(
  { figure, say }: BenchContext,
  name: string,
  url: string,
  browser: Browser | undefined,
  busy: () => number,
): Promise<void> {
  if (!existsSync(path.join("app/studies/[study]/compare", name, "page.tsx"))) return say(`There is no page ${name}.`);
  const before = busy();
  const first = await fetchWhole(url);
  const spent = busy() - before;
  figure({ what: `${name}: page from the server, nothing computed before`, value: first.ms, unit: "ms", atMost: SERVER, note: `${first.kb} kB` });
  figure({ what: `${name}: processor time of server and database for it`, value: spent, unit: "ms" });
  const again: number[] = [];
  for (let i = 0; i < ROUNDS; i++) again.push((await fetchWhole(url)).ms);
  figure({ what: `${name}: page from the server, asked again, median`, value: quantile(again, 0.5), unit: "ms", atMost: SERVER, note: `${ROUNDS} requests` });
  if (browser === undefined) return;
  const loads = [];
  for (let i = 0; i < ROUNDS; i++) loads.push(await load(browser, url));
  const [cold] = loads;
  figure({ what: `${name}: slowest query of the page's own, the first time`, value: cold?.slowest ?? 0, unit: "ms", atMost: SERVER, note: `${cold?.queries ?? 0} answers` });
  figure({
    what: `${name}: charts drawn in the browser, median`,
    value: quantile(loads.map((l) => l.drawn), 0.5),
    unit: "ms",
    atMost: DRAWN,
    note: `${cold?.charts ?? 0} charts, ${cold?.rows ?? 0} rows of tables, ${ROUNDS} loads, nothing cached`,
  });
}

async function fetchWhole(url: string): Promise<{ ms: number; kb: number }> {
  const began = performance.now();
  const answer = await fetch(url);
  const bytes = (await answer.arrayBuffer()).byteLength;
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return { ms: performance.now() - began, kb: Math.round(bytes / 1024) };
}

/** Notes when the last chart or table row came to stand on the page: its charts come as their queries are answered. */
const CLOCK = `
  window.compared = { charts: 0, rows: 0, at: 0, busy: 0 };
  const look = () => {
    const c = window.compared;
    const charts = [...document.querySelectorAll("figure[data-chart]")].filter((f) => f.querySelector("[role=img] svg :is(path, rect, circle, line)") || !f.querySelector("[role=img]")).length;
    const rows = document.querySelectorAll("main tbody tr").length;
    if (charts !== c.charts || rows !== c.rows) Object.assign(c, { charts, rows, at: performance.now() });
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true });
  addEventListener("DOMContentLoaded", look);
`;

interface Load {
  drawn: number;
  charts: number;
  rows: number;
  queries: number;
  slowest: number;
}

/** One load in a window that has cached nothing, until the network is quiet. */
async function load(browser: Browser, url: string): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page: Page = await context.newPage();
    const queries: number[] = [];
    page.on("requestfinished", (request) => {
      if (!request.url().includes("/api/trpc/")) return;
      const { requestStart, responseEnd } = request.timing();
      queries.push(responseEnd - requestStart);
    });
    await page.addInitScript(CLOCK);
    await page.goto(url);
    await page.waitForLoadState("networkidle");
    const { at, charts, rows } = await page.evaluate<{ at: number; charts: number; rows: number }>("window.compared");
    if (rows === 0 && charts === 0) throw new Error(`${url} shows neither a chart nor a table`);
    return { drawn: at, charts, rows, queries: queries.length, slowest: Math.max(0, ...queries) };
  } finally {
    await context.close();
  }
}
