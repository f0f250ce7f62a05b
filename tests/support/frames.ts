import type { CDPSession, Page } from "playwright-core";

export interface Recording {
  frames: number;
  /** Frames in which the column of steps has no ink over a third of the window's height. */
  blank: number;
  /** How far the page moved. */
  pixels: number;
  ms: number;
  /** Time between two animation frames, 95th percentile (ms). */
  p95: number;
}

interface Shot {
  png: string;
  scroll: number;
}

/** tsx marks functions with a helper of its own, which pages do not have. */
const KEEP_NAMES = "globalThis.__name ??= (f) => f";

/**
 * Record the window (the browser's own screencast) while `act` scrolls, and look for blank bands in what was recorded.
 * The list of steps must fill the window all the while: begin below the page's head and end before its foot.
 */
export async function blankFrames(page: Page, cdp: CDPSession, act: () => Promise<void>): Promise<Recording> {
  const shots: Shot[] = [];
  const onFrame = (frame: { data: string; sessionId: number; metadata: { scrollOffsetY: number } }) => {
    shots.push({ png: frame.data, scroll: frame.metadata.scrollOffsetY });
    void cdp.send("Page.screencastFrameAck", { sessionId: frame.sessionId }).catch(() => {});
  };
  await page.evaluate(KEEP_NAMES);
  await page.evaluate(() => {
    const w = window as unknown as { beats: number[]; beating: boolean };
    w.beats = [];
    w.beating = true;
    let last = performance.now();
    const beat = (now: number) => {
      w.beats.push(now - last);
      last = now;
      if (w.beating) requestAnimationFrame(beat);
    };
    requestAnimationFrame(beat);
  });
  const from = await page.evaluate(() => window.scrollY);
  const began = performance.now();
  cdp.on("Page.screencastFrame", onFrame);
  await cdp.send("Page.startScreencast", { format: "png", everyNthFrame: 1, maxWidth: 720, maxHeight: 720 });
  await act();
  await cdp.send("Page.stopScreencast");
  cdp.off("Page.screencastFrame", onFrame);
  const ms = performance.now() - began;
  const { to, p95, box } = await page.evaluate(() => {
    const w = window as unknown as { beats: number[]; beating: boolean };
    w.beating = false;
    const sorted = w.beats.toSorted((a, b) => a - b);
    const list = document.querySelector("[data-testid=steps]")?.getBoundingClientRect();
    const bars = [...document.querySelectorAll<HTMLElement>("[data-sticks]")].map(
      (b) => b.getBoundingClientRect().bottom,
    );
    return {
      to: window.scrollY,
      p95: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
      box: {
        left: list?.left ?? 0,
        right: list?.right ?? 0,
        top: Math.max(44, ...bars) + 4,
        bottom: window.innerHeight,
        width: window.innerWidth,
      },
    };
  });
  const listTop = await page.evaluate(
    () => (document.querySelector("[data-testid=steps]")?.getBoundingClientRect().top ?? 0) + window.scrollY,
  );
  // Frames above the list's beginning show the page's head.
  const inList = shots.filter((s) => s.scroll >= listTop - box.top);
  const reader = await page.context().newPage();
  await reader.evaluate(KEEP_NAMES);
  let blank = 0;
  for (let i = 0; i < inList.length; i += 16)
    blank += await reader.evaluate(countBlank, { pngs: inList.slice(i, i + 16).map((s) => s.png), box });
  await reader.close();
  return { frames: inList.length, blank, pixels: Math.round(to - from), ms, p95 };
}

/** Runs in a page: how many frames hold a band without ink over a third of the window's height. */
async function countBlank(o: {
  pngs: string[];
  box: { left: number; right: number; top: number; bottom: number; width: number };
}): Promise<number> {
  let blank = 0;
  for (const png of o.pngs) {
    const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const scale = image.width / o.box.width;
    const [left, top] = [Math.round(o.box.left * scale), Math.round(o.box.top * scale)];
    const [width, height] = [Math.round((o.box.right - o.box.left) * scale), image.height - top];
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("no canvas");
    context.drawImage(image, left, top, width, height, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    let gap = 0;
    let tallest = 0;
    for (let y = 0; y < height; y++) {
      const row = y * width * 4;
      let ink = false;
      for (let x = 4; x < width * 4 && !ink; x += 4) {
        // Against the row's own first pixel: the page's paper or a wash.
        const d =
          Math.abs((data[row + x] ?? 0) - (data[row] ?? 0)) +
          Math.abs((data[row + x + 1] ?? 0) - (data[row + 1] ?? 0)) +
          Math.abs((data[row + x + 2] ?? 0) - (data[row + 2] ?? 0));
        ink = d > 60;
      }
      gap = ink ? 0 : gap + 1;
      tallest = Math.max(tallest, gap);
    }
    if (tallest > ((o.box.bottom - o.box.top) * scale) / 3) blank += 1;
  }
  return blank;
}
