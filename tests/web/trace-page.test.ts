import type { Page } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import { blankFrames } from "../support/frames";
import { eachInItsWindow, withPages } from "../support/pages";
import { seedStudy } from "../support/seed-study";
import { seedTrace } from "../support/seed-trace";
import { HOSTILE, hugeTrace, THINKING } from "../support/traces";

const at = { seeded: "", huge: "", thinking: "", hostile: "" };
/** A page on a busy machine takes its time. */
const soon = <T>(probe: () => T | Promise<T>) => expect.poll(probe, { timeout: 15_000 });

/** The page of one attempt in a real browser, on the built pages and a real database. */
const pages = withPages("trace page", async (db) => {
  const seeded = await seedStudy(db.pool, { name: "seeded", problems: 6, samples: 8 });
  at.seeded = `/studies/seeded/attempts/${seeded.attemptId}`;
  at.huge = (await seedTrace(db.pool, { study: "huge", trace: hugeTrace() })).path;
  at.thinking = (await seedTrace(db.pool, { study: "thinking", trace: THINKING })).path;
  at.hostile = (
    await seedTrace(db.pool, { study: "hostile", trace: HOSTILE, samples: 2, continuation: () => HOSTILE.reference })
  ).path;
});
const tab = eachInItsWindow(pages);
let page: Page;
beforeEach(() => {
  if (pages.canRun) page = tab.page;
});

/** Open an address and wait until the page answers to keys. */
async function open(address: string): Promise<void> {
  await page.goto(pages.web.url + address);
  await page.waitForFunction(() => performance.getEntriesByName("reader-ready").length > 0);
}
const search = () => new URL(page.url()).searchParams;
const step = () => search().get("step");
/** Where a step stands below the bars that stick, in px. */
const below = (n: number) =>
  page.evaluate((n) => {
    const bars = [...document.querySelectorAll<HTMLElement>("[data-sticks]")];
    const bar = Math.max(44, ...bars.map((b) => b.getBoundingClientRect().bottom));
    return (document.getElementById(`step-${n}`)?.getBoundingClientRect().top ?? Number.NaN) - bar;
  }, n);

