import { createReadStream, existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type pg from "pg";
import { GLOBAL } from "@/server/core/publishing/script";
import type { PublishWish } from "@/server/core/publishing/request";
import { findStudy } from "@/server/store/views/studies";
import { parsePublishWish } from "@/server/usecases/publishing/start";
import { writePublication } from "@/server/usecases/publishing/write-publication";

/** Publish a study into a folder, as the command and the worker do. */
export async function publish(pool: pg.Pool, study: string, folder: string, wish: PublishWish = {}) {
  const found = await findStudy(pool, study);
  if (found === null) throw new Error(`no study ${study}`);
  return writePublication({ pool, tool: "intervene test" }, found, parsePublishWish(wish), { folder });
}

/** All files of a folder, sorted, with "/". */
export async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((e) => e.isFile())
    .map((e) => path.relative(folder, path.join(e.parentPath, e.name)).split(path.sep).join("/"))
    .sort();
}

/** What a data file hands over, taken apart as README.md of a publication says. */
export async function dataOf<T>(folder: string, key: string): Promise<T> {
  const text = await readFile(path.join(folder, "data", `${key}.js`), "utf8");
  const start = `${GLOBAL}(${JSON.stringify(key)},`;
  if (!text.startsWith(start) || !text.endsWith(");\n")) throw new Error(`${key} is no data file: ${text.slice(0, 80)}`);
  return JSON.parse(text.slice(start.length, -3)) as T;
}

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** A web server that does nothing but serve files, under /papers/traces/. */
export async function serveFiles(folder: string): Promise<{ url: string; close: () => Promise<void> }> {
  const base = "/papers/traces/";
  const server = createServer((request, response) => {
    const at = new URL(request.url ?? "/", "http://x").pathname;
    const file = path.join(folder, at.slice(base.length) || "index.html");
    if (!at.startsWith(base) || !file.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "text/plain" });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
