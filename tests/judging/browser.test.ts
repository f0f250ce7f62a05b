import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Locator, Page, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";
import { startWeb, type WebServer } from "../support/web";

/** Judging from a name to the settled label in a real browser, by keyboard alone. */
const home = mkdtempSync(path.join(tmpdir(), "intervene-judging-"));
let db: TestDatabase;
let web: WebServer;
let browser: Browser;
let ada: Page;
let bo: Page;
/** Path of the queue. */
let queue = "";
const contexts: BrowserContext[] = [];
/** What pages threw. */
const thrown: string[] = [];

const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);

beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("judging browser");
  await seedStudy(db.pool, { name: "seeded", problems: 5, samples: 2 });
  web = await startWeb({ databaseUrl: db.url, home });
  browser = await launchBrowser();
  ada = await newJudge();
  bo = await newJudge();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await web?.stop();
  await db?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

async function newJudge(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  contexts.push(context);
  return tabOf(context);
}

async function tabOf(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (e) => thrown.push(e.message));
  return page;
}

/** Tab until it has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let i = 0; i < 120; i++) {
    if (await target.evaluate((e) => e === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${target}`);
}

async function write(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
}

async function beSomebody(page: Page, name: string): Promise<void> {
  await page.goto(`${web.url}/people`);
  await write(page, page.getByLabel("Your name"), name);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: `You are ${name}` }).waitFor();
}

/** The item on the screen; the one ahead is drawn too, hidden. */
const item = (page: Page) => page.getByRole("article");
const shown = (page: Page) => page.locator("[data-item]").first().getAttribute("data-item");

/** Do something, and wait for another item (or none). */
async function next(page: Page, act: () => Promise<void>): Promise<string> {
  const before = await shown(page);
  await act();
  await page.waitForFunction((was) => {
    const place = document.querySelector("[data-item]");
    const now = place?.getAttribute("data-item");
    // Empty while the next one is on its way.
    return place === null || (now !== was && (now !== "" || document.querySelector("[data-testid=nothing]") !== null));
  }, before);
  return (await shown(page)) ?? "";
}
const press =
  (page: Page, ...keys: string[]) =>
  async () => {
    for (const key of keys) await page.keyboard.press(key);
  };
const sent = (page: Page) => page.locator("[data-sending='0']").waitFor();

/** Answers that take their time. */
async function late(route: Route): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await route.continue();
}

async function openJudge(page: Page): Promise<void> {
  await page.goto(`${web.url}${queue}/judge`);
  await page.locator("[data-item]:not([data-item=''])").first().waitFor();
}

async function axe(page: Page, where: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map(
        (v) =>
          `${v.id}: ${v.nodes
            .slice(0, 3)
            .map((n) => n.html.slice(0, 160))
            .join(" | ")}`,
      ),
      `${where}, ${colorScheme}`,
    ).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await page.waitForTimeout(150);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    `${where} at 320 px`,
  ).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
}

