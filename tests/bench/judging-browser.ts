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

/**
 * One judge in a real browser, by keyboard alone: accept what is there, until it is time.
 * @returns for each decision the time from the key press to the next item painted, in ms.
 */
export async function judgeInBrowser(o: { url: string; path: string; cookie: string; until: number }): Promise<number[]> {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const [name = "", value = ""] = o.cookie.split("=");
    await context.addCookies([{ name, value, url: o.url }]);
    await context.addInitScript(CLOCK);
    const page = await context.newPage();
    await page.goto(`${o.url}${o.path}/judge`);
    await page.waitForFunction("document.querySelector('[data-item]')?.dataset.item", undefined, { timeout: 60_000 });
    while (Date.now() < o.until) {
      await page.waitForTimeout(THINK);
      await page.keyboard.press("a");
      await page.waitForFunction("!window.pressedAt", undefined, { timeout: 30_000 });
    }
    const times = await page.evaluate<number[]>("window.judgingTimes");
    // The first is the page's own warming up.
    return times.slice(1);
  } finally {
    await browser.close();
  }
}
