/** The page of trainings in a browser, with a real worker, trainer and engine behind it. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { startWeb, type WebServer } from "../support/web";
import { trainingSetup } from "./support/setup";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);

let setup: Awaited<ReturnType<typeof trainingSetup>>;
let web: WebServer;
let browser: Browser;
let page: Page;
const thrown: string[] = [];
/** Training is slow on a busy machine. */
const SLOW = { timeout: 120_000 };

beforeAll(async () => {
  if (!canRun) return;
  setup = await trainingSetup("page");
  web = await startWeb({ databaseUrl: setup.database.url, home: setup.home });
  browser = await launchBrowser();
  page = await (await browser.newContext({ viewport: { width: 1440, height: 1000 }, reducedMotion: "reduce" })).newPage();
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (e) => thrown.push(e.message));
  await page.goto(`${web.url}/studies/page/training`);
  await form().getByLabel("What").waitFor();
});
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await setup?.close();
});

const form = () => page.getByRole("region", { name: "New training" });
const chains = () => page.getByRole("list", { name: "Trainings and evaluations" }).locator(":scope > li");
const trainingsOf = () => setup.deps.prisma.training.findMany({ orderBy: { id: "asc" } });

/** Ask for SFT on the study's data set. @returns its chain, the newest one. */
async function startSft(o: { epochs: number; evaluate: boolean; samples?: number }): Promise<Locator> {
  const before = await chains().count();
  await form().getByLabel("What").selectOption("sft");
  await form().getByLabel("SFT epochs").fill(String(o.epochs));
  await form().getByLabel("SFT learning rate").fill("0.0002");
  await form().getByRole("checkbox", { name: /^test/ }).setChecked(o.evaluate);
  if (o.samples !== undefined) await form().getByLabel("Samples per problem evaluated").fill(String(o.samples));
  await form().getByRole("button", { name: "Start" }).click();
  await expect.poll(() => chains().count(), SLOW).toBe(before + 1);
  return chains().first();
}

