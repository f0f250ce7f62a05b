import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { migrate } from "@/server/store/migrate";
import { createLabStudy } from "@/server/usecases/create-lab-study";
import { createDeps } from "@/server/usecases/deps";
import { startDatabaseServer } from "@/workers/database/server";
import { type EngineProcess, spawnEngine } from "../pipeline/support/engine-process";
import { spawnWorker, type WorkerProcess } from "../pipeline/support/worker-process";
import { launchBrowser } from "../support/browser";
import { startWeb, type WebServer } from "../support/web";
import { type Bench, quantile } from "./bench";

const ROUNDS = 15;

/**
 * From the click on "Sample" to the first sampled text on the page, while the same worker and engine have a lab run in
 * hand. Everything as in the product: PostgreSQL, engine, worker and web in processes of their own.
 */
export const bench: Bench = {
  about: "branching by hand while a run is busy: from the click to the first token on the page",
  async run({ folder, figure, say }) {
    const server = await startDatabaseServer({ folder: path.join(folder, "postgres"), logFile: path.join(folder, "postgres.log") });
    const deps = createDeps({ databaseUrl: server.url, name: "bench" });
    let engine: EngineProcess | undefined;
    let worker: WorkerProcess | undefined;
    let web: WebServer | undefined;
    let browser: Browser | undefined;
    try {
      await migrate(server.url);
      say("building the pages, if they are not …");
      web = await startWeb({ databaseUrl: server.url, home: path.join(folder, "home") });
      engine = await spawnEngine();
      worker = spawnWorker(server.url, engine.url);
      await worker.ready;
      const { pipelineId } = await createLabStudy(deps, { problems: 400 });
      const attempt = await eventually(() => deps.prisma.attempt.findFirst({ where: { reward: 0, steps: { gte: 4 } } }));
      browser = await launchBrowser();
      const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
      await page.goto(`${web.url}/studies/lab/attempts/${attempt.id}?panel=branches&step=2`);
      await page.getByRole("form", { name: "New branch" }).waitFor();
      // The first one warms what is loaded lazily: routes, the grader's thread.
      await firstText(page, 0);
      const metrics = async () => {
        const text = await (await fetch(`${engine?.url}/metrics`)).text();
        const read = (name: string) => Number(new RegExp(`^vllm:num_requests_${name}\\S* (\\d+)`, "m").exec(text)?.[1] ?? 0);
        return read("running") + read("waiting");
      };
      const times: number[] = [];
      const load: number[] = [];
      for (let round = 1; round <= ROUNDS; round++) {
        load.push(await metrics());
        times.push(await firstText(page, round));
      }
      const state = await deps.prisma.run.findMany({ where: { pipelineId, state: "running" } });
      if (state.length === 0) throw new Error("the run had ended: nothing was busy");
      const note = `${ROUNDS} branches of 8; ${Math.min(...load)} to ${Math.max(...load)} samples of the run at the engine`;
      figure({ what: "click to first token on the page, p50", value: quantile(times, 0.5), unit: "ms", atMost: 1_500, note });
      figure({ what: "click to first token on the page, p90", value: quantile(times, 0.9), unit: "ms" });
    } finally {
      await browser?.close();
      await web?.stop();
      worker?.child.kill("SIGTERM");
      await worker?.ended;
      await engine?.kill("SIGTERM");
      await deps.close();
      await server.stop();
    }
  },
};

async function eventually<T>(probe: () => Promise<T | null>): Promise<T> {
  for (const end = Date.now() + 120_000; Date.now() < end; await new Promise((r) => setTimeout(r, 200))) {
    const value = await probe();
    if (value !== null) return value;
  }
  throw new Error("the run made no attempt in time");
}

/** Milliseconds from the click to the first text, seen by the page itself. */
async function firstText(page: Page, round: number): Promise<number> {
  await page.getByLabel("Seed").fill(String(1000 + round));
  await page.evaluate(() => {
    const w = window as unknown as { first?: number; clicked?: number };
    w.first = undefined;
    const button = document.querySelector("form[aria-label='New branch'] button[type=submit]");
    button?.addEventListener("click", () => (w.clicked = performance.now()), { once: true, capture: true });
    const watch = new MutationObserver(() => {
      const text = document.querySelector("[data-testid=branch-sample] .border-s-2");
      if (w.clicked === undefined || !text?.textContent) return;
      w.first = performance.now() - w.clicked;
      w.clicked = undefined;
      watch.disconnect();
    });
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await page.getByRole("button", { name: /^Sample \d+ continuations$/ }).click();
  const handle = await page.waitForFunction(() => (window as unknown as { first?: number }).first, null, { timeout: 60_000 });
  const ms = Number(await handle.jsonValue());
  await page.locator("[data-testid=branch][data-state=done]").waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: "Close", exact: true }).click();
  return ms;
}
