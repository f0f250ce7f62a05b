import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type pg from "pg";
import { homePaths } from "../../home";
import { findPublication } from "../../store/publishing/runs";
import { archiveOf, sizeOf } from "../exports/archive";
import type { Download } from "../exports/download";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** All of a publication as one archive ("all.zip" or "all.tar"); null when there is no such thing. */
export async function downloadPublication(pool: pg.Pool, home: string, runId: string, archive: string): Promise<Download | null> {
  const run = await findPublication(pool, runId);
  if (!run?.result) return null;
  const { folder, manifest } = run.result;
  const root = path.join(homePaths(home).publications, folder);
  // Room for the longest file name in a tar header's 100 bytes.
  const base = `${manifest.study}-traces`.replace(/[^\w.-]+/g, "-").slice(-30);
  const names = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => null);
  if (names === null) return null;
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
  const whole = await archiveOf(
    archive,
    files.map((name) => ({ name: `${base}/${name}`, path: path.join(root, name) })),
    new Date(manifest.created),
  );
  return whole && { ...whole, name: `${base}${whole.extension}` };
}

/** One file of a publication, to look at it before it goes anywhere; null when there is none. No path leads out of its folder. */
export async function readPublicationFile(pool: pg.Pool, home: string, runId: string, parts: readonly string[]): Promise<Download | null> {
  const run = await findPublication(pool, runId);
  if (!run?.result || !parts.every((part) => /^[\w-][\w.-]*$/.test(part))) return null;
  const file = path.join(homePaths(home).publications, run.result.folder, ...parts);
  const size = await sizeOf(file);
  if (size === null) return null;
  const name = parts.at(-1) ?? "";
  return { stream: createReadStream(file), size, name, type: TYPES[path.extname(name)] ?? "text/plain; charset=utf-8" };
}
