/**
 * Make the README's pictures again from a running product with a finished lab study, in light and in dark:
 * `npm run screenshots -- [URL] [STUDY]`. Writes public/readme/*.png. A picture whose page has nothing to show (nobody has
 * asked for step values, there is no queue) is left as it is, and the command says so.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { launchBrowser } from "../support/browser";

const url = process.argv[2] ?? "http://127.0.0.1:3000";
const study = process.argv[3] ?? "lab";
const out = path.resolve(import.meta.dirname, "../../public/readme");
mkdirSync(out, { recursive: true });

interface Shot {
  name: string;
  /** Bring the page into the state that is pictured; false when there is nothing to picture. */
  go(page: Page): Promise<boolean>;
}

const base = `${url}/studies/${encodeURIComponent(study)}`;

/** The address of the first attempt with a kept intervention: all of its page has something to show. */
async function keptAttempt(page: Page): Promise<string> {
  await page.goto(base);
  const kept = page.getByRole("table", { name: /attempts/i }).getByRole("row").filter({ hasText: /kept/i });
  const link = kept.first().getByRole("link").first();
  return new URL((await link.getAttribute("href")) ?? "", url).href;
}

/** One more parameter of an address. */
function withParameters(address: string, more: Record<string, string>): string {
  const to = new URL(address);
  for (const [name, value] of Object.entries(more)) to.searchParams.set(name, value);
  return to.href;
}

async function openAttempt(page: Page, more: Record<string, string>): Promise<void> {
  await page.goto(withParameters(await keptAttempt(page), more));
  await page.locator(".katex, [data-testid=steps] > li").first().waitFor();
}

/** Scroll to the wrong step, as its key does. */
async function toFirstError(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("reader-ready").length > 0);
  const step = await page.locator("[data-first-error]").first().getAttribute("data-step");
  await page.goto(withParameters(page.url(), { step: step ?? "1" }));
  await page.locator("[data-testid=intervention]").first().waitFor();
}

/** A panel that only shows something once somebody has asked for it. */
const panel = (name: string, id: string, holds: string): Shot => ({
  name,
  async go(page) {
    await openAttempt(page, { panel: id });
    await toFirstError(page);
    await page.waitForTimeout(1000);
    return (await page.locator(`[role=tabpanel] ${holds}`).count()) > 0;
  },
});

/** A page that lists something; pictured when it has a row. */
const listing = (name: string, place: string, holds: string): Shot => ({
  name,
  async go(page) {
    const answer = await page.goto(place);
    await page.waitForTimeout(500);
    return answer?.ok() === true && (await page.locator(`main ${holds}`).count()) > 0;
  },
});

const SHOTS: readonly Shot[] = [
  {
    name: "study",
    async go(page) {
      await page.goto(base);
      await page.getByRole("table", { name: /coverage and accuracy/i }).waitFor();
      return true;
    },
  },
  {
    name: "attempt",
    async go(page) {
      await openAttempt(page, {});
      return true;
    },
  },
  {
    name: "compare",
    async go(page) {
      await openAttempt(page, { arm: "intervention", sample: "1", with: "original.1", order: "outcome" });
      if ((await page.locator("[data-arm=original] [data-outcome=failure]").count()) === 0) return false;
      // A right one from the intervention beside a wrong one from the original step.
      const right = page.locator("[data-arm=intervention] [data-outcome=success]").first();
      const wrong = page.locator("[data-arm=original] [data-outcome=failure]").first();
      const [sample, other] = await Promise.all([right, wrong].map((mark) => mark.getAttribute("data-sample")));
      await page.goto(withParameters(page.url(), { sample: sample ?? "1", with: `original.${other ?? "1"}` }));
      await page.getByTestId("continuation").nth(1).waitFor();
      await toFirstError(page);
      await page.getByTestId("continuation").nth(1).waitFor();
      return true;
    },
  },
  panel("branch", "branches", "[data-outcome]"),
  panel("tokens", "tokens", "[data-nll], table"),
  panel("values", "values", "svg.recharts-surface, svg[role=img], table"),
  listing("datasets", `${base}/datasets`, "table tbody tr"),
  listing("queues", `${base}/queues`, "table tbody tr, li a"),
  listing("localisation", `${base}/localisation`, "table tbody tr"),
];

const browser = await launchBrowser();
const left = new Set<string>();
try {
  for (const colorScheme of ["light", "dark"] as const) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, colorScheme });
    for (const shot of SHOTS) {
      const page = await context.newPage();
      if (await shot.go(page)) {
        await page.waitForTimeout(1200); // formulas, fonts and charts have settled
        const file = `${shot.name}${colorScheme === "dark" ? "-dark" : ""}.png`;
        await page.screenshot({ path: path.join(out, file) });
        console.log(`public/readme/${file}`);
      } else left.add(shot.name);
      await page.close();
    }
    await context.close();
  }
} finally {
  await browser.close();
}
if (left.size > 0) console.log(`Nothing to picture, left as they were: ${[...left].join(", ")}`);
