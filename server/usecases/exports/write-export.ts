import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import type pg from "pg";
import { datasetCard } from "../../core/exporting/card";
import type { Row } from "../../core/exporting/fields";
import {
  type AnyFormat,
  dataFile,
  type Encoder,
  type ExportFormat,
  type FileKind,
  type FormatContext,
  Skipped,
  type Written,
} from "../../core/exporting/format";
import { type ExportManifest, whatItHolds } from "../../core/exporting/manifest";
import { nameOf } from "../../core/exporting/request";
import type { Shape, ShapeRows } from "../../core/exporting/shapes";
import { InterveneError } from "../../errors";
import { countUnfinished, countWithheld } from "../../store/exports/facts";
import { withSnapshot } from "../../store/exports/snapshot";
import { openSink, type Sink } from "./sinks";
import { fieldsOf, kindOf, type Reading, read, type Source } from "./source";
import { Tally } from "./tally";
import { writeWhole } from "./whole-folder";

export interface WriteDeps {
  pool: pg.Pool;
  /** The encoder of a served model; asked for only by formats that need one. */
  encoder: (servedName: string) => Promise<Encoder>;
  /** "intervene 0.1.0". */
  tool: string;
}

export interface WriteOptions {
  /** Where to: it must not exist, and appears whole or not at all. */
  folder: string;
  signal?: AbortSignal;
  /** Called after each batch; awaited. */
  onProgress?: (done: number, total: number) => Promise<void> | void;
}

/**
 * Write an export: data files, manifest.json, README.md and what the format puts beside them. Everything is written into
 * a folder beside the wanted one, which takes its name at the end: a process killed on the way leaves nothing that looks
 * finished, and the next try clears it away.
 *
 * @throws InterveneError("conflict") when there is something at that place already.
 */
export async function writeExport(deps: WriteDeps, source: Source, options: WriteOptions): Promise<ExportManifest> {
  return writeWhole(options.folder, (unfinished) =>
    withSnapshot(deps.pool, (client) => writeAll(deps, client, source, unfinished, options)),
  );
}

async function writeAll(
  deps: WriteDeps,
  client: pg.ClientBase,
  source: Source,
  folder: string,
  options: WriteOptions,
): Promise<ExportManifest> {
  const { format, request } = source;
  const file: FileKind = request.file ?? format.files[0] ?? "jsonl";
  const fields = fieldsOf(source);
  const context = await contextOf(deps, source);
  const tally = new Tally(fields);
  const sinks = new Map<string, Sink>();
  const sinkOf = async (part: string): Promise<Sink> => {
    const open = sinks.get(part);
    if (open) return open;
    const sink = await openSink(file, path.join(folder, dataFile(part, file)), fields, deps.tool);
    sinks.set(part, sink);
    return sink;
  };
  // Long texts pass to Parquet as the bytes that they are in the database.
  const raw = format.shape === "columns" && file === "parquet";
  const run = async <S extends Shape>(of: ExportFormat<S>, reading: Reading<S>): Promise<void> => {
    let done = 0;
    await sinkOf("train"); // an export without rows has its file, too
    for await (const batch of reading.batches) {
      options.signal?.throwIfAborted();
      const parts = await formatBatch(of, batch, context, tally);
      for (const [part, rows] of parts) await (await sinkOf(part)).add(rows);
      done += batch.length;
      await options.onProgress?.(done, reading.count);
    }
  };
  const reading = { raw, ...(options.signal ? { signal: options.signal } : {}) };
  let withheld = 0;
  let unfinished = 0;
  const parts: Record<string, number> = {};
  const files: ExportManifest["files"] = [];
  try {
    withheld = request.what.kind === "table" && request.what.table === "decisions" ? await countWithheld(client, source.scope) : 0;
    unfinished = source.dataset && format.shape === "training" ? await countUnfinished(client, source.dataset.id) : 0;
    switch (format.shape) {
      case "columns":
        await run(format, await read(client, source, "columns", reading));
        break;
      case "training":
        await run(format, await read(client, source, "training", reading));
        break;
      case "problems":
        await run(format, await read(client, source, "problems", reading));
        break;
      case "pairs":
        await run(format, await read(client, source, "pairs", reading));
        break;
      case "steps":
        await run(format, await read(client, source, "steps", reading));
    }
    for (const [part, sink] of sinks) {
      const result = await sink.finish();
      const name = dataFile(part, file);
      // Of a format that sorts rows into several files, one without rows is none.
      if (result.rows === 0 && sinks.size > 1) {
        await rm(path.join(folder, name));
        continue;
      }
      parts[part] = result.rows;
      files.push({ name, ...result });
    }
  } finally {
    for (const sink of sinks.values()) await sink.close();
  }
  files.sort((a, b) => (a.name < b.name ? -1 : 1));

  const written: Written = { name: context.name, parts, file, unfinished, baseModel: source.baseModel };
  const judges = judgesOf(source);
  const manifest: ExportManifest = {
    manifest: "intervene-export@1",
    tool: deps.tool,
    created: new Date().toISOString(),
    study: source.study.name,
    what: request.what,
    format: { id: format.id, label: format.label, source: format.source, file },
    filters: request.filters,
    baseModel: source.baseModel,
    holds: whatItHolds(kindOf(source), format.shape, judges),
    judges,
    openBlindQueues: request.openBlindQueues,
    counts: { ...tally.counts(), withheldDecisions: withheld, unfinished },
    notes: [...(format.notes?.(written) ?? [])],
    files,
    digest: createHash("sha256")
      .update(files.map((f) => `${f.sha256}  ${f.name}\n`).join(""))
      .digest("hex"),
    dataset: source.dataset?.manifest ?? null,
  };
  const beside = [
    { name: "manifest.json", text: `${JSON.stringify(manifest, null, 2)}\n` },
    { name: "README.md", text: datasetCard(manifest, format, fields, written) },
    ...(format.extras?.(written) ?? []),
  ];
  for (const { name, text } of beside) await writeFile(path.join(folder, name), text);
  return manifest;
}

