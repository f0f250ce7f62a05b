import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { type Row, typeInWords, type Value } from "../../core/exporting/fields";
import { type AnyFormat, type Encoder, type ExportFormat, Skipped } from "../../core/exporting/format";
import type { ExportWish } from "../../core/exporting/request";
import type { Shape } from "../../core/exporting/shapes";
import type { ExportChoices, ExportPreview, ExportView } from "../../core/views/exports";
import { InterveneError, messageOf } from "../../errors";
import { homePaths } from "../../home";
import { countUnfinished, listDatasetNames, listQueueNames } from "../../store/exports/facts";
import { listNarrowings } from "../../store/exports/narrowings";
import { deleteExport, findExport, listExports } from "../../store/exports/runs";
import { withSnapshot } from "../../store/exports/snapshot";
import { fieldsOf, parseWish, read, resolve, type Source } from "../exports/source";
import { contextOf } from "../exports/write-export";
import { studyOf } from "./find";

interface PoolDeps {
  pool: pg.Pool;
}

export async function readExportChoices(
  deps: PoolDeps,
  input: { study: string },
  env: { hfToken: string | undefined; hfEndpoint: string },
): Promise<ExportChoices> {
  const study = await studyOf(deps, input.study);
  const [datasets, narrowings, queues] = await Promise.all([
    listDatasetNames(deps.pool, study.id),
    listNarrowings(deps.pool, study.id),
    listQueueNames(deps.pool, study.id),
  ]);
  return {
    studyId: study.id,
    datasets: datasets.map(({ state, ...d }) => ({ ...d, ready: state === "ready" })),
    ...narrowings,
    queues,
    hasToken: env.hfToken !== undefined,
    hub: env.hfEndpoint,
  };
}

/** Rows looked at for one that the format can hold. */
const LOOK_AT = 20;

interface PreviewDeps extends PoolDeps {
  /** The encoder of a served model; null where no inference server is known. */
  encoder: ((servedName: string) => Promise<Encoder>) | null;
}

/** How many rows a wish has, and how the first of them would be written. @throws as resolve and parseWish do. */
export async function readExportPreview(deps: PreviewDeps, input: { study: string; wish: ExportWish }): Promise<ExportPreview> {
  const request = parseWish(input.wish);
  const source = await resolve(deps.pool, await studyOf(deps, input.study), request);
  const { format } = source;
  const training = format.shape === "training";
  const encoder = await encoderFor(deps, source);
  const { rows, first, unfinished } = await withSnapshot(deps.pool, async (client) => ({
    rows: await countOf(client, source),
    first: typeof encoder === "string" ? encoder : await firstOrWhy(client, source, encoder),
    unfinished: training && source.dataset ? await countUnfinished(client, source.dataset.id) : 0,
  }));
  const file = request.file ?? format.files[0] ?? "jsonl";
  const written = {
    name: source.study.name,
    parts: { train: rows },
    file,
    unfinished,
    baseModel: source.baseModel,
  };
  const says =
    typeof first === "string"
      ? first
      : first instanceof Skipped
        ? `The first rows cannot be written in this format: ${first.reason}.`
        : first === null
          ? "There are no such rows."
          : "";
  return {
    rows,
    file,
    columns: fieldsOf(source).map((f) => ({
      name: f.name,
      type: `${typeInWords(f.type)}${f.nullable ? " or null" : ""}`,
      about: f.about,
    })),
    row: first === null || typeof first === "string" || first instanceof Skipped ? null : JSON.stringify(cut(first), null, 2),
    says,
    notes: [...(format.notes?.(written) ?? [])],
    load: format.load(written),
  };
}

/** How long a page waits for a tokenizer. In ms. */
const PATIENCE = 5_000;

const notNow = (source: Source, why: string) =>
  `The worker makes these rows with the template and tokenizer of ${source.baseModel}; none can be shown now: ${why}`;

/**
 * What a format needs to make a row: an encoder, null where it needs none, or a sentence that says why there is no row to be
 * seen although a worker may be able to write them.
 */
