import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { finalTable } from "@/server/usecases/comparing/final-table";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedComparison } from "../support/seed-comparison";
import type { SeededLineages } from "../support/seed-lineages";
import { startWeb, type WebServer } from "../support/web";

const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);
const home = mkdtempSync(path.join(tmpdir(), "intervene-compare-"));
let db: TestDatabase;
let web: WebServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let seeded: SeededLineages;

beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("compare-pages");
  seeded = await seedComparison(db.pool, { study: "compared", problems: 12, samples: 8, steps: 12 });
  web = await startWeb({ databaseUrl: db.url, home });
  browser = await launchBrowser();
}, 300_000);
beforeEach(async () => {
  if (!canRun) return;
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, reducedMotion: "reduce" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  page = await context.newPage();
});
afterEach(async () => {
  await context?.close();
});
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await db?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

const open = (address: string) => page.goto(`${web.url}/studies/compared/${address}`);
const row = (label: string) => page.locator(`tr[data-row="${label}"]`);

/** Until the page shows it, on slow machines, too. */
const soon = <T>(what: () => Promise<T> | T) => expect.poll(what, { timeout: 20_000 });

/** As the page itself has it: page.url() learns of a change a moment later. */
const inAddress = (name: string) => page.evaluate((n) => new URLSearchParams(window.location.search).get(n), name);

async function downloaded(button: Locator): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** Rows of a CSV whose quoted fields hold no line breaks. */
function csvRows(bytes: Buffer): string[][] {
  return bytes
    .toString("utf8")
    .trimEnd()
    .split("\r\n")
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field = ""]) => field.replace(/^"|"$/g, "").replaceAll('""', '"')).slice(0, -1));
}

async function axe(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
}

