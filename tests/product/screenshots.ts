/**
 * Make the README's pictures again from a running product with a finished lab study:
 * `npm run screenshots -- http://127.0.0.1:3000`. Writes public/readme/*.png.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { launchBrowser } from "../support/browser";

const url = process.argv[2] ?? "http://127.0.0.1:3000";
const out = path.resolve(import.meta.dirname, "../../public/readme");
mkdirSync(out, { recursive: true });

const browser = await launchBrowser();
try {
  for (const colorScheme of ["light", "dark"] as const) {
    const suffix = colorScheme === "dark" ? "-dark" : "";
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, colorScheme });
    await page.goto(url);
    await page.getByRole("link", { name: "lab", exact: true }).first().click();
    await page.getByRole("table", { name: /coverage and accuracy/i }).waitFor();
    await page.waitForTimeout(1000);
    await page.screenshot({ path: path.join(out, `study${suffix}.png`) });

    // An attempt whose intervention was kept: all of the page has something to show.
    const attempts = page.getByRole("table", { name: /attempts/i });
    await attempts.getByRole("row").filter({ hasText: /kept/i }).first().getByRole("link").first().click();
    await page.locator(".katex").first().waitFor();
    await page.waitForTimeout(1000);
    await page.screenshot({ path: path.join(out, `attempt${suffix}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
}