describe.skipIf(!pages.canRun)("the page of one attempt", { timeout: 120_000 }, () => {
  it("is walked from end to end with the keyboard alone", async () => {
    await open(at.seeded);
    const steps = await page.locator("[data-testid=steps] > li").count();
    await page.keyboard.press("j");
    await page.keyboard.press("ArrowDown");
    await soon(step).toBe("2");
    await page.keyboard.press("ArrowUp");
    await soon(step).toBe("1");
    await page.keyboard.press("G");
    await soon(step).toBe(String(steps));
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    // The first mark is the first error, and the replacement stands in it with what changed.
    const first = await page.locator("[data-first-error]").getAttribute("data-step");
    await soon(step).toBe(first);
    const wrong = page.locator("[data-first-error]");
    await expect.poll(() => wrong.getByTestId("intervention").count()).toBe(1);
    await expect.poll(() => wrong.locator("del").count()).toBeGreaterThan(0);
    await expect.poll(() => wrong.locator("ins").count()).toBeGreaterThan(0);
    await expect.poll(() => wrong.locator(".katex").count()).toBeGreaterThan(0);
    await page.keyboard.press("d");
    await soon(() => wrong.locator("ins").count()).toBe(0);
    await page.keyboard.press("d");
    await page.keyboard.press("r");
    // Source, signs marked one by one.
    await soon(() => wrong.locator("ins.font-mono, p.font-mono ins").count()).toBeGreaterThan(0);
    expect(await page.locator("[data-testid=steps] .katex").count()).toBeLessThan(
      (await page.locator(".katex").count()) + 1,
    );
    await page.keyboard.press("r");

    // Panels by their keys, tabs by arrows.
    await page.keyboard.press("l");
    await page.getByRole("region", { name: /whole log/i }).waitFor();
    await page.keyboard.press("p");
    await page.getByTestId("proposal").first().waitFor();
    await page.keyboard.press("o");
    await page.getByRole("tab", { name: "Problem", selected: true }).waitFor();
    await page.keyboard.press("c");
    await page.getByRole("tab", { name: "Continuations", selected: true }).waitFor();

    // Continuations: the next one, the one before; then marks with Tab and arrows.
    await page.keyboard.press(".");
    await page.getByTestId("continuation").waitFor();
    expect(search().get("arm")).toBe("intervention");
    expect(search().get("sample")).toBe("1");
    await page.keyboard.press(".");
    await soon(() => search().get("sample")).toBe("2");
    await page.keyboard.press(",");
    await soon(() => search().get("sample")).toBe("1");

    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "Keys" });
    await keys.waitFor();
    await expect.poll(() => keys.getByText("panel: log").count()).toBe(1);
    await page.keyboard.press("Escape");
    await keys.waitFor({ state: "detached" });
    // Everything that takes the focus is reached with Tab, and shows it.
    await open(at.seeded);
    const reached = new Set<string>();
    for (let i = 0; i < 90; i++) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const e = document.activeElement;
        if (e === null || e === document.body) return null;
        const outline = getComputedStyle(e).outlineStyle;
        const role = e.getAttribute("role") ?? e.tagName.toLowerCase();
        return outline === "none" && !e.closest("[tabindex='-1']")
          ? `no focus ring: ${e.outerHTML.slice(0, 100)}`
          : role;
      });
      if (name === null) break;
      reached.add(name);
    }
    expect([...reached].filter((r) => r.startsWith("no focus"))).toEqual([]);
    for (const role of ["slider", "tab", "select", "input", "button", "a"]) expect([...reached]).toContain(role);
    await page.getByRole("slider").focus();
    await page.keyboard.press("End");
    await soon(step).toBe(String(steps));
  });

  it("shows a colleague the same thing: all of it is in the address", async () => {
    await open(`${at.seeded}?reward=wrong&v=2&step=3`);
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.keyboard.type("step");
    await page.keyboard.press("Escape");
    expect(search().get("q")).toBeNull();
    await page.keyboard.press("/");
    await page.keyboard.type("the");
    await page.getByRole("button", { name: "right", exact: false }).and(page.locator("[aria-pressed]")).first().click();
    await page.getByLabel("Order by").selectOption("length");
    await page.locator("[data-arm=intervention] button").first().click();
    await page.getByRole("button", { name: "Compare with another" }).click();
    await page.locator("[data-arm=prefix] button").first().click();
    await soon(() => page.getByTestId("continuation").count()).toBe(2);
    await page.getByRole("button", { name: /Reference solution/ }).click();
    const address = page.url();
    const seen = () =>
      page.evaluate(() => ({
        step: document.querySelector("[aria-current=step]")?.textContent,
        pressed: [...document.querySelectorAll("[aria-pressed=true]")].map(
          (e) => e.getAttribute("aria-label") ?? e.textContent,
        ),
        opened: [...document.querySelectorAll("[data-testid=continuation]")].map((e) => e.getAttribute("aria-label")),
        marks: [...document.querySelectorAll("[data-sample]")].map(
          (e) =>
            `${e.closest("[data-arm]")?.getAttribute("data-arm")} ${e.getAttribute("data-sample")} ${e.getAttribute("data-outcome")}`,
        ),
        tab: document.querySelector("[role=tab][aria-selected=true]")?.textContent,
        query: document.querySelector<HTMLInputElement>("input[type=search]")?.value,
        hits: document.querySelector("[data-testid=hits]")?.textContent,
        order: document.querySelector("select")?.value,
      }));
    await soon(async () => (await seen()).hits).toMatch(/^\d+ of \d+, in \d+ step/);
    const mine = await seen();
    expect(mine.marks.every((m) => m.endsWith("success"))).toBe(true);
    const theirs = await (await pages.browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    const own = page;
    page = theirs;
    await theirs.goto(address);
    await soon(() => theirs.getByTestId("continuation").count()).toBe(2);
    await soon(seen).toEqual(mine);
    await theirs.getByText("Steps 1 to", { exact: false }).first().waitFor(); // the shared beginning, folded
    page = own;
    await theirs.context().close();
    // The filter of the list that the reader came from stays in the links to its neighbours.
    expect(await page.getByRole("link", { name: "Next", exact: true }).getAttribute("href")).toContain("reward=wrong");
  });

  it("goes to the step that a link names, in a whole and in a windowed attempt, and stays there", async () => {
    for (const [path, n] of [
      [at.seeded, 5],
      [at.huge, 20],
      [at.huge, 433],
    ] as const) {
      await open(`${path}?step=${n}`);
      const atEnd = () =>
        page.evaluate(() => window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 2);
      const stands = async () => {
        const away = await below(n);
        return away > -2 && (away < 40 || (await atEnd()));
      };
      await soon(stands).toBe(true);
      await page.waitForTimeout(1500); // fonts and formulas have come
      expect(await stands()).toBe(true);
    }
  });

  it("keeps the named step in the page wherever it is scrolled to, so that what is written in it keeps the focus", async () => {
    await open(`${at.huge}?step=250`);
    await soon(async () => Math.abs(await below(250)) < 40).toBe(true);
    const link = page.locator("#step-250").getByRole("button", { name: "Continue from here" });
    await link.focus();
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.locator("#step-1").waitFor();
    await page.waitForTimeout(300); // the rows near the window are drawn anew
    await expect.poll(() => page.locator("#step-100").count()).toBe(0);
    expect(await link.evaluate((e) => e === document.activeElement)).toBe(true);
  });

  it("searches all of a huge attempt, near the window or not", async () => {
    await open(at.huge);
    const inPage = await page.locator("[data-testid=steps] > li").count();
    expect(inPage).toBeLessThan(60);
    expect(await page.locator("#step-410").count()).toBe(0);
    await page.keyboard.press("Control+f");
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("search");
    // The second press is the browser's own: the page leaves it alone.
    await page.evaluate(() =>
      window.addEventListener("keydown", (e) => {
        if (e.key === "f") document.title = e.defaultPrevented ? "taken" : "left";
      }),
    );
    await page.keyboard.press("Control+f");
    await soon(() => page.title()).toBe("left");
    await page.keyboard.type("Cases for step 410");
    await soon(() => page.getByTestId("hits").textContent()).toBe("1 of 1, in 1 step");
    await page.keyboard.press("Enter");
    await soon(step).toBe("410");
    await page.getByText("Cases for step 410").waitFor();
    await expect
      .poll(() => page.evaluate(() => [...(CSS.highlights.get("search-hit-now") ?? [])].map(String)))
      .toEqual(["Cases for step 410"]);
    expect(await page.locator("[data-ticks=hits]").count()).toBe(1);
    // What is typeset is found by its source, and marked as a whole.
    await page.getByRole("searchbox").fill("\\binom{n}{7}");
    await soon(() => page.getByTestId("hits").textContent()).toMatch(/^\d+ of \d+, in \d+ steps$/);
    await page.getByRole("searchbox").press("Enter");
    await soon(() => page.evaluate(() => CSS.highlights.get("search-hit-now")?.size)).toBe(1);
    const first = step();
    await page.getByRole("searchbox").press("Enter");
    await page.getByRole("searchbox").press("Shift+Enter");
    await soon(step).toBe(first);
    await page.getByRole("searchbox").fill("not in there");
    await soon(() => page.getByTestId("hits").textContent()).toBe("not found");
    await page.getByRole("searchbox").press("Escape");
    await soon(() => search().get("q")).toBeNull();
    await expect.poll(() => page.evaluate(() => CSS.highlights.size)).toBe(0);
  });

  it("folds thinking, and unfolds it for a step or a hit inside", async () => {
    await open(at.thinking);
    await page.getByRole("button", { name: "Thinking: steps 1 to 40" }).waitFor();
    await expect.poll(() => page.locator("[data-step]").count()).toBe(3);
    await page.keyboard.press("z");
    await soon(() => page.locator("[data-step]").count()).toBe(43);
    await expect.poll(() => page.getByText("</think>").count()).toBe(0);
    await page.keyboard.press("r");
    await page.keyboard.press("z");
    await page.keyboard.press("/");
    await page.keyboard.type("Let me try 30");
    await page.keyboard.press("Enter");
    await page.getByText("Let me try 30").first().waitFor();
    await soon(step).toBe("31");
    expect(search().get("think")).toBe("1");
  });

  it("keeps hostile text text, everywhere it is shown", async () => {
    const views = [
      "continuations&arm=intervention&sample=1&with=prefix.1&reference=1",
      "log&raw=1",
      "proposal&diff=0",
      "problem",
    ];
    for (const panel of views) {
      await open(`${at.hostile}?panel=${panel}`);
      await page.mouse.wheel(0, 4000);
      await page.waitForTimeout(200);
    }
    expect(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
    const foreign = await page.evaluate(
      () =>
        document.querySelectorAll(
          "main a[href^='javascript'], main iframe, main img, main script, main [onclick], main [onerror], main [data-onclick]",
        ).length,
    );
    expect(foreign).toBe(0);
    expect(await page.locator("[data-not-typeset]").count()).toBeGreaterThan(0);
    await expect.poll(() => page.getByText("more characters").count()).toBeGreaterThan(0);
  });

  it("shows strips that need no colour, sifted and ordered", async () => {
    await open(`${at.huge}?panel=continuations`);
    const shapes = await page.evaluate(() => {
      const by = new Map<string, Set<string>>();
      for (const b of document.querySelectorAll("[data-sample]")) {
        const shape = b.querySelector("svg")?.innerHTML ?? "";
        by.set(shape, (by.get(shape) ?? new Set()).add(b.getAttribute("data-outcome") ?? ""));
      }
      return [...by.values()].map((s) => [...s]);
    });
    expect(shapes.flat().sort()).toEqual(["cut_off", "failure", "no_answer", "success"]);
    const lengths = async () =>
      await page
        .locator("[data-arm=prefix] [data-sample]")
        .evaluateAll((e) => e.map((x) => Number(/(\d+) tokens/.exec(x.getAttribute("aria-label") ?? "")?.[1])));
    await page.getByLabel("Order by").selectOption("length");
    await soon(async () => (await lengths()).every((n, i, all) => i === 0 || n >= (all[i - 1] ?? 0))).toBe(true);
    await page.getByLabel("Tokens from").fill("300");
    await page.getByLabel("to", { exact: true }).fill("600");
    await soon(async () => (await lengths()).every((n) => n >= 300 && n <= 600)).toBe(true);
    expect(search().get("min")).toBe("300");
    await page.getByRole("button", { name: "Show all" }).click();
    await soon(async () => (await lengths()).length).toBe(16);
  });

  it("scrolls through 500 steps without a blank frame, as recorded", async () => {
    await open(at.huge);
    const cdp = await tab.context.newCDPSession(page);
    const seen = await blankFrames(page, cdp, async () => {
      await page.mouse.move(600, 500);
      for (let i = 0; i < 70; i++) {
        await page.mouse.wheel(0, 240);
        await page.waitForTimeout(40);
      }
    });
    expect(seen.frames).toBeGreaterThan(20);
    expect(seen.pixels).toBeGreaterThan(10_000);
    expect(seen.blank).toBe(0);
    expect(await page.locator("[data-testid=steps] > li").count()).toBeLessThan(60);
  });

  it("says the same with the problem folded, at 320 px and on a very large screen", async () => {
    for (const width of [320, 768, 1440, 3840]) {
      await page.setViewportSize({ width, height: 1000 });
      await open(`${at.seeded}?panel=continuations`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide, `${width} px`).toBeLessThanOrEqual(0);
      await page.getByRole("tab", { name: "Log" }).click();
      await page.getByRole("region", { name: /whole log/i }).waitFor();
      await expect.poll(() => page.getByRole("slider", { name: "Steps at a glance" }).isVisible()).toBe(true);
    }
  });
});