/** Pages and databases on a busy machine take their time. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });

const count = async (sql: string) => (await db.pool.query<{ n: number }>(sql)).rows[0]?.n;

describe.skipIf(!canRun)("judging by keyboard", { timeout: 120_000 }, () => {
  it("a name, and a queue out of a random sample", async () => {
    await beSomebody(ada, "Ada");
    await axe(ada, "people");
    await ada.goto(`${web.url}/studies/seeded/queues`);
    await tabTo(ada, ada.getByRole("button", { name: "New queue" }));
    await ada.keyboard.press("Enter");
    await ada.getByTestId("preview-items").waitFor();
    await tabTo(ada, ada.getByLabel("A random sample"));
    await ada.keyboard.press("Space");
    await write(ada, ada.getByLabel("How many"), "8");
    await eventually(() => ada.getByTestId("preview-items").textContent()).toBe("8 items");
    await axe(ada, "form of a new queue");
    await write(ada, ada.getByLabel("Instructions"), "The first step that is **wrong**.");
    await write(ada, ada.getByLabel("Name", { exact: true }), "First errors");
    await ada.keyboard.press("Enter");
    await ada.getByRole("heading", { name: "First errors", exact: true }).waitFor();
    queue = new URL(ada.url()).pathname;
    await axe(ada, "queue without a vote");
  });

  it("accept, reject with a reason, move the error, each with its key; keys are off while typing", async () => {
    await tabTo(ada, ada.getByRole("link", { name: "Judge (8 left for you)" }));
    await ada.keyboard.press("Enter");
    await ada.locator("[data-item]:not([data-item=''])").first().waitFor();
    await axe(ada, "an item");
    await next(ada, press(ada, "a"));
    await next(ada, press(ada, "x", "2"));
    await next(ada, press(ada, "j", "j", "m", "1", "Control+Enter"));
    await sent(ada);
    expect(await count("SELECT count(*)::int n FROM decision")).toBe(3);
    await ada.keyboard.press("?");
    await ada.getByRole("dialog").waitFor();
    await ada.keyboard.press("a"); // of the sheet, not a decision
    await axe(ada, "sheet of keys");
    await ada.keyboard.press("Escape");
    await ada.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(() => count("SELECT count(*)::int n FROM decision")).toBe(3);
  });

  it("a rewriting outlives a reload; another tab's change is shown and neither text is lost", async () => {
    await ada.keyboard.press("e");
    const field = item(ada).getByLabel(/Your intervention in place of step/);
    await eventually(() => field.evaluate((e) => e === document.activeElement)).toBe(true);
    await ada.keyboard.type(" and ax over $x^2$");
    await eventually(() => item(ada).getByRole("region", { name: "Preview" }).locator(".katex").count()).toBeGreaterThan(0);
    await expect.poll(() => item(ada).getByRole("region", { name: "Preview" }).locator("ins, .added").count()).toBeGreaterThan(0);
    await axe(ada, "rewriting");
    const text = await field.inputValue();
    await press(ada, "Escape", "s")(); // no worker is here: what is asked for is shown, and that it was asked is recorded
    await item(ada).getByTestId("own-samples").getByText("4 to come").waitFor();
    await ada.reload();
    await eventually(() => field.inputValue()).toBe(text);
    await eventually(() => item(ada).getByTestId("kept").textContent()).toBe("draft kept");

    const other = await tabOf(contexts[0] as BrowserContext);
    await openJudge(other);
    expect(await shown(other)).toBe(await shown(ada));
    const otherField = item(other).getByLabel(/Your intervention in place of step/);
    await tabTo(other, otherField);
    await other.keyboard.press("ControlOrMeta+End");
    await other.keyboard.type(" (the other tab)");
    await eventually(() => item(other).getByTestId("kept").textContent()).toBe("draft kept");
    await tabTo(ada, field);
    await ada.keyboard.press("ControlOrMeta+End");
    await ada.keyboard.type(", so it goes");
    await ada.getByText("Another tab has changed this draft meanwhile.").waitFor();
    await ada.getByText("(the other tab)").first().waitFor();
    await ada.keyboard.press("Escape");
    await tabTo(ada, ada.getByRole("button", { name: "Keep what is here" }));
    await ada.keyboard.press("Enter");
    await eventually(() => item(ada).getByTestId("kept").textContent()).toBe("draft kept");
    await other.close();
    await tabTo(ada, field);
    await next(ada, press(ada, "Control+Enter"));
    await sent(ada);
    const { rows } = await db.pool.query("SELECT content, sampled FROM decision WHERE action = 'edit'");
    expect(rows).toEqual([{ content: `${text}, so it goes`, sampled: true }]);
  });

  it("what another tab has decided is refused with what changed", async () => {
    const other = await tabOf(contexts[0] as BrowserContext);
    await openJudge(other);
    expect(await shown(other)).toBe(await shown(ada));
    await next(other, press(other, "o"));
    await sent(other);
    await other.close();
    await ada.route(/queues\.(next|decide)/, late);
    await next(ada, press(ada, "o"));
    await ada.getByRole("alert").getByText("Ada has decided this item already").waitFor();
    await expect.poll(() => count("SELECT count(*)::int n FROM decision WHERE action = 'no_error'")).toBe(1);
    await ada.keyboard.press("Escape");
    await ada.getByRole("alert").getByText("Ada has decided").waitFor({ state: "detached" });
  });

  it("cannot tell, flag with a note, undo, a moved key, skip; then nothing is left", async () => {
    // The next item is being asked for since the refusal. What is decided meanwhile does not come again.
    const decided = await item(ada).getAttribute("aria-label");
    await next(ada, press(ada, "u"));
    await sent(ada);
    await ada.waitForLoadState("networkidle");
    await ada.unroute(/queues\.(next|decide)/, late);
    const flagged = await shown(ada);
    const labels = await ada.locator("article").evaluateAll((all) => all.map((a) => a.getAttribute("aria-label")));
    expect(labels).not.toContain(decided);
    await ada.keyboard.press("f");
    const note = item(ada).getByLabel("What is wrong with this item?");
    await eventually(() => note.evaluate((e) => e === document.activeElement)).toBe(true);
    await ada.keyboard.type("the problem is cut off");
    await next(ada, press(ada, "Control+Enter"));
    await next(ada, press(ada, "Backspace"));
    await expect.poll(() => shown(ada)).toBe(flagged);
    expect(await note.inputValue()).toBe("the problem is cut off");
    await next(ada, press(ada, "Control+Enter"));

    await ada.keyboard.press("?");
    await tabTo(ada, ada.getByRole("button", { name: /^accept the proposal: a/ }));
    await ada.keyboard.press("Enter");
    await ada.keyboard.press("q");
    await ada.getByRole("button", { name: /^accept the proposal: q/ }).waitFor();
    await sent(ada);
    await ada.keyboard.press("Escape");
    await ada.keyboard.press("Space"); // while the sheet is closing: skipped, and as the only one left it comes again
    await eventually(() => count("SELECT count(*)::int n FROM decision WHERE action = 'skip'")).toBe(1);
    await ada.locator("[data-item]:not([data-item=''])").first().waitFor();
    await next(ada, press(ada, "q"));
    await ada.getByRole("heading", { name: "You have judged everything here" }).waitFor();
    await sent(ada);
    await axe(ada, "nothing left");
    const { rows } = await db.pool.query<{ action: string; n: number }>(
      "SELECT action, count(*)::int n FROM decision GROUP BY action ORDER BY action",
    );
    expect(Object.fromEntries(rows.map((r) => [r.action, r.n]))).toEqual({
      accept: 2,
      reject: 1,
      locate: 1,
      edit: 1,
      no_error: 1,
      cannot_tell: 1,
      flag: 2,
      undo: 1,
      skip: 1,
    });
    const said = await db.pool.query<{ reason: string; error: string; first: number }>(
      "SELECT max(reason) AS reason, max(error_type) FILTER (WHERE action = 'locate') AS error, max(first_error) FILTER (WHERE action = 'locate') AS first FROM decision",
    );
    expect(said.rows[0]).toEqual({ reason: "wrong_content", error: "arithmetic", first: 2 });
  });

  it("a second judge sees nothing of the first; a lost connection loses nothing", async () => {
    await beSomebody(bo, "Bo");
    await openJudge(bo);
    expect(await bo.locator("main").textContent()).not.toContain("Ada");
    await bo.waitForFunction(() => document.querySelectorAll("article").length === 2); // one is ahead
    await bo.context().setOffline(true);
    await next(bo, press(bo, "a"));
    await bo.getByText("The connection is lost.").waitFor();
    expect(
      await count("SELECT count(*)::int n FROM vote v JOIN person p ON p.id = v.person_id WHERE p.name = 'Bo'"),
    ).toBe(0);
    await bo.context().setOffline(false);
    await sent(bo);
    for (let i = 1; i < 8; i++) await next(bo, press(bo, "a"));
    await sent(bo);
    expect(
      await count("SELECT count(*)::int n FROM vote v JOIN person p ON p.id = v.person_id WHERE p.name = 'Bo'"),
    ).toBe(8);
  });

  it("differences are settled with one key, apart from the votes", async () => {
    await bo.goto(`${web.url}${queue}/adjudicate`);
    await bo.getByText("6 items are left to settle").waitFor();
    await axe(bo, "differences");
    for (const [i, keys] of [["1"], ["2"], ["o"], ["j", "j", "j", "m", "m"]].entries()) {
      await next(bo, press(bo, ...keys));
      await bo
        .getByText(`${5 - i} item`)
        .first()
        .waitFor();
    }
    const { rows } = await db.pool.query<{ followed: number; own: number; none: number; moved: number }>(
      `SELECT count(decision_id)::int AS followed, count(*) FILTER (WHERE decision_id IS NULL)::int AS own,
              count(*) FILTER (WHERE decision_id IS NULL AND action = 'no_error')::int AS none,
              count(*) FILTER (WHERE action = 'locate' AND first_error = 3)::int AS moved FROM settlement`,
    );
    expect(rows[0]).toMatchObject({ own: 2, none: 1, moved: 1 });
    expect(rows[0]?.followed).toBe(2);
    expect(await count("SELECT count(*)::int n FROM vote")).toBe(16);
    await bo.goto(`${web.url}${queue}/adjudicate?which=settled`);
    await bo.getByText(/^Settled by Bo/).waitFor();
  });

  it("the queue shows agreement, labels are frozen, and an item's history is replayed", async () => {
    await ada.goto(`${web.url}${queue}`);
    await ada.getByText("Krippendorff’s α, nominal").waitFor();
    await tabTo(ada, ada.getByRole("button", { name: "Ada and Bo" }));
    await ada.keyboard.press("Enter");
    await ada.getByRole("region", { name: "Confusion matrix" }).waitFor();
    await expect.poll(() => ada.getByText("16 of 16 votes").count()).toBe(1);
    await expect.poll(() => ada.getByText(/labels of this queue are frozen/).count()).toBeGreaterThan(0);
    await axe(ada, "queue with agreement");
    const csv = await ada.evaluate(
      async (p) => (await fetch(p)).text(),
      `/api/queues/${queue.split("/").at(-1)}/decisions`,
    );
    expect(csv.trim().split("\r\n")[0]).toContain("first_error");
    await ada.getByText("flagged").first().waitFor();
    const flagged = ada.locator("li", { hasText: "flagged" }).getByRole("link").first();
    await tabTo(ada, flagged);
    await ada.keyboard.press("Enter");
    await ada.getByRole("region", { name: "What happened" }).waitFor();
    await expect.poll(() => ada.getByText("taken back later").count()).toBe(1);
    await expect.poll(() => ada.getByText("took back").count()).toBe(1);
    await tabTo(ada, ada.getByRole("button", { name: "Before", exact: true }));
    await ada.keyboard.press("Enter");
    await eventually(() => new URL(ada.url()).searchParams.get("event")).not.toBeNull();
    await axe(ada, "history of an item");
    expect(thrown).toEqual([]);
  });
});
