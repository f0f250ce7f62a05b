import type pg from "pg";
import path from "node:path";
import { mapRow, notKept } from "../../core/importing/formats";
import { type ColumnMapping, type ImportKind, RowError } from "../../core/importing/record";
import { type ImportReport, newReport, SHOWN } from "../../core/importing/report";
import { InterveneError, messageOf } from "../../errors";
import { notifyLive } from "../../store/notify";
import { BEGIN_REPEATABLE_WORK, type Tx } from "../../store/transaction";
import { beginPlaces, endPlaces } from "../../store/write/import-attempts";
import { endImportRuns, ensureProblemSet, ensureStudy } from "../../store/write/import-study";
import { makeReady, type ReadyRow, runOf, type Target, writeBatch } from "./batch";
import { choose, fieldsOf, headRows, shortName } from "./choose";
import { countRow } from "./count";
import { keepHeapSmall } from "./heap";
import { openRows } from "./open";
import { ReportFile, reportName } from "./report-file";
import type { FileRow } from "./row";
import type { NamedSource } from "./source";

export interface ImportWish {
  study: string;
  /** What to take; by default all that the format holds. */
  as?: ImportKind | undefined;
  /** Format id, or "auto". */
  format?: string | undefined;
  /** Problem set to fill; by default named after the file. */
  problemSet?: string | undefined;
  mapping?: ColumnMapping | undefined;
}

export interface ImportInput extends ImportWish {
  file: string;
}

/** Where an import stands after a batch: with it, it can go on in another process. */
export interface ImportPlace {
  /** Rows up to this one are written. */
  row: number;
  report: ImportReport;
  reportBytes: number;
}

export interface ImportDeps {
  pool: pg.Pool;
  /** Folder for report files. */
  reports: string;
  /** Stops the import between two batches. */
  signal?: AbortSignal;
  /** Called after every batch with the rows read so far, and how much of the file they are (0 to 1). */
  onProgress?: (rows: number, share: number) => void;
  /** For an import that goes on after a crash: what it is known by, its last place, and where its next ones are kept (in the batch's transaction). */
  task?: {
    id: string;
    from: ImportPlace | null;
    /** Called at the start of each batch's transaction with the row that the last one ended at (0 before the first). @throws when somebody else goes on with this import. */
    hold(row: number, tx: Tx): Promise<void>;
    save(place: ImportPlace, share: number, tx: Tx): Promise<void>;
  };
}

/** Rows in one transaction: large enough to be fast, small enough that a stopped import keeps nearly all it did. */
const BATCH = 400;
/** Texts in one transaction, in characters: memory does not grow with the length of a row. */
const BATCH_CHARACTERS = 1_000_000;
/** More models than a file can have: another column was taken for the model's name. */
const MOST_MODELS = 1000;
/** Pages are told at most this often (ms), and at the end: they re-read each time. */
const NOTIFY_EVERY = 400;

/** Some rows on their way, and what was told about rows in between. */
interface Batch {
  rows: Promise<ReadyRow>[];
  bad: { row: number; field: string; reason: string }[];
  repaired: { row: number; field: string; reason: string }[];
  characters: number;
  read: number;
  last: number;
}

const emptyBatch = (): Batch => ({ rows: [], bad: [], repaired: [], characters: 0, read: 0, last: 0 });

/** {@link importRows} of a file. */
export async function importFile(deps: ImportDeps, input: ImportInput): Promise<ImportReport> {
  return importRows(deps, { ...input, name: input.file, opened: await openRows(input.file) });
}

/**
 * Import rows into a study, which is made when there is none. Streamed: memory does not grow with the file; while one batch
 * is written, the next one is read and graded. Importing the same file again adds nothing. A row that cannot be used is
 * reported, and the others go on.
 * @throws InterveneError for a file or options that cannot be used at all.
 */
