import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { createKey } from "@/server/usecases/programs/keys";
import { findChromium, launchBrowser, NO_CHROMIUM } from "../support/browser";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";
import { startWeb, type WebServer } from "../support/web";
import { Client } from "./client";
import { Contract } from "./contract";

/** The API as the product serves it: the built pages of Next, on their own port. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 300_000 });

const home = mkdtempSync(path.join(tmpdir(), "intervene-api-product-"));
let database: TestDatabase;
let deps: Deps;
let web: WebServer;
let api: Client;
let key: string;
const canLook = findChromium() !== null;
if (!canLook) console.warn(NO_CHROMIUM);

beforeAll(async () => {
  database = await createTestDatabase("api product");
  deps = createDeps({ databaseUrl: database.url, name: "test api product" });
  await seedStudy(database.pool, { name: "seeded", problems: 6 });
  web = await startWeb({ databaseUrl: database.url, home });
  key = (await createKey(deps, { name: "product" })).key;
  api = new Client(`${web.url}/api/v1`, key);
});
afterAll(async () => {
  await web?.stop();
  await deps?.close();
  await database?.close();
  rmSync(home, { recursive: true, force: true });
});

test("Next serves it all: document, lists, refusals, methods, writes once", async () => {
  const document = await api.call("/openapi.json", { key: null });
  api.contract = new Contract(document.body);
  expect((await api.call("/health", { key: null })).body).toMatchObject({ ok: true, workers: expect.any(Number) });
  expect((await api.call("/studies", { key: null })).status).toBe(401);
  expect((await api.call("/studies/seeded/attempts?limit=5")).body.rows).toHaveLength(5);
  expect((await api.call("/studies/seeded/continuations?limit=50", { headers: { accept: "application/x-ndjson" } })).text.split("\n").length).toBeGreaterThan(200);
  for (const method of ["PUT", "PATCH", "DELETE"]) expect((await api.call("/studies", { method })).status).toBe(405);
  expect((await api.call("/studies", { method: "OPTIONS" })).headers.get("allow")).toBe("GET, HEAD, POST, OPTIONS");
  const head = await api.call("/studies", { method: "HEAD" });
  expect([head.status, head.text]).toEqual([200, ""]);
  expect((await api.call("/no/such/thing")).body.type).toBe("/api/v1/errors/not-found");
  expect((await api.call(`/studies/${encodeURIComponent("a/b %2e%2e")}`)).status).toBe(404);
  const batch = [{ problem: "1 + 1?", answer: "2", model: "m", text: "\\boxed{2}" }];
  const headers = { "idempotency-key": "product-1" };
  expect((await api.call("/studies/pushed/attempts", { json: batch, headers })).body.added).toBe(1);
  const again = await api.call("/studies/pushed/attempts", { json: batch, headers });
  expect([again.body.added, again.headers.get("idempotency-replayed")]).toEqual([1, "true"]);
  expect(again.headers.get("ratelimit-policy")).toBe('"key";q=200;w=4');
  expect(web.output()).not.toContain(key);
});

test("a large file streams through to the data folder; the web's memory does not grow with it", async () => {
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${web.pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  const line = `${JSON.stringify({ problem: "1 + 1?", answer: "2", model: "m", attempt: "x".repeat(8000) })}\n`;
  const chunk = Buffer.from(line.repeat(128));
  const chunks = 200;
  const before = process.platform === "linux" ? memory() : 0;
  let most = before;
  const status = await new Promise<number>((resolve, reject) => {
    const sending = httpRequest(
      `${web.url}/api/v1/studies/large/imports?name=large.jsonl`,
      { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/octet-stream" } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sending.once("error", reject);
    void (async () => {
      for (let i = 0; i < chunks; i++) {
        if (process.platform === "linux") most = Math.max(most, memory());
        if (!sending.write(chunk)) await new Promise((r) => sending.once("drain", r));
      }
      sending.end();
    })();
  });
  expect(status).toBe(202);
  const [folder] = readdirSync(path.join(home, "uploads"));
  expect(statSync(path.join(home, "uploads", String(folder), "large.jsonl")).size).toBe(chunk.length * chunks);
  expect(most - before).toBeLessThan(150);
});

test.skipIf(!canLook)("a key is made on the page, shown once, works, is used, and is refused once it is revoked", async () => {
  const browser: Browser = await launchBrowser();
  try {
    const page = await (await browser.newContext({ viewport: { width: 390, height: 800 } })).newPage();
    await page.goto(`${web.url}/keys`);
    await page.getByLabel("What uses it").fill("from the page");
    await page.getByLabel(/Read only/).check();
    await page.keyboard.press("Enter");
    const field = page.getByLabel(/Copy it now/);
    const made = await field.inputValue();
    expect(made).toMatch(/^int_[\w-]{43}$/);
    expect((await api.call("/studies", { key: made })).status).toBe(200);
    expect((await api.call("/studies", { key: made, json: { name: "x" } })).status).toBe(403);
    await page.getByRole("button", { name: "Done" }).click();
    await expect.poll(() => page.content()).not.toContain(made);
    await page.reload();
    const row = page.getByRole("list", { name: "Keys in use" }).getByRole("listitem").filter({ hasText: "from the page" });
    await expect.poll(() => row.textContent()).toContain("Last used");
    await expect.poll(() => page.content()).not.toContain(made);
    await row.getByRole("button", { name: "Revoke from the page" }).click();
    await row.getByRole("button", { name: "Refuse it from now on" }).click();
    await expect.poll(async () => (await api.call("/studies", { key: made })).status).toBe(401);
    await page.getByRole("button", { name: "1 revoked key" }).click();
    await expect.poll(() => page.getByRole("list", { name: "Revoked keys" }).textContent()).toContain("from the page");
    if (process.env.LOOK) {
      for (const [width, colorScheme] of [[1440, "light"], [320, "dark"], [390, "light"]] as const) {
        const looker = await (await browser.newContext({ viewport: { width, height: 900 }, colorScheme })).newPage();
        await looker.goto(`${web.url}/keys`);
        await looker.screenshot({ path: `${process.env.LOOK}/keys-${width}.png`, fullPage: true });
        await looker.getByLabel("What uses it").fill("training loop");
        await looker.keyboard.press("Enter");
        await looker.getByLabel(/Copy it now/).waitFor();
        await looker.screenshot({ path: `${process.env.LOOK}/keys-made-${width}.png`, fullPage: true });
      }
    }
  } finally {
    await browser.close();
  }
});
