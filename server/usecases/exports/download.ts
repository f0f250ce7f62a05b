import { createReadStream } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import type pg from "pg";
import { nameOf } from "../../core/exporting/request";
import { homePaths } from "../../home";
import { findExportAnywhere } from "../../store/exports/runs";
import { archiveOf, isArchive, sizeOf } from "./archive";

export interface Download {
  stream: Readable;
  /** Bytes. */
  size: number;
  /** To save it under. */
  name: string;
  type: string;
}

const TYPES: Record<string, string> = {
  ".jsonl": "application/x-ndjson; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".parquet": "application/vnd.apache.parquet",
};

/** A file of an export, or ("all.zip", "all.tar") all of them as one archive; null when there is no such thing. */
export async function downloadExport(pool: pg.Pool, home: string, runId: string, file: string): Promise<Download | null> {
  const run = await findExportAnywhere(pool, runId);
  if (!run?.result) return null;
  const { files, folder, manifest } = run.result;
  const at = (name: string) => path.join(homePaths(home).exports, folder, name);
  const base = `${manifest.study}-${nameOf(manifest.what)}-${manifest.format.id}`.replace(/[^\w.-]+/g, "-");
  if (isArchive(file)) {
    const parts = files.map((f) => ({ name: `${base}/${f.name}`.slice(-100), path: at(f.name) }));
    const whole = await archiveOf(file, parts, new Date(manifest.created));
    return whole && { ...whole, name: `${base}${whole.extension}` };
  }
  // Only what the export wrote has a name here: no path leads out of its folder.
  if (!files.some((f) => f.name === file)) return null;
  const size = await sizeOf(at(file));
  if (size === null) return null;
  const type = TYPES[path.extname(file)] ?? "text/plain; charset=utf-8";
  return { stream: createReadStream(at(file)), size, name: `${base}-${file}`, type };
}
