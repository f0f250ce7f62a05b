import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type Seeded, seedStudy } from "../support/seed-study";
import { seedTrace } from "../support/seed-trace";
import { HOSTILE } from "../support/traces";
import { publish, serveFiles } from "./support/publish";

/** A published study in a real browser: from files, and from a plain web server under a path. */
const folder = mkdtempSync(path.join(tmpdir(), "intervene-pages-"));
const at = { seeded: path.join(folder, "seeded"), hostile: path.join(folder, "hostile") };
let db: TestDatabase;
let seeded: Seeded;
let hostile: string;
let tall: string;
let server: Awaited<ReturnType<typeof serveFiles>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What went wrong on the page, and what it asked of others than its own folder. */
let problems: string[];
let allowed: string;

const canRun = findChromium() !== null;
if (!canRun) console.warn(NO_CHROMIUM);

beforeAll(async () => {
  if (!canRun) return;
  db = await createTestDatabase("publish pages");
  seeded = await seedStudy(db.pool, { name: "seeded", problems: 6, samples: 6 });
  // An attempt that reaches far below the window, and yet stands whole in the document.
  const { rows } = await db.pool.query<{ id: string }>(
    `UPDATE attempt SET steps = 30, text = (SELECT string_agg('Let $x$ be ' || i || E'\n- $a$\n- $b$\n- $c$\n- $d$\n- $e$', E'\n\n') FROM generate_series(1, 30) i)
     WHERE id = (SELECT id FROM attempt WHERE reward = 1 ORDER BY id LIMIT 1) RETURNING id`,
  );
  tall = rows[0]?.id ?? "";
  await publish(db.pool, "seeded", at.seeded);
  const evil = await seedTrace(db.pool, { study: "hostile", trace: HOSTILE, samples: 2, continuation: () => HOSTILE.reference });
  await db.pool.query("UPDATE study SET kind = 'user', note = $1 WHERE name = 'hostile'", [HOSTILE.statement]);
  await db.pool.query("UPDATE study SET name = $1 WHERE name = 'hostile'", ["</title><script>window.hacked = 1</script>"]);
  await publish(db.pool, "</title><script>window.hacked = 1</script>", at.hostile);
  hostile = evil.attemptId;
  server = await serveFiles(at.seeded);
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await db?.close();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

beforeEach(async () => {
  if (!canRun) return;
  problems = [];
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  page.on("pageerror", (e) => problems.push(e.message));
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && problems.push(m.text()));
  page.on("request", (r) => !r.url().startsWith(allowed) && problems.push(`asked for ${r.url()}`));
  page.on("requestfailed", (r) => problems.push(`failed: ${r.url()}`));
  page.on("response", (r) => r.status() >= 400 && problems.push(`${r.status()} ${r.url()}`));
});
afterEach(async () => {
  await context?.close();
  if (canRun) expect(problems).toEqual([]);
});

const fileUrl = (of: string) => `${pathToFileURL(of).href}/`;
const soon = <T>(probe: () => T | Promise<T>) => expect.poll(probe, { timeout: 15_000 });

/** Open a page of a publication. */
async function open(base: string, hash = ""): Promise<void> {
  allowed = base;
  await page.goto("about:blank");
  await page.goto(`${base}index.html${hash}`);
}
const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });

describe.skipIf(!canRun).each([
  ["from files", () => fileUrl(at.seeded)],
  ["from a web server, under a path", () => server.url],
])("a publication %s", (_, base) => {
  it("shows the study's figures, finds an attempt, and shows it whole", { timeout: 60_000 }, async () => {
    await open(base());
    await heading("seeded").waitFor();
    await page.locator("tr[data-arm=intervention]").getByText(/\d+\/\d+/).first().waitFor();
    await page.getByText("static pages").waitFor(); // the manifest

    await page.getByRole("link", { name: "Attempts", exact: true }).click();
    await page.getByText("24 attempts").waitFor();
    await page.getByRole("combobox", { name: "Answer" }).selectOption("wrong");
    await page.getByRole("combobox", { name: "Proposal" }).selectOption("kept");
    await soon(() => page.getByRole("status").textContent()).not.toBe("24 attempts");
    await soon(() => page.evaluate(() => location.hash)).toBe("#/attempts?reward=wrong&proposal=kept");
    const row = page.locator(`a[href*="${seeded.attemptId}"]`);
    const words = ((await row.textContent()) ?? "").replace(/^\d+/, "").trim().split(/\s+/).slice(0, 3).join(" ");
    await page.getByRole("searchbox", { name: "Find" }).fill(`${words.toUpperCase()} no-such-word`);
    await page.getByText("No attempt is like that.").waitFor();
    await page.getByRole("searchbox", { name: "Find" }).fill(words);
    await row.click();

    await heading(/^Problem \d+, attempt \d+$/).waitFor();
    const first = page.getByTestId("steps").locator("li").filter({ hasText: "first error" });
    await first.waitFor();
    await page.getByTestId("intervention").waitFor();
    await expect.poll(() => page.locator(".changed.added").count()).toBeGreaterThan(0);
    await soon(() => page.locator("main .katex").count()).toBeGreaterThan(0);
    // Its fonts are the folder's own.
    await soon(() => page.evaluate(() => document.fonts.check('16px "KaTeX_Main"'))).toBe(true);

    await page.locator("[data-arm=intervention] [data-sample]").first().click();
    await page.getByTestId("continuation").getByText(/tokens, seed \d+/).waitFor();
    await page.locator("[data-arm=problem] [data-sample]").first().click();
    await page.getByTestId("continuation").getByText("problem, sample 1").waitFor();
    await page.keyboard.press("l");
    await page.getByLabel("Whole log of this verification sample").getByText("Critical error").waitFor();
    await page.keyboard.press("o");
    await page.getByTestId("panels").getByText(/^Reference solution/).waitFor();
    await page.getByRole("link", { name: "Next" }).click();
    await soon(() => page.evaluate(() => location.hash)).not.toContain(seeded.attemptId);
    await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/reward=wrong&proposal=kept/);
  });

  it("opens at the step that a link names, and says so when a link is wrong", { timeout: 60_000 }, async () => {
    await open(base(), `#/attempts/${seeded.longAttemptId}?step=90&panel=proposal`);
    await page.getByRole("button", { name: "Step 90", exact: true, includeHidden: false }).waitFor();
    await soon(() => page.locator("[aria-current=step]").textContent()).toBe("90");
    await page.getByTestId("proposal").first().waitFor();
    await page.keyboard.press("j");
    await soon(() => page.evaluate(() => location.hash)).toContain("step=91");

    await page.goto(`${base()}index.html#/nonsense`);
    await page.getByText("There is no page of that address here").waitFor();
    await page.goto(`${base()}index.html#/attempts/no-such-attempt`);
    await page.getByText("it is not part of this publication").waitFor();
    // That file was asked for, and the browser says that it is not there: rightly so.
    problems = problems.filter((p) => !/no-such-attempt|Failed to load resource|ERR_FILE_NOT_FOUND/.test(p));
  });
});

describe.skipIf(!canRun)("the pages of a publication", () => {
  it("leave hostile text as text", { timeout: 60_000 }, async () => {
    const panels = ["continuations&arm=intervention&sample=1", "log", "proposal", "problem&raw=1"];
    await open(fileUrl(at.hostile));
    for (const hash of ["#/", "#/attempts", "#/problems", ...panels.map((p) => `#/attempts/${hostile}?panel=${p}`)]) {
      await page.evaluate((to) => {
        window.location.hash = to;
      }, hash);
      await soon(() => page.getByText("Reading…").count()).toBe(0);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.mouse.wheel(0, 3000);
      await page.waitForTimeout(100);
      await expect.poll(() => page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
      const foreign = await page.evaluate(
        () => document.querySelectorAll("main a[href^='javascript'], main iframe, main img, main script, main [onclick], main [onerror]").length,
      );
      expect(foreign).toBe(0);
    }
    expect(await page.title()).toContain("</title><script>");
  });

  it("are printed whole: every formula typeset, none of what can only be pressed", { timeout: 60_000 }, async () => {
    await open(fileUrl(at.seeded), `#/attempts/${tall}`);
    await page.getByTestId("steps").waitFor();
    const source = page.getByTestId("steps").locator("code");
    await expect.poll(() => source.count()).toBeGreaterThan(0);
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await expect.poll(() => source.count()).toBe(0);
    await page.emulateMedia({ media: "print" });
    await expect.poll(() => page.getByRole("slider").count()).toBe(0);
    await expect.poll(() => page.getByRole("button", { name: "Search" }).isVisible()).toBe(false);
  });

  it("run no script but the folder's own", async () => {
    await open(fileUrl(at.seeded));
    await heading("seeded").waitFor();
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.injected = 1";
      document.head.append(script);
      return (window as unknown as { injected?: number }).injected ?? 0;
    });
    expect(ran).toBe(0);
    expect(problems.splice(0).join()).toMatch(/Content Security Policy/);
  });

  it("are clean for axe in both colours, and fit a phone", { timeout: 300_000 }, async () => {
    for (const hash of ["", "#/attempts", "#/problems", `#/attempts/${seeded.attemptId}`]) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await open(fileUrl(at.seeded), hash);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await soon(() => page.getByText("Reading…").count()).toBe(0);
      // The lists are made of the same few colours as the others.
      for (const colorScheme of hash.includes("-") || hash === "" ? (["light", "dark"] as const) : (["light"] as const)) {
        await page.emulateMedia({ colorScheme });
        // Without axe's own reading of the style sheets, which the page's policy refuses.
        const { violations } = await new AxeBuilder({ page }).options({ preload: false }).analyze();
        expect(violations.map((v) => `${hash} ${colorScheme}: ${v.id}: ${v.nodes[0]?.html}`)).toEqual([]);
      }
      await page.setViewportSize({ width: 320, height: 640 });
      await soon(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    }
  });
});