describe.skipIf(!canRun)("the page of trainings", () => {
  test("a chain is started, its curve grows while it trains, and its model's evaluation appears", async () => {
    expect(await form().getByLabel("What").inputValue()).toBe("evaluate");
    const chain = await startSft({ epochs: 16, evaluate: true, samples: 2 });
    const loss = page.getByRole("figure", { name: "Loss" });
    await loss.waitFor(SLOW);
    await loss.getByRole("button", { name: "Loss: table" }).click();
    // 16 epochs of 8 rows, 16 at a time, under a head: each came while the page was open, which is never loaded again.
    await expect.poll(() => loss.getByRole("row").count(), SLOW).toBe(9);
    const row = page.getByRole("region", { name: "Evaluations" }).getByRole("row", { name: /lab \+ SFT references/ });
    await row.waitFor(SLOW);
    await chain.getByText("done", { exact: true }).waitFor(SLOW);
    await expect.poll(() => row.textContent(), SLOW).toMatch(/8 × 2/);
    const [training] = await trainingsOf();
    expect(z.object({ epochs: z.number(), optimizer: z.object({ learningRate: z.number() }) }).parse(training?.spec)).toMatchObject({
      epochs: 16,
      optimizer: { learningRate: 2e-4 },
    });
  });

  test("a trainer that dies is told with its log and spec; the chain is resumed, then cancelled", async () => {
    const chain = await startSft({ epochs: 100, evaluate: false });
    await expect.poll(async () => (await trainingsOf()).at(-1)?.step ?? 0, SLOW).toBeGreaterThan(0);
    process.kill(z.object({ pid: z.number() }).parse((await trainingsOf()).at(-1)?.handle).pid, "SIGKILL");
    await chain.getByText("The trainer ended without a word before it was done.").waitFor(SLOW);
    await chain.getByText(/Spec, log, events and checkpoints: /).waitFor();
    await chain.getByRole("button", { name: "Spec that it was given" }).click();
    await expect.poll(() => chain.getByRole("group", { name: "Spec" }).textContent()).toContain('"epochs": 100');

    // With all that on it, the page is whole and usable at any width.
    for (const [width, colorScheme] of [[1440, "light"], [320, "dark"]] as const) {
      await page.setViewportSize({ width, height: 1000 });
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 200)}`), `${width} px`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${width} px`).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1440, height: 1000 });

    await chain.getByRole("button", { name: "Resume from its last checkpoint" }).click();
    await chain.getByRole("button", { name: "Cancel" }).click(SLOW);
    await chain.getByText("cancelled", { exact: true }).first().waitFor(SLOW);
    expect(thrown).toEqual([]);
  });

  test("what trains, and where, is chosen in the form and told in the chain", async () => {
    await page.reload();
    await form().getByLabel("What").selectOption("sft-rl");
    // The recipes' own.
    for (const [label, value] of [["SFT epochs", "4"], ["SFT learning rate", "0.00005"], ["RL steps", "16"], ["RL learning rate", "0.0001"]])
      await expect.poll(() => form().getByLabel(label ?? "").inputValue(), { message: label ?? "" }).toBe(value);
    await form().getByLabel("What").selectOption("sft");
    await form().getByRole("checkbox", { name: /^test/ }).setChecked(false);
    await form().getByLabel("Trainer").selectOption("trl");
    await form().getByText(/There is no Python environment for the TRL trainer: .*trainer setup/).waitFor();
    await expect.poll(() => form().getByRole("button", { name: "Start" }).isDisabled()).toBe(true);
    await form().getByLabel("LoRA rank").fill("8");
    await expect.poll(() => form().getByLabel("SFT learning rate").inputValue()).toBe("0.0005");
    await form().getByLabel("Trainer").selectOption("embedded");
    await expect.poll(() => form().getByLabel("SFT learning rate").inputValue()).toBe("0.00005");
    await form().getByLabel("Runs on").selectOption("ray");
    await form().getByText("Give the address of Ray’s dashboard, such as http://127.0.0.1:8265.").waitFor();
    await form().getByLabel("Dashboard’s address").fill("http://127.0.0.1:9");
    await form().getByLabel("GPUs", { exact: true }).fill("1");
    await form().getByLabel("SFT: problems held out").fill("0.4");
    const before = await chains().count();
    await form().getByRole("button", { name: "Start" }).click();
    await expect.poll(() => chains().count(), SLOW).toBe(before + 1);
    const chain = chains().first();
    await chain.getByText("on Ray.").waitFor(SLOW);
    const run = await setup.deps.prisma.run.findFirstOrThrow({ where: { stage: "sft" }, orderBy: { id: "desc" } });
    expect(run.settings).toMatchObject({ trainer: "embedded", launcher: { kind: "ray", address: "http://127.0.0.1:9", gpus: 1 }, holdOut: 0.4, lora: null });
    // Nothing answers there: it waits, says for what, and can be cancelled.
    await chain.getByText(/The Ray head node at http:\/\/127\.0\.0\.1:9 does not answer/).waitFor(SLOW);
    await chain.getByRole("button", { name: "Cancel" }).click();
    await chain.getByText("cancelled", { exact: true }).first().waitFor(SLOW);
    await form().getByLabel("Runs on").selectOption("local");
  });

  test("the final table is started from its own form, once", async () => {
    const table = page.getByRole("region", { name: "Final table" });
    await table.getByLabel("Training set").selectOption("train");
    const button = table.getByRole("button", { name: "Start the final table" });
    await expect.poll(() => button.isDisabled()).toBe(true);
    await table.getByRole("checkbox", { name: /^test/ }).setChecked(true);
    await table.getByLabel("Seeds").fill("2");
    await table.getByLabel("Problems of each set").fill("4");
    await table.getByLabel("Samples per problem").fill("2");
    await table.getByText("12 chains, each evaluated with 2 samples per problem.").waitFor();
    await button.click();
    await table.getByText(/^Started: \d+ pipelines\.$/).waitFor(SLOW);
    const asked = await setup.deps.prisma.pipeline.findMany({ select: { recipe: true } });
    const count = (recipe: string) => asked.filter((p) => p.recipe === recipe).length;
    expect([count("sft-rl"), count("rl"), count("hint-rl"), count("evaluate")]).toEqual([6, 2, 2, 2]);
    await button.click();
    await table.getByText(/Every row with these seeds is there already/).waitFor(SLOW);
  });
});