describe.skipIf(!canRun)("the compare pages", { timeout: 120_000 }, () => {
  it("are reached from the study, and begin with the final table", async () => {
    await open("");
    await page.getByRole("link", { name: "Compare", exact: true }).click();
    await page.getByRole("region", { name: "Figures of the final table" }).waitFor();
    await soon(() => page.url()).toMatch(/\/studies\/compared\/compare\/table$/);
    const nav = page.getByRole("navigation", { name: "Comparisons" });
    await expect.poll(() => nav.getByRole("link").allTextContents()).toEqual(["Final table", "Runs", "SFT sources", "Interventions"]);
    await expect.poll(() => nav.getByRole("link", { name: "Final table" }).getAttribute("aria-current")).toBe("page");
    await page.goto(`${web.url}/studies/compared/compare`);
    await soon(() => page.url()).toMatch(/\/compare\/table$/);
  });

  it("show the six rows, what each figure is of, and the paper's apart", async () => {
    await open("compare/table");
    const table = await finalTable({ pool: db.pool }, { study: "compared" });
    await row("+ InT + RL").waitFor();
    await expect.poll(() => page.locator("tr[data-row]").evaluateAll((rows) => rows.map((r) => r.getAttribute("data-row")))).toEqual(table.rows.map((r) => r.label));
    await expect.poll(() => row("+ InT + RL").locator("td").first().innerText()).toContain("n = 12 × 8 × 3");
    await expect.poll(() => row("base").innerText()).toContain("one model, sampled 3 times");
    const published = page.getByRole("region", { name: "Published final table" });
    expect(await published.innerText()).toContain("arXiv 2601.14209");
    expect(await published.innerText()).toContain("33.72");
  });

  it("keep the choice of benchmarks, k and baseline in the address", async () => {
    await open("compare/table");
    await page.getByRole("button", { name: /Benchmarks and k/ }).click();
    await page.getByRole("checkbox", { name: "test, hard pass@8" }).click();
    await soon(() => new URL(page.url()).searchParams.getAll("col")).toEqual(["1:train", "1:test, short", "1:test, long", "1:test, hard", "8:test, hard"]);
    await page.getByRole("button", { name: "Sort by test, hard pass@8" }).waitFor();
    await page.getByRole("combobox", { name: "Differences to" }).selectOption("+ RL");
    await soon(() => new URL(page.url()).searchParams.get("baseline")).toBe("+ RL");
    await soon(() => row("+ RL").innerText()).toContain("baseline");
    await page.reload();
    await soon(() => row("+ RL").innerText()).toContain("baseline");
    await expect.poll(() => page.locator("thead [aria-label='Sort by test, hard pass@8']").count()).toBe(1);
  });

  it("pass over what an address names and is not there", async () => {
    await open("compare/table?col=1:nothing&col=1:train&baseline=magic");
    await page.getByText("The address names what is not there: “nothing”, “magic”.").waitFor();
    await row("base").waitFor();
  });

  it("sort by a column with the keyboard, and open a row to its seeds", async () => {
    await open("compare/table");
    const head = page.getByRole("button", { name: "Sort by train pass@1" });
    await head.waitFor();
    await soon(async () => {
        // Until the page listens, a key does nothing.
        if ((await inAddress("sort")) === null) {
          await head.focus();
          await page.keyboard.press("Enter");
        }
        return page.locator("tr[data-row]").first().getAttribute("data-row");
      })
      .toBe("+ InT + RL");
    expect(await page.getByRole("columnheader", { name: /train/ }).first().getAttribute("aria-sort")).toBe("descending");
    await row("+ InT + RL").getByRole("button", { name: "3 seeds: 1, 2, 3" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("tr[data-part='seed 3']").waitFor();
    await page.getByText("95 % t-interval over seeds: how far other seeds could move the mean.").waitFor();
  });

  it("lead from a figure to its attempts", async () => {
    await open("compare/table");
    const href = await row("+ RL").getByRole("link").first().getAttribute("href");
    const runs = new URL(href ?? "", web.url).searchParams.get("run")?.split(",") ?? [];
    expect(href).toContain("/studies/compared/attempts?run=");
    expect(runs.sort()).toEqual([1, 2, 3].map((seed) => seeded.runs[`tiny + RL (seed ${seed}) train ${seed}`]).sort());
  });

  it("give the table as CSV, with the figures that it shows", async () => {
    await open("compare/table?col=1:train");
    const { name, bytes } = await downloaded(page.getByRole("button", { name: "Final table: download CSV" }));
    expect(name).toBe("final-table.csv");
    const [head = [], ...rows] = csvRows(bytes);
    const table = await finalTable({ pool: db.pool }, { study: "compared", query: { columns: [{ set: "train", k: 1 }] } });
    const at = (line: string[], column: string) => line[head.indexOf(column)];
    expect(rows.map((r) => at(r, "row")?.replace(/^'/, ""))).toEqual(table.rows.map((r) => r.label));
    for (const [i, line] of rows.entries()) {
      const cell = table.rows[i]?.cells[0];
      if (cell?.kind !== "value") throw new Error("a gap");
      expect([at(line, "pass@k"), at(line, "low 95 %"), at(line, "problems"), at(line, "models")]).toEqual([cell.of.value, cell.of.low, cell.problems, cell.models].map(String));
      const shown = await page.locator("tr[data-row]").nth(i).locator("td b").first().innerText();
      expect(shown).toBe(`${(100 * cell.of.value).toFixed(1)} %`);
    }
  });

  it("draw runs side by side: smoothed over the raw line, a choice of runs, all in the address", async () => {
    await open("compare/runs?ema=0.6");
    const chart = page.locator("[data-chart=grpo-reward]");
    const lines = chart.locator("path.recharts-line-curve");
    await lines.first().waitFor();
    // 15 trainings, each with its raw line.
    await expect.poll(() => lines.count()).toBe(30);
    await soon(async () => {
        if ((await inAddress("runs")) === null) await page.getByRole("checkbox", { name: "+ RL", exact: true }).click();
        return lines.count();
      })
      .toBe(24);
    expect(new URL(page.url()).searchParams.get("runs")?.split(",").includes(seeded.trainings["tiny + RL (seed 1)"] ?? "")).toBe(false);
    await page.getByRole("checkbox", { name: "One line for each lineage" }).click();
    await soon(() => lines.count()).toBe(8);
    await expect.poll(() => chart.locator("path.recharts-area-area").count()).toBe(4);
    await page.reload();
    await soon(() => lines.count()).toBe(8);
    const slider = page.getByRole("slider", { name: /Smoothing/ });
    await slider.focus();
    await page.keyboard.press("Home");
    await soon(() => new URL(page.url()).searchParams.get("ema")).toBeNull();
    await soon(() => lines.count()).toBe(4);
  });

  it("give a chart as a table, CSV, SVG with its colours, PNG, and a link", async () => {
    await open("compare/runs");
    const chart = page.locator("[data-chart=grpo-reward]");
    await chart.locator("path.recharts-line-curve").first().waitFor();
    await chart.getByRole("button", { name: "Mean reward: table" }).click();
    const shown = await chart.locator("tbody tr").first().locator("th, td").allTextContents();
    const csv = csvRows((await downloaded(chart.getByRole("button", { name: "Mean reward: download CSV" }))).bytes);
    expect(csv).toHaveLength(13);
    expect(shown).toEqual(csv[1]?.map((v) => String(Number(Number(v).toPrecision(3)))));

    const svg = (await downloaded(chart.getByRole("button", { name: "Mean reward: download SVG" }))).bytes.toString("utf8");
    expect(svg).toContain("<title>Mean reward</title>");
    expect(svg).not.toContain("var(--");
    expect(svg).toContain("+ InT + RL, seed 3");
    expect(svg.match(/<path/g)?.length).toBeGreaterThan(15);
    const stands = await context.newPage();
    await stands.setContent(`<body style="margin:0">${svg}</body>`);
    expect(await stands.locator("svg").first().evaluate((e) => e.getBoundingClientRect().width)).toBeGreaterThan(300);
    await stands.close();

    const png = (await downloaded(chart.getByRole("button", { name: "Mean reward: download PNG" }))).bytes;
    expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
    const width = Number(/width="(\d+)"/.exec(svg)?.[1]);
    expect(png.readUInt32BE(16)).toBe(2 * width);
    expect(png.length).toBeGreaterThan(5_000);

    await chart.getByRole("button", { name: "Mean reward: copy link" }).click();
    await chart.getByText("Link copied.").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${page.url()}#grpo-reward`);
  });

  it.each([
    ["compare/table?col=1:train&col=8:test,%20hard", 320, "dark", "Benchmarks and k"],
    ["compare/table", 1440, "light", "3 seeds"],
    ["compare/runs?ema=0.9&over=seeds", 320, "light", "Mean reward: table"],
    ["compare/runs", 1440, "dark", "Loss: table"],
  ] as const)("hold at %s, %i px, %s, opened", async (address, width, colorScheme, button) => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await open(address);
    const opener = page.getByRole("button", { name: new RegExp(button) }).first();
    await soon(async () => {
        if ((await opener.getAttribute("aria-expanded")) !== "true") await opener.click();
        return opener.getAttribute("aria-expanded");
      })
      .toBe("true");
    expect(await axe()).toEqual([]);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  });
});
