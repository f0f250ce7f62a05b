import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import { randomStream } from "@/server/core/seeds";
import { eachInItsWindow, withPages } from "../support/pages";
import { type LabelledSeed, seedLabelled } from "./support/study";

/** Eighty attempts: a model that is mostly right, and one that has seen half of them. */
function attempts(): LabelledSeed[] {
  const random = randomStream(4);
  return Array.from({ length: 80 }, () => {
    const steps = 4 + Math.floor(random() * 5);
    const label = random() < 0.25 ? null : 1 + Math.floor(random() * steps);
    const answer = (right: number) => () =>
      random() < 0.06 ? "unparsed" : random() < right ? (label ?? "none") : Math.min(steps, (label ?? 1) + 1);
    const said: LabelledSeed["said"] = { "model-4b": Array.from({ length: 4 }, answer(0.7)) };
    if (random() < 0.5) said["small model"] = [answer(0.3)()];
    return { steps, labels: { "people (their file)": label }, said };
  });
}

/** The page of first errors against labels in a real browser, on the built pages and a real database. */
const pages = withPages("localisation page", async (db) => {
  const all = attempts();
  await seedLabelled(db.pool, "labelled", all);
  await seedLabelled(db.pool, "waiting", all.slice(0, 3).map((a) => ({ ...a, said: {} })));
  await seedLabelled(db.pool, "bare", [{ steps: 2, labels: {}, said: {} }]);
  await seedLabelled(db.pool, "one kind", all.filter((a) => a.labels["people (their file)"] !== null).slice(0, 9));
});
const tab = eachInItsWindow(pages);
let page: Page;
beforeEach(() => {
  if (pages.canRun) page = tab.page;
});

const open = (study: string, search = "") =>
  page.goto(`${pages.web.url}/studies/${encodeURIComponent(study)}/localisation${search}`);
const table = () => page.getByRole("table", { name: /first errors located/i });
const line = (model: string) => table().getByRole("row").filter({ hasText: model });

describe.skipIf(!pages.canRun)("first errors against labels", { timeout: 60_000 }, () => {
  it("is linked from the study, and shows every run with F1, intervals and the baseline of position alone", async () => {
    await page.goto(`${pages.web.url}/studies/labelled`);
    await page.getByRole("link", { name: "First errors" }).click();
    await expect.poll(() => line("model-4b").innerText()).toMatch(/[\d.]+ %\s+[\d.]+ to [\d.]+ %/);
    await expect.poll(() => table().getByRole("row").filter({ hasText: "position alone" }).count()).toBe(2);
    expect(await line("small model").innerText()).toContain("of 80");
  });

  it("leads from a number to its rows, and from there through those attempts", async () => {
    await open("labelled");
    const unread = line("small model").getByRole("link").last();
    const n = Number(await unread.innerText());
    expect(n).toBeGreaterThan(0);
    await unread.click();
    await page.getByText("says nothing that can be read").waitFor();
    await expect.poll(() => page.getByRole("table", { name: "Attempts of this study" }).locator("tbody tr").count()).toBe(n);
    await page.goBack();
    // A cell of the matrix, too.
    const cell = page.getByRole("region", { name: "Confusion matrix" }).getByRole("link").first();
    const inCell = Number(await cell.innerText());
    await cell.click();
    await page.getByText(/Only attempts labelled by people/).waitFor();
    await expect.poll(() => page.getByRole("table", { name: "Attempts of this study" }).locator("tbody tr").count()).toBe(inCell);
    await page.getByRole("button", { name: "Show all" }).click();
    await expect.poll(() => page.getByRole("table", { name: "Attempts of this study" }).locator("tbody tr").count()).toBe(50);
  });

  it("looks into the line that is chosen, by what is chosen to count as the answer; both stand in the address", async () => {
    await open("labelled");
    const note = () => page.getByRole("region", { name: "Which step against which" }).innerText();
    expect(await note()).toContain("model-4b");
    const before = await line("model-4b").innerText();
    await page.getByLabel("The model’s answer is that of").selectOption("first");
    await expect.poll(() => line("model-4b").innerText()).not.toBe(before);
    expect(new URL(page.url()).searchParams.get("by")).toBe("first");
    await line("small model").getByRole("link", { name: "small model" }).click();
    await expect.poll(note).toContain("small model");
    await page.reload();
    await expect.poll(note).toContain("small model");
    await expect.poll(() => page.getByLabel("The model’s answer is that of").inputValue()).toBe("first");
  });

  it("says what is missing, and starts verification on it", async () => {
    await open("bare");
    await page.getByText("No attempt of this study has a label").waitFor();
    await open("one kind");
    await page.getByText(/F1 is not defined for .*: no attempt without an error/).waitFor();
    await open("waiting");
    await page.getByText("No model has verified these attempts yet.").waitFor();
    await page.getByText("npm run -s intervene -- run verify --study waiting --model MODEL").waitFor();
    await open("labelled");
    await page.getByRole("button", { name: "Verify the labelled attempts with model-4b" }).click();
    await page.getByRole("link", { name: "Follow it on the study’s page" }).click();
    await page.getByText(/verification, started/).waitFor();
    const { rows } = await pages.db.pool.query("SELECT stage, state, total FROM run WHERE pipeline_id IS NOT NULL");
    expect(rows).toEqual([{ stage: "verify", state: "queued", total: 320 }]);
  });

  it.each([["light", 1440], ["dark", 1440], ["light", 320], ["dark", 390]] as const)("is free of what axe finds, and fits: %s, %i px", async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    for (const study of ["labelled", "waiting", "bare"]) {
      await open(study);
      await page.getByRole("heading", { level: 1 }).waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`)).toEqual([]);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    }
  });
});
