import { launchBrowser } from "../support/browser";

/** In-page clock: from a key's event to the frame in which another item is on the screen. */
const CLOCK = `
  window.judgingTimes = [];
  addEventListener("keydown", (e) => { if (e.key === "a" && e.target === document.body || e.key === "a" && !/^(INPUT|TEXTAREA)$/.test(e.target.tagName)) window.pressedAt = { at: performance.now(), item: document.querySelector("[data-item]")?.dataset.item }; }, true);
  new MutationObserver(() => {
    const pressed = window.pressedAt;
    const now = document.querySelector("[data-item]")?.dataset.item;
    if (!pressed || !now || now === pressed.item) return;
    window.pressedAt = null;
    requestAnimationFrame(() => setTimeout(() => window.judgingTimes.push(performance.now() - pressed.at)));
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-item"] });
`;

/** Between two key presses, in ms. */
const THINK = 600;

export interface BrowserJudge {
  /** Accept what is there until it is time. @returns for each decision the time from the key press to the next item painted, in ms. */
  judge(until: number): Promise<number[]>;
  close(): Promise<void>;
}

/** One judge in a real browser, by keyboard alone. Resolves when the first item is on the screen. */
export async function openJudge(o: { url: string; path: string; cookie: string }): Promise<BrowserJudge> {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const [name = "", value = ""] = o.cookie.split("=");
    await context.addCookies([{ name, value, url: o.url }]);
    await context.addInitScript(CLOCK);
    const page = await context.newPage();
    await page.goto(`${o.url}${o.path}/judge`, { timeout: 60_000 });
    await page.locator("[data-item]:not([data-item=''])").first().waitFor({ timeout: 60_000 });
    return {
      async judge(until) {
        while (Date.now() < until) {
          await page.waitForTimeout(THINK);
          await page.keyboard.press("a");
          // The pages' content policy forbids the evaluation by which waitForFunction waits.
          while (Date.now() < until && (await page.evaluate<boolean>("Boolean(window.pressedAt)"))) await page.waitForTimeout(50);
        }
        // The first is the page's own warming up.
        return (await page.evaluate<number[]>("window.judgingTimes")).slice(1);
      },
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
