import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { type EngineProcess, spawnEngine } from "../pipeline/support/engine-process";
import { run, smallStudy, until } from "../pipeline/support/study";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startWeb, type WebServer } from "../support/web";

/** Branching by hand, tokens and step values at the page of an attempt: a real browser, worker, engine and model. */
const home = mkdtempSync(path.join(tmpdir(), "intervene-branching-"));
let db: TestDatabase;
let deps: Deps;
let engine: EngineProcess;
let worker: RunningWorker;
let web: WebServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Address of a wrong attempt with a proposal. */
let attempt = "";
let attemptId = "";
let problems: string[];

const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);

beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("branching page");
  deps = createDeps({ databaseUrl: db.url, name: "test branching page" });
  engine = await spawnEngine();
  worker = await startWorker({ databaseUrl: db.url, inferenceUrl: engine.url, log: () => {} });
  const { pipelineId } = await smallStudy(deps, 6, { rollout: 4, verify: 2, continuation: 2 });
  web = await startWeb({ databaseUrl: db.url, home });
  await until(deps, pipelineId, "the lab's run", (runs) => run(runs, "keep").state === "done", 240_000);
  const chosen = await deps.prisma.proposal.findFirstOrThrow({
    where: { chosen: true, location: { gte: 3 } },
    orderBy: { createdAt: "asc" },
  });
  attemptId = chosen.attemptId;
  attempt = `/studies/lab/attempts/${attemptId}`;
  browser = await launchBrowser();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await worker?.stop();
  await engine?.kill("SIGTERM");
  await deps?.close();
  await db?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

beforeEach(async () => {
  if (!canRun) return;
  problems = [];
  context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, reducedMotion: "reduce" });
  page = await watched(await context.newPage());
});
afterEach(async () => {
  await context?.close();
  if (canRun) expect(problems).toEqual([]);
});

async function watched(p: Page): Promise<Page> {
  p.setDefaultTimeout(60_000);
  p.on("pageerror", (e) => problems.push(e.message));
  p.on("console", (m) => m.type() === "error" && problems.push(m.text()));
  return p;
}

async function open(address: string, p = page): Promise<void> {
  await p.goto(web.url + address);
  await p.waitForFunction(() => performance.getEntriesByName("reader-ready").length > 0);
}

/** What axe finds on the page as it stands, in both themes. */
async function clean(what: string): Promise<void> {
  const theme = (name: string) => page.evaluate((t) => (document.documentElement.dataset.theme = t), name);
  for (const name of ["light", "dark"]) {
    await theme(name);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map(
        (v) => `${what}, ${name}: ${v.id} ${v.nodes[0]?.html.slice(0, 160)} ${v.nodes[0]?.failureSummary}`,
      ),
    ).toEqual([]);
  }
  await theme("light");
}