async function encoderFor(deps: PreviewDeps, source: Source): Promise<Encoder | null | string> {
  const { encoder } = await contextOf({ encoder: async () => NOBODY }, source);
  if (encoder === null) return null;
  if (deps.encoder === null) return notNow(source, "no inference server is known here.");
  const late = new AbortController();
  try {
    const waited = sleep(PATIENCE, null, { signal: late.signal }).catch(() => null);
    return (await Promise.race([deps.encoder(source.servedName), waited])) ?? notNow(source, "the inference server does not answer.");
  } catch (error) {
    return notNow(source, messageOf(error));
  } finally {
    late.abort();
  }
}

/** The first row; a server elsewhere encodes it, and may fail at that. */
async function firstOrWhy(client: pg.ClientBase, source: Source, encoder: Encoder | null): Promise<Row | Skipped | null | string> {
  try {
    return await firstRow(client, source, encoder);
  } catch (error) {
    if (encoder === null || !(error instanceof InterveneError)) throw error;
    return notNow(source, error.message);
  }
}

/** Stands for an encoder where only the wish is checked. */
const NOBODY: Encoder = {
  endId: null,
  turn: async () => ({ prompt: [], whole: [] }),
  render: async () => "",
  decode: async () => "",
};

async function countOf(client: pg.ClientBase, source: Source): Promise<number> {
  const { count, batches } = await read(client, source, source.format.shape);
  await batches.return(undefined);
  return count;
}

async function firstRow(client: pg.ClientBase, source: Source, encoder: Encoder | null): Promise<Row | Skipped | null> {
  const context = await contextOf({ encoder: async () => encoder ?? NOBODY }, source);
  const look = async <S extends Shape>(format: ExportFormat<S>): Promise<Row | Skipped | null> => {
    let skipped: Skipped | null = null;
    const { batches } = await read(client, source, format.shape, { limit: LOOK_AT });
    for await (const batch of batches) {
      for (const input of batch) {
        const row = await format.row(input, context);
        if (!(row instanceof Skipped)) return row;
        skipped ??= row;
      }
    }
    return skipped;
  };
  return firstOf(source.format, look);
}

/** Hand a format of some shape to a function that takes any one. */
function firstOf<T>(format: AnyFormat, look: <S extends Shape>(format: ExportFormat<S>) => T): T {
  switch (format.shape) {
    case "columns":
      return look(format);
    case "training":
      return look(format);
    case "problems":
      return look(format);
    case "pairs":
      return look(format);
    case "steps":
      return look(format);
  }
}

/** Of a long text its beginning and its end are shown: chosen and rejected answers begin alike. */
const LONGEST_TEXT = 360;
const BEGINNING = 220;
const END = 120;
const LONGEST_LIST = 8;

/** A value short enough for a page. */
function cut(value: Value): unknown {
  if (typeof value === "string" && value.length > LONGEST_TEXT)
    return `${value.slice(0, BEGINNING)} … (${value.length.toLocaleString("en-US")} characters) … ${value.slice(-END)}`;
  if (value instanceof Int32Array || value instanceof Float32Array) return cut(Array.from(value));
  if (Array.isArray(value)) {
    const shown = value.slice(0, LONGEST_LIST).map(cut);
    return value.length > LONGEST_LIST ? [...shown, `… (${value.length} in all)`] : shown;
  }
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "object" && value !== null && !(value instanceof Date))
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, cut(v as Value)]));
  return value;
}

export async function readExports(deps: PoolDeps, input: { study: string }, home: string): Promise<ExportView[]> {
  const study = await studyOf(deps, input.study);
  const runs = await listExports(deps.pool, study.id);
  return runs.map(({ endedAt: _, ...run }) => ({
    ...run,
    there: run.result !== null && existsSync(path.join(homePaths(home).exports, run.result.folder)),
  }));
}

/** Forget an export and its files. @throws InterveneError("conflict") while it is under way. */
export async function removeExport(deps: PoolDeps, input: { study: string; runId: string }, home: string): Promise<void> {
  const study = await studyOf(deps, input.study);
  const run = await findExport(deps.pool, study.id, input.runId);
  if (!run) throw new InterveneError("not_found", `The study “${study.name}” has no such export.`);
  if (!(await deleteExport(deps.pool, study.id, input.runId)))
    throw new InterveneError("conflict", "This export is still under way: cancel it first.");
  // A push is of another run's files.
  if (run.task.task === "write") await rm(path.join(homePaths(home).exports, run.id), { recursive: true, force: true });
}
