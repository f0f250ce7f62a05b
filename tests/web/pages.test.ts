import { readdirSync } from "node:fs";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { withPages } from "../support/pages";
import { seedStudy } from "../support/seed-study";
import { seedTrace } from "../support/seed-trace";
import { HOSTILE, THINKING } from "../support/traces";

/** Every page there is, found by its file: axe finds nothing, nothing is wider than the window, nothing is thrown. */
const app = path.resolve(import.meta.dirname, "../../app");
const routes = readdirSync(app, { recursive: true, withFileTypes: true })
  .filter((e) => e.name === "page.tsx")
  .map((e) => path.relative(app, e.parentPath).split(path.sep).join("/"))
  .sort();

/** What stands for a route's parameters. A page whose parameter has no row here is looked at as one that is not found. */
const values: Record<string, string> = { study: "seeded" };
const attempts: Record<string, string> = {};

const pages = withPages("pages", async (db) => {
  const seeded = await seedStudy(db.pool, { name: "seeded", problems: 6 });
  values.attempt = seeded.attemptId;
  attempts.seeded = `/studies/seeded/attempts/${seeded.attemptId}`;
  await seedStudy(db.pool, { name: "in progress", problems: 5, state: "running" });
  // axe takes seconds for each thousand elements, and formulas are made of many: these hold few.
  const traces = {
    plain: { ...THINKING, steps: THINKING.steps.slice(-3), wrong: 2 },
    long: {
      ...THINKING,
      steps: Array.from({ length: 90 }, (_, i) => `The partial sum of ${i + 1} terms is positive.`),
    },
    thinking: { ...THINKING, steps: THINKING.steps.slice(30), wrong: 12 },
    hostile: { ...HOSTILE, steps: HOSTILE.steps.filter((step) => step.length < 10_000) },
  };
  for (const [study, trace] of Object.entries(traces))
    attempts[study] = (await seedTrace(db.pool, { study, trace, samples: 4 })).path;
});

const LOOKS = [
  { width: 1440, height: 900, colorScheme: "light" },
  { width: 320, height: 640, colorScheme: "dark" },
] as const;

/** Open it in both looks; `act` brings the page into the state that is looked at. */
async function look(address: string, act?: (page: Page) => Promise<void>): Promise<void> {
  for (const { width, height, colorScheme } of LOOKS) {
    const context = await pages.browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    const thrown: string[] = [];
    page.on("pageerror", (e) => thrown.push(e.message));
    try {
      await page.goto(pages.web.url + address);
      await page.locator("main").first().waitFor();
      await act?.(page);
      await page.waitForTimeout(400); // what follows the first paint: formulas, counts, charts
      const { violations } = await new AxeBuilder({ page }).analyze();
      const where = `${address} at ${width} px, ${colorScheme}`;
      expect(
        violations.map(
          (v) =>
            `${v.id}: ${v.nodes
              .slice(0, 3)
              .map((n) => n.html.slice(0, 200))
              .join(" | ")}`,
        ),
        where,
      ).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
        where,
      ).toBeLessThanOrEqual(0);
      expect(
        await page.evaluate(
          () => document.getAnimations().filter((a) => Number(a.effect?.getComputedTiming().duration) > 20).length,
        ),
        where,
      ).toBe(0);
      expect(thrown, where).toEqual([]);
    } finally {
      await context.close();
    }
  }
}

describe.skipIf(!pages.canRun)(
  "axe finds nothing, nothing is too wide, nothing moves that should not",
  { timeout: 180_000 },
  () => {
    it.each(routes)("on app/%s", async (route) => {
      const address = route.replace(
        /\[\[?(?:\.\.\.)?(\w+)\]?\]/g,
        (_, name: string) => values[name] ?? "00000000-0000-7000-8000-000000000000",
      );
      await look(`/${address}`);
    });

    it("on a study that runs, and one that is not there", async () => {
      await look("/studies/in%20progress");
      await look("/studies/nobody");
    });

    it.each([
      ["the continuations, two of them compared", "?arm=intervention&sample=1&with=prefix.2&step=3"],
      ["the log", "?panel=log"],
      ["the proposals", "?panel=proposal"],
      ["the problem, raw", "?panel=problem&raw=1&reference=1"],
    ])("on an attempt: %s", async (_, search) => {
      await look(attempts.seeded + search);
    });

    it("on an attempt: the list of keys", async () => {
      await look(`${attempts.plain}?step=3&q=cards`, (page) => page.keyboard.press("?"));
    });

    it("on an attempt that only keeps in the document what is near the window, searched", async () => {
      await look(`${attempts.long}?step=70&q=partial`);
    });

    it("on attempts that think, and that mean harm", async () => {
      await look(`${attempts.thinking}?think=1`);
      await look(`${attempts.hostile}?reference=1`);
    });
  },
);