/** How to read what a manifest describes. */
export function loadOf(format: AnyFormat, manifest: ExportManifest): string {
  const parts = Object.fromEntries(manifest.files.map((f) => [f.name.replace(/\.[^.]+$/, ""), f.rows]));
  return format.load({
    name: safeName(`${manifest.study}-${nameOf(manifest.what)}`),
    parts,
    file: manifest.format.file,
    unfinished: manifest.counts.unfinished,
    baseModel: manifest.baseModel,
  });
}

const safeName = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** What a format may know: the name of the data, and the encoder where it asks for one. */
export async function contextOf(deps: Pick<WriteDeps, "encoder">, source: Source): Promise<FormatContext> {
  const { format, study, request, servedName } = source;
  const name = safeName(`${study.name}-${nameOf(request.what)}`);
  if (!format.needsEncoder) return { encoder: null, name };
  if (servedName === "") {
    throw new InterveneError(
      "bad_input",
      `The format ${format.id} needs the tokenizer of the model that is to be trained, and ${source.dataset ? `the data set “${source.dataset.name}” names no served model` : "no single served model is meant: filter by model"}.`,
    );
  }
  return { encoder: await deps.encoder(servedName), name };
}

/** Milliseconds of encoding after which other work of the process gets its turn (a worker's heartbeats). */
const TURN = 50;

async function formatBatch<S extends Shape>(
  format: ExportFormat<S>,
  batch: readonly ShapeRows[S][],
  context: FormatContext,
  tally: Tally,
): Promise<Map<string, Row[]>> {
  const parts = new Map<string, Row[]>();
  let turn = Date.now();
  for (const input of batch) {
    const made = format.row(input, context);
    const row = made instanceof Promise ? await made : made;
    if (Date.now() - turn > TURN) {
      await breathe();
      turn = Date.now();
    }
    if (row instanceof Skipped) {
      tally.skip(row.reason);
      continue;
    }
    tally.row(row, "labelSource" in (input as object) ? String((input as { labelSource: string }).labelSource) : "");
    const part = format.part?.(input) ?? "train";
    const rows = parts.get(part);
    if (rows) rows.push(row);
    else parts.set(part, [row]);
  }
  return parts;
}

/** Whether judges appear in it. */
function judgesOf({ request, format }: Source): ExportManifest["judges"] {
  const table = request.what.kind === "table" ? request.what.table : "";
  const named =
    format.shape === "columns" ? table === "decisions" || table === "proposals" : format.id === "prm800k";
  if (!named) return "none";
  return request.names ? "names" : "pseudonyms";
}
