import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import type pg from "pg";
import { nameOf } from "../../core/exporting/request";
import { TAR_END, tarHeader, tarPadding, tarSize } from "../../core/exporting/tar";
import { homePaths } from "../../home";
import { findExportAnywhere } from "../../store/exports/runs";

export interface Download {
  stream: Readable;
  /** Bytes. */
  size: number;
  /** To save it under. */
  name: string;
  type: string;
}

/** Under this name all files of an export come in one archive. */
export const ARCHIVE = "all.tar";

const TYPES: Record<string, string> = {
  ".jsonl": "application/x-ndjson; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".parquet": "application/vnd.apache.parquet",
};

/** A file of an export, or all of them as one archive; null when there is no such thing. */
export async function downloadExport(pool: pg.Pool, home: string, runId: string, file: string): Promise<Download | null> {
  const run = await findExportAnywhere(pool, runId);
  if (!run?.result) return null;
  const { files, folder, manifest } = run.result;
  const at = (name: string) => path.join(homePaths(home).exports, folder, name);
  const base = `${manifest.study}-${nameOf(manifest.what)}-${manifest.format.id}`.replace(/[^\w.-]+/g, "-");
  if (file === ARCHIVE) {
    const there = await Promise.all(files.map((f) => sizeOf(at(f.name))));
    const sizes = there.flatMap((size) => (size === null ? [] : [size]));
    if (sizes.length !== files.length) return null;
    const changed = new Date(manifest.created);
    const parts = files.map((f, i) => ({ name: `${base}/${f.name}`.slice(-100), path: at(f.name), size: sizes[i] ?? 0 }));
    return { stream: Readable.from(archive(parts, changed)), size: tarSize(sizes), name: `${base}.tar`, type: "application/x-tar" };
  }
  // Only what the export wrote has a name here: no path leads out of its folder.
  if (!files.some((f) => f.name === file)) return null;
  const size = await sizeOf(at(file));
  if (size === null) return null;
  const type = TYPES[path.extname(file)] ?? "text/plain; charset=utf-8";
  return { stream: createReadStream(at(file)), size, name: `${base}-${file}`, type };
}

async function* archive(files: readonly { name: string; path: string; size: number }[], changed: Date) {
  for (const file of files) {
    yield tarHeader(file.name, file.size, changed);
    yield* createReadStream(file.path, { highWaterMark: 1 << 18 });
    yield tarPadding(file.size);
  }
  yield TAR_END;
}

const sizeOf = (file: string): Promise<number | null> =>
  stat(file).then(
    (s) => s.size,
    () => null,
  );
