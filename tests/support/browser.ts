import { existsSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";

/** Where Chromium is: CHROMIUM_PATH, Debian's place, or `chromium`/`google-chrome` on PATH; null when there is none. */
export function findChromium(env: Record<string, string | undefined> = process.env): string | null {
  const onPath = (env.PATH ?? "")
    .split(path.delimiter)
    .flatMap((folder) =>
      ["chromium", "chromium-browser", "google-chrome", "chrome"].map((name) => path.join(folder, name)),
    );
  const candidates = env.CHROMIUM_PATH
    ? [env.CHROMIUM_PATH]
    : ["/usr/bin/chromium", "/usr/bin/google-chrome", ...onPath];
  return candidates.find((file) => existsSync(file)) ?? null;
}

/** Why browser tests are skipped, to be printed once. */
export const NO_CHROMIUM =
  "The browser tests are skipped: no Chromium was found. Install it (Debian: apt-get install -y --no-install-recommends chromium fonts-liberation) or set CHROMIUM_PATH.";

/** Sandboxing needs privileges that containers lack; the rest keeps Chromium from talking to the network by itself. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A headless Chromium. @throws Error when there is none: ask {@link findChromium} first and skip. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(NO_CHROMIUM);
  return chromium.launch({ executablePath, headless: true, args: ARGS });
}