/** No part of the page is wider than a small phone. */
async function narrow(): Promise<void> {
  await page.setViewportSize({ width: 320, height: 700 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.setViewportSize({ width: 1440, height: 1000 });
}

const samples = (p = page) => p.getByTestId("branch-sample");

interface Seen {
  /** Characters of samples on the page, samples that grow, samples with an outcome. */
  characters: number;
  growing: number;
  ended: number;
}

/** From now on the page itself notes what it shows of a branch, at each change. */
const record = () =>
  page.evaluate(() => {
    const seen: Seen[] = [];
    (window as unknown as { seen: Seen[] }).seen = seen;
    new MutationObserver(() => {
      const all = [...document.querySelectorAll("[data-testid=branch-sample]")];
      seen.push({
        characters: all.reduce((n, e) => n + (e.querySelector(".border-s-2")?.textContent?.length ?? 0), 0),
        growing: all.filter((e) => e.hasAttribute("data-growing")).length,
        ended: all.filter((e) => /right|wrong|no answer|cut off/.test(e.querySelector("p")?.textContent ?? "")).length,
      });
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
const recorded = () => page.evaluate(() => (window as unknown as { seen: Seen[] }).seen);

it.skipIf(!canRun)(
  "continue from a step: text grows while it is sampled, every sample is graded, and the link shows a colleague the same",
  async () => {
    await open(`${attempt}?step=2`);
    await page.getByRole("button", { name: "Continue from here" }).click();
    await page.getByLabel("Samples", { exact: true }).fill("32");
    await page.getByLabel("Seed").fill("11");
    await record();
    await page.getByRole("button", { name: "Sample 32 continuations" }).click();
    await page.locator("[data-testid=branch][data-state=done]").waitFor();
    // The text grew in pieces (told ten times a second, so a quick machine shows few), and it was there before any sample had ended.
    const seen = await recorded();
    expect(new Set(seen.filter((s) => s.growing > 0).map((s) => s.characters)).size).toBeGreaterThan(1);
    expect(seen.some((s) => s.characters > 0 && s.ended === 0)).toBe(true);
    const rows = await deps.prisma.branchSample.findMany({
      orderBy: { sampleIndex: "asc" },
      include: { branch: true },
    });
    expect(rows).toHaveLength(32);
    expect(rows[0]?.branch).toMatchObject({ kind: "continue", step: 2, seed: 11, purpose: "manual", personId: null });
    const right = rows.filter((r) => r.reward === 1).length;
    await page.getByText(`${right} of 32 right`).first().waitFor();
    expect(await samples().filter({ hasText: "answered" }).count()).toBe(
      rows.filter((r) => r.extracted !== null).length,
    );

    // A colleague opens the link; the listing says how it was made, and the reader's own strips know nothing of it.
    const address = page.url().slice(web.url.length);
    expect(address).toMatch(/branch=[0-9a-f-]{36}/);
    const colleague = await watched(await context.newPage());
    await open(address, colleague);
    await colleague.locator("[data-testid=branch][data-state=done]").waitFor();
    // Outcomes, tokens, seeds, answers; formulas are typeset when they come near the window.
    expect(await samples(colleague).locator("> p:first-child").allInnerTexts()).toEqual(
      await samples().locator("> p:first-child").allInnerTexts(),
    );
    await colleague
      .getByText(/anonymous, lab, temperature 1, top p 0.95, seed 11/)
      .first()
      .waitFor();
    await expect.poll(() => deps.prisma.continuation.count({ where: { run: { stage: "branch" } } })).toBe(0);
    await clean("branch");
    await narrow();
  },
  120_000,
);

it.skipIf(!canRun)(
  "replace a step: the mathematics is previewed, a given-away answer is said, and a page that comes late sees what is under way",
  async () => {
    const { problem } = await deps.prisma.attempt.findUniqueOrThrow({
      where: { id: attemptId },
      include: { problem: true },
    });
    await open(`${attempt}?step=3`);
    await page.getByRole("button", { name: "Replace this step" }).click();
    const editor = page.getByRole("textbox", { name: /In place of step 3/ });
    await editor.fill(`Half of it is $\\frac{1}{2}$.\nSo the answer is \\boxed{${problem.answer}}.`);
    await page.getByText("It gives the answer away").waitFor();
    await page.getByRole("region", { name: "Preview" }).locator(".katex").first().waitFor();
    await clean("editor");
    await editor.fill("Let us be careful with $\\frac{1}{2}$ here.");
    await page.getByText("The answer does not occur in it").waitFor();
    await page.getByLabel("Samples", { exact: true }).fill("64");
    await page.getByRole("button", { name: "Sample 64 continuations" }).click();
    await page.waitForFunction(() => document.querySelector("[data-testid=branch-sample] .border-s-2") !== null);
    const late = await watched(await context.newPage());
    await open(page.url().slice(web.url.length), late);
    await late.waitForFunction(() => document.querySelector("[data-testid=branch-sample] .border-s-2") !== null);
    // Cancelled from the other page: both hear of it.
    const running = late.locator("[data-testid=branch]:not([data-state=done])");
    if ((await running.count()) > 0)
      await late
        .getByRole("button", { name: "Cancel" })
        .click({ timeout: 3_000 })
        .catch(() => {});
    await page.locator("[data-testid=branch][data-state=cancelled], [data-testid=branch][data-state=done]").waitFor();
    const branch = await deps.prisma.branch.findFirstOrThrow({ where: { kind: "replace" } });
    expect(branch).toMatchObject({ step: 3, content: "Let us be careful with $\\frac{1}{2}$ here." });
  },
  120_000,
);

it.skipIf(!canRun)(
  "the inference server is away: the page says what it waits for, and the samples come when it is back",
  async () => {
    const { port } = engine;
    await engine.kill("SIGKILL");
    await open(`${attempt}?panel=branches&step=1`);
    await page.getByLabel("Samples", { exact: true }).fill("2");
    await page.getByRole("button", { name: "Sample 2 continuations" }).click();
    await page
      .getByText(/Waiting: The inference server at .* cannot be used just now/)
      .first()
      .waitFor();
    engine = await spawnEngine(port);
    await page.locator("[data-testid=branch][data-state=done]").waitFor();
    await expect.poll(() => samples().count()).toBe(2);
  },
  120_000,
);

it.skipIf(!canRun)(
  "tokens: the step beside its replacement, a heat map with its legend, and the same in a table",
  async () => {
    await open(`${attempt}?panel=tokens`);
    await page.getByRole("button", { name: "Score both" }).click();
    await page.getByText(/The intervention costs the model .* nats a token/).waitFor();
    await page.getByRole("button", { name: "Score", exact: true }).click();
    await page.locator("[data-testid=score][data-ready=true]").waitFor();
    const { text } = await deps.prisma.attempt.findUniqueOrThrow({ where: { id: attemptId } });
    const drawn = await page.getByTestId("heat-map").evaluate((e) => {
      for (const sign of e.querySelectorAll("[aria-hidden]")) sign.remove();
      return e.textContent;
    });
    expect(drawn).toBe(text);
    await page.getByRole("list", { name: /Negative log-likelihood per token/ }).waitFor();
    await page.getByTestId("heat-map").locator("span[data-i='3']").first().hover();
    await page.getByText(/Token 4 .*nats, probability/).waitFor();
    await clean("heat map");
    await narrow();
    await page.getByRole("group", { name: "View" }).getByRole("button", { name: "Table" }).click();
    await page.getByLabel("Order by").selectOption("nll");
    const values = await page.locator("table:has(caption:text('each token')) tbody td:nth-of-type(2)").allInnerTexts();
    expect(values.map(Number)).toEqual([...values.map(Number)].sort((a, b) => b - a));
    await clean("token table");

    // A text of one's own, after the step that is named.
    await page.goto(`${web.url}${attempt}?panel=tokens&step=2`);
    await page.getByRole("combobox", { name: "Score" }).selectOption("text");
    await page.getByLabel("Text of your own").fill("Ava: $1+1=2$");
    await page.getByRole("button", { name: "Score", exact: true }).click();
    await page.locator("[data-testid=score][data-ready=true]").waitFor();
    await page.getByRole("heading", { name: /own text after step 2/ }).waitFor();
    expect(await deps.prisma.score.findFirst({ where: { subject: "text" } })).toMatchObject({
      step: 2,
      text: "Ava: $1+1=2$",
    });
  },
  120_000,
);

it.skipIf(!canRun)(
  "30,000 tokens: what is drawn token by token is what is near the window",
  async () => {
    const one = await deps.prisma.score.findFirstOrThrow({ where: { subject: "attempt" } });
    const tokens = Array.from({ length: 30_000 }, (_, i) =>
      i % 40 === 39 ? "\n\n" : i % 3 === 0 ? " word" : `${i % 10}`,
    );
    const logprobs = tokens.map((_, i) => -((i * 7919) % 600) / 100);
    const { id: _, tokenIds: __, createdAt: ___, ...rest } = one;
    const huge = await deps.prisma.score.create({
      data: { ...rest, step: 9, tokenIds: [], tokens, logprobs, tokenCount: tokens.length, meanNll: 3 },
    });
    const began = Date.now();
    await open(`${attempt}?panel=tokens&score=${huge.id}`);
    await page.getByTestId("heat-map").locator("span[data-i='0']").first().waitFor();
    console.log(`30,000 tokens drawn ${Date.now() - began} ms after the page was asked for`);
    await expect.poll(() => page.locator("[data-testid=heat-map] span[data-i]").count()).toBeLessThan(8_000);
    const text = await page.getByTestId("heat-map").innerText();
    expect(text.length).toBeGreaterThan(50_000);
    await page.getByTestId("heat-map").evaluate((e) => e.lastElementChild?.scrollIntoView());
    await page.getByTestId("heat-map").locator("span[data-i='29999']").first().waitFor();
    await deps.prisma.score.delete({ where: { id: huge.id } });
  },
  60_000,
);

it.skipIf(!canRun)(
  "step values: sampled from the page, a chart with gaps and a table, on the rail, against the located errors",
  async () => {
    await open(`${attempt}?panel=values`);
    await page.getByRole("button", { name: "Each k-th" }).click();
    await page.getByLabel("Continuations each").fill("8");
    await page.getByRole("button", { name: "Sample values" }).click();
    await page.locator("[data-testid=value-run][data-state=done]").waitFor();
    await page.locator("[data-testid=value-chart] .recharts-line-dot").first().waitFor({ state: "attached" });
    await page.getByTestId("rail-values").waitFor({ state: "attached" });
    const steps = (await deps.prisma.branch.findMany({ where: { purpose: "value", attemptId } })).map((b) => b.step);
    // Every second step: points, and a line only where two steps in a row were sampled (the last two, maybe).
    const sampled = [...new Set(steps)].sort((a, b) => a - b);
    const pairs = sampled.filter((s, i) => s - (sampled[i - 1] ?? s) === 1).length;
    const dots = await page.locator("[data-testid=value-chart] .recharts-line-dot").count();
    expect(dots).toBe(new Set(steps).size);
    const line = await page.locator("[data-testid=value-chart] .recharts-line-curve").getAttribute("d");
    expect((line ?? "").match(/L/g)?.length ?? 0).toBe(pairs);
    await page
      .getByText(/The largest drop, by|The value falls nowhere/)
      .first()
      .waitFor();
    await page.getByText(/First error by the model: step \d+/).waitFor();
    const chart = page.getByRole("img", { name: /Value after each step, \d+ points/ });
    await expect.poll(() => chart.count()).toBe(1);
    await clean("chart");
    await narrow();
    await page.getByRole("group", { name: "View" }).getByRole("button", { name: "Table" }).click();
    await expect.poll(() => page.locator("[data-testid=values] tbody tr").count()).toBe(new Set(steps).size);
    await clean("value table");
  },
  120_000,
);