export async function importRows(
  deps: ImportDeps,
  input: ImportWish & NamedSource,
): Promise<ImportReport> {
  const started = performance.now();
  const study = input.study.trim();
  if (study === "") throw new InterveneError("bad_input", "The name of the study is empty; name one with --study.");
  const { name, opened } = input;
  const head = await headRows(opened);
  const choice = choose(input, opened, head);
  const { format, as, problemSet } = choice;
  const source = shortName(input);
  const from = deps.task?.from ?? null;
  const report = from?.report ?? newReport({ study, problemSet, file: name, format: format.id, detected: choice.sentence, as, bytes: opened.bytes, notKept: notKept(format, fieldsOf(head)) });
  const before = report.seconds;
  const log = new ReportFile(
    path.join(deps.reports, deps.task ? `import-${deps.task.id}.jsonl` : reportName(source)),
    from?.reportBytes ?? 0,
  );

  const client = await deps.pool.connect();
  const places = await beginPlaces(client, deps.task?.id ?? null).catch((error: unknown) => {
    client.release(true);
    throw error;
  });
  const givesBack = keepHeapSmall();
  const target: Target = { studyId: "", problemSetId: "", problemSet, source, format, places, runs: new Map() };
  const runIds = () => [...target.runs.values()].map((r) => r.runId);
  let told = performance.now();

  const models = new Set(report.models);
  let written = from?.row ?? 0;
  const write = async (batch: Batch): Promise<void> => {
    const rows = await Promise.all(batch.rows);
    await client.query(BEGIN_REPEATABLE_WORK);
    try {
      await deps.task?.hold(written, client);
      if (target.studyId === "") {
        target.studyId = (await ensureStudy(client, study)).id;
        target.problemSetId = await ensureProblemSet(client, target.studyId, problemSet, source);
        // Runs that an interrupted import had begun are its own still, also where no further row is theirs.
        for (const model of report.models) await runOf(client, target, model);
      }
      const results = rows.length > 0 ? await writeBatch(client, target, rows) : [];
      report.rows.read += batch.read;
      for (const bad of batch.bad) refuse(report, log, bad);
      for (const repaired of batch.repaired) {
        if (report.repairedRows.length < SHOWN) report.repairedRows.push(repaired);
        log.write({ kind: "repaired_row", ...repaired });
      }
      for (const result of results) countRow(report, result, log);
      log.flush();
      report.models = [...new Set([...report.models, ...target.runs.keys()])];
      report.reportFile = log.file;
      report.seconds = before + (performance.now() - started) / 1000;
      const place = { row: batch.last, report, reportBytes: log.bytes };
      await deps.task?.save(place, opened.share(batch.last), client);
      await client.query("COMMIT");
      written = batch.last;
    } catch (error) {
      await client.query("ROLLBACK").catch(() => {});
      throw error;
    }
    deps.onProgress?.(report.rows.read, opened.share(batch.last));
    if (performance.now() - told > NOTIFY_EVERY) {
      told = performance.now();
      await notifyLive(client, { studyId: target.studyId, kind: "progress" });
    }
  };

  let writing: Promise<void> = Promise.resolve();
  const writingEnds = () => writing.catch(() => {});
  try {
    let batch = emptyBatch();
    const send = async () => {
      await writing;
      stopIfAborted(deps.signal, report.rows.read);
      writing = write(batch);
      writing.catch(() => {}); // told where it is awaited
      batch = emptyBatch();
    };
    for await (const read of opened.rows(from?.row ?? 0)) {
      take(batch, read, { format, as, models });
      if (batch.read >= BATCH || batch.characters >= BATCH_CHARACTERS) await send();
    }
    if (batch.read > 0) await send();
    await writing;
    await endImportRuns(client, runIds(), "done");
    await endPlaces(client, places);
    if (target.studyId !== "") await notifyLive(client, { studyId: target.studyId, kind: "study" });
  } catch (error) {
    await writingEnds();
    const state = deps.signal?.aborted ? "cancelled" : "failed";
    await endImportRuns(client, runIds(), state, messageOf(error)).catch(() => {});
    throw error;
  } finally {
    client.release();
    givesBack();
  }
  report.seconds = before + (performance.now() - started) / 1000;
  return report;
}

/** A row joins the batch: mapped and on its way to be graded, or as one that cannot be used. */
function take(batch: Batch, read: FileRow, o: { format: Target["format"]; as: ImportKind; models: Set<string> }): void {
  batch.read += 1;
  batch.last = read.row;
  if ("bad" in read) {
    batch.bad.push({ row: read.row, field: read.bad.field, reason: read.bad.reason });
    return;
  }
  if (read.repaired) batch.repaired.push({ row: read.row, field: "row", reason: read.repaired });
  try {
    const value = mapRow(o.format, read.fields, o.as);
    for (const { model } of value.attempts) {
      if (o.models.size >= MOST_MODELS && !o.models.has(model)) throw new RowError("model", `"${model}" would be model ${MOST_MODELS + 1} of this file: is that the model's name?`);
      o.models.add(model);
    }
    const statement = "ids" in value.problem ? 0 : value.problem.statement.length + value.problem.reference.length;
    batch.characters += value.attempts.reduce((n, a) => n + a.text.length + (a.verification?.length ?? 0), statement);
    const ready = makeReady(o.format, read.row, value);
    ready.catch(() => {}); // told where the batch is written
    batch.rows.push(ready);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    batch.bad.push({ row: read.row, field: error.field, reason: error.reason });
  }
}

function refuse(report: ImportReport, log: ReportFile, bad: { row: number; field: string; reason: string }): void {
  report.rows.bad += 1;
  if (report.badRows.length < SHOWN) report.badRows.push(bad);
  log.write({ kind: "bad_row", ...bad });
}

function stopIfAborted(signal: AbortSignal | undefined, rows: number): void {
  if (!signal?.aborted) return;
  const message = `The import was stopped after ${rows} rows; what was read stays, and importing again goes on.`;
  throw new InterveneError("unavailable", message);
}
