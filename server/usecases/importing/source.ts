/** Where an import's rows come from: a file that was handed in, or a dataset of the hub as one sequence of rows. */
import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type HubSource, hubName, type ImportSource } from "../../core/importing/settings";
import { homePaths } from "../../home";
import { download, firstBytes, type Hub, type HubFile, hubBytes, hubFiles } from "./hub";
import { type OpenedFile, openRows } from "./open";
import { parquetMetadata, parquetRows } from "./parquet";
import type { FileRow } from "./row";
import { findUpload } from "./uploads";

export interface SourceDeps {
  /** The data folder. */
  home: string;
  hub: Hub;
}

export interface NamedSource {
  opened: OpenedFile;
  /** As people know it. */
  name: string;
  /** It is a dataset of the hub. */
  hub?: boolean;
}

/** The source's name, without opening it. @throws InterveneError("not_found") for an upload that is gone. */
export async function sourceName(deps: SourceDeps, source: ImportSource): Promise<string> {
  return "hub" in source ? hubName(source.hub) : (await findUpload(deps.home, source.upload)).name;
}

/** Where the files of a dataset lie while its import runs. */
export const hubFolder = (home: string, runId: string) => path.join(homePaths(home).uploads, runId);

/** Open a source for its import. A dataset's files are fetched first; `onFetch` is told how far that is. */
export async function openSource(
  deps: SourceDeps,
  source: ImportSource,
  o: { runId: string; signal: AbortSignal; onFetch: (sentence: string) => Promise<void> },
): Promise<NamedSource> {
  if (!("hub" in source)) {
    const { file, name } = await findUpload(deps.home, source.upload);
    return { opened: await openRows(file, name), name };
  }
  const files = await hubFiles(deps.hub, source.hub);
  const folder = hubFolder(deps.home, o.runId);
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const [i, file] of files.entries()) {
    const to = path.join(folder, `${String(i).padStart(5, "0")}-${file.name}`);
    let last = 0;
    await download(deps.hub, file, to, o.signal, (bytes) => {
      if (Date.now() - last < 1000) return;
      last = Date.now();
      void o.onFetch(`Fetching file ${i + 1} of ${files.length} from the hub: ${(bytes / 1e6).toFixed(0)} MB`).catch(() => {});
    });
    paths.push(to);
  }
  await o.onFetch("");
  const parts: OpenedFile[] = [];
  for (const [i, p] of paths.entries()) parts.push(await openRows(p, files[i]?.name ?? p));
  return { opened: oneAfterAnother(parts), name: hubName(source.hub), hub: true };
}

/** A look at a source's first rows. A dataset is not fetched for it, only the start of its first file. */
export async function peekSource<T>(deps: SourceDeps, source: ImportSource, look: (named: NamedSource) => Promise<T>): Promise<T> {
  if (!("hub" in source)) return look(await openSource(deps, source, { runId: "", signal: new AbortController().signal, onFetch: async () => {} }));
  const [first] = await hubFiles(deps.hub, source.hub);
  if (!first) throw new Error("a dataset without files");
  return /\.parquet$/i.test(first.name) ? look({ opened: await peekParquet(deps.hub, first), name: hubName(source.hub), hub: true }) : peekText(deps.hub, first, source.hub, look);
}

async function peekParquet(hub: Hub, file: HubFile): Promise<OpenedFile> {
  const bytes = await hubBytes(hub, file);
  const metadata = await parquetMetadata(bytes, file.name);
  return {
    container: "parquet",
    compression: null,
    bytes: bytes.byteLength,
    rows: (skip) => parquetRows(bytes, metadata, skip),
    share: () => 0,
  };
}

/** The first mebibyte, as a file of its own; the row that it cuts off is left out. */
async function peekText<T>(hub: Hub, file: HubFile, source: HubSource, look: (named: NamedSource) => Promise<T>): Promise<T> {
  const part = path.join(tmpdir(), `intervene-${randomUUID()}-${file.name}`);
  try {
    const bytes = await firstBytes(hub, file, 1024 * 1024);
    await writeFile(part, bytes);
    const opened = await openRows(part, file.name);
    const cut = bytes.length === 1024 * 1024;
    const rows = async function* (skip?: number): AsyncGenerator<FileRow> {
      let held: FileRow | null = null;
      for await (const row of opened.rows(skip)) {
        if (held) yield held;
        held = row;
      }
      if (held && !cut) yield held;
    };
    return await look({ opened: { ...opened, rows }, name: hubName(source), hub: true });
  } finally {
    await rm(part, { force: true });
  }
}

/** Several files as one: rows are counted through. */
export function oneAfterAnother(parts: readonly OpenedFile[]): OpenedFile {
  const [first] = parts;
  if (!first) throw new Error("no files");
  if (parts.length === 1) return first;
  let [index, before] = [0, 0];
  async function* rows(skip = 0): AsyncGenerator<FileRow> {
    before = 0;
    for (const [i, part] of parts.entries()) {
      index = i;
      let last = 0;
      for await (const row of part.rows()) {
        last = row.row;
        if (before + row.row > skip) yield { ...row, row: before + row.row };
      }
      before += last;
    }
  }
  const bytes = parts.reduce((n, p) => n + p.bytes, 0);
  return {
    ...first,
    bytes,
    rows,
    share(row) {
      const done = parts.slice(0, index).reduce((n, p) => n + p.bytes, 0);
      const now = parts[index];
      return bytes === 0 || !now ? 1 : (done + now.bytes * now.share(Math.max(0, row - before))) / bytes;
    },
  };
}
