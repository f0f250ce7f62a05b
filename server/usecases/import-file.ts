import path from "node:path";
import type pg from "pg";
import { normaliseFields } from "../core/importing/fields";
import { canImportAs, detectFormat, FORMATS, formatById, mapRow } from "../core/importing/formats";
import { type Fields, IMPORT_KINDS, type ImportFormat, type ImportKind, RowError } from "../core/importing/record";
import { type ImportReport, SHOWN } from "../core/importing/report";
import { InterveneError, messageOf } from "../errors";
import { notifyLive } from "../store/notify";
import { beginPlaces } from "../store/write/import-attempts";
import { endImportRuns, ensureProblemSet, ensureStudy } from "../store/write/import-study";
import { type BatchRow, type RowResult, type Target, writeBatch } from "./import-batch";
import { ReportFile } from "./import-report";
import { type Container, type FileRow, openRows } from "./import-rows";

export interface ImportInput {
  file: string;
  study: string;
  /** What to take; by default all that the format holds. */
  as?: ImportKind | undefined;
  /** Format id, or "auto". */
  format?: string | undefined;
  /** Problem set to fill; by default named after the file. */
  problemSet?: string | undefined;
}

export interface ImportDeps {
  pool: pg.Pool;
  /** Folder for report files. */
  reports: string;
  /** Stops the import between two batches. */
  signal?: AbortSignal;
  /** Called after every batch with the rows read so far. */
  onProgress?: (rows: number) => void;
}

/** Rows in one transaction: large enough to be fast, small enough that a stopped import keeps nearly all it did. */
const BATCH = 400;
/** Pages are told at most this often (ms), and at the end: they re-read each time. */
const NOTIFY_EVERY = 400;
/** Rows that decide the format. */
const SAMPLE = 20;

/**
 * Import a file into a study, which is made when there is none. Streamed: memory does not grow with the file. Importing
 * the same file again adds nothing. A row that cannot be used is reported, and the others go on.
 * @throws InterveneError for a file or options that cannot be used at all.
 */
export async function importFile(deps: ImportDeps, input: ImportInput): Promise<ImportReport> {
  const started = performance.now();
  const study = input.study.trim();
  if (study === "") throw new InterveneError("bad_input", "The name of the study is empty; name one with --study.");
  const opened = await openRows(input.file);
  const rows = opened.rows();
  const head = await take(rows, SAMPLE);
  const chosen = chooseFormat(input, opened.container, head);
  const { format, as } = chosen;
  const source = path.basename(input.file);
  const stem = path.parse(input.file).name;
  const problemSet = input.problemSet?.trim() || format.problemSet?.(stem) || stem;

  const report: ImportReport = {
    study,
    problemSet,
    file: input.file,
    format: format.id,
    detected: chosen.sentence,
    as,
    rows: { read: 0, used: 0, bad: 0 },
    problems: { added: 0, present: 0 },
    attempts: { added: 0, present: 0 },
    labels: 0,
    verifications: 0,
    proposals: 0,
    grades: { right: 0, wrong: 0, sameAsFile: 0, otherThanFile: 0 },
    models: [],
    badRows: [],
    repairedRows: [],
    differences: [],
    notKept: notKept(format, head),
    reportFile: null,
    bytes: opened.bytes,
    seconds: 0,
  };
  const log = new ReportFile(deps.reports, source);
  const refuse = async (row: number, bad: { field: string; reason: string }) => {
    const line = { row, field: bad.field, reason: bad.reason };
    report.rows.bad += 1;
    if (report.badRows.length < SHOWN) report.badRows.push(line);
    await log.write({ kind: "bad_row", ...line });
  };

  const target: Target = { studyId: "", problemSetId: "", problemSet, source, format, runs: new Map() };
  const client = await deps.pool.connect();
  const end = (state: "done" | "failed", message = "") =>
    endImportRuns(
      client,
      [...target.runs.values()].map((r) => r.runId),
      state,
      message,
    );
  try {
    await beginPlaces(client);
    let told = performance.now();
    const write = async (batch: BatchRow[]) => {
      if (deps.signal?.aborted) {
        const message = `The import was stopped after ${report.rows.read} rows; what was read stays, and importing again goes on.`;
        throw new InterveneError("unavailable", message);
      }
      if (batch.length === 0) return;
      await client.query("BEGIN");
      let results: RowResult[];
      try {
        if (target.studyId === "") {
          target.studyId = (await ensureStudy(client, study)).id;
          target.problemSetId = await ensureProblemSet(client, target.studyId, problemSet, source);
        }
        results = await writeBatch(client, target, batch);
        await client.query("COMMIT");
      } catch (error) {
        await client.query("ROLLBACK").catch(() => {});
        throw error;
      }
      if (performance.now() - told > NOTIFY_EVERY) {
        told = performance.now();
        await notifyLive(client, { studyId: target.studyId, kind: "progress" });
      }
      for (const result of results) await count(report, result, refuse, log);
    };
    let batch: BatchRow[] = [];
    for await (const read of chain(head, rows)) {
      report.rows.read += 1;
      if ("bad" in read) {
        await refuse(read.row, read.bad);
        continue;
      }
      if (read.repaired) {
        const line = { row: read.row, field: "row", reason: read.repaired };
        if (report.repairedRows.length < SHOWN) report.repairedRows.push(line);
        await log.write({ kind: "repaired_row", ...line });
      }
      try {
        batch.push({ row: read.row, value: mapRow(format, read.fields, as) });
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        await refuse(read.row, error);
      }
      if (batch.length >= BATCH) {
        await write(batch);
        batch = [];
        deps.onProgress?.(report.rows.read);
      }
    }
    await write(batch);
    await end("done");
    if (target.studyId !== "") await notifyLive(client, { studyId: target.studyId, kind: "study" });
  } catch (error) {
    await end("failed", messageOf(error)).catch(() => {});
    throw error;
  } finally {
    client.release();
    await log.close();
  }
  report.models = [...target.runs.keys()];
  report.reportFile = log.written;
  report.seconds = (performance.now() - started) / 1000;
  return report;
}

async function count(
  report: ImportReport,
  result: RowResult,
  refuse: (row: number, bad: { field: string; reason: string }) => Promise<void>,
  log: ReportFile,
): Promise<void> {
  if ("refused" in result) return refuse(result.row, result.refused);
  report.rows.used += 1;
  report.problems[result.problemIsNew ? "added" : "present"] += 1;
  for (const { source, written, fate, gold } of result.attempts) {
    if (fate === "other_text") {
      const reason = "another text stands in this attempt's place already, from an earlier file of the same name";
      await refuse(result.row, { field: source.model, reason });
      continue;
    }
    report.attempts[fate] += 1;
    const { grade } = written;
    report.grades[grade.reward === 1 ? "right" : "wrong"] += 1;
    if (source.verdict !== null) {
      const ours = grade.reward === 1;
      report.grades[ours === source.verdict ? "sameAsFile" : "otherThanFile"] += 1;
      if (ours !== source.verdict) {
        const { extracted, reason } = grade;
        const line = { row: result.row, model: source.model, gold, extracted, file: source.verdict, ours, reason };
        if (report.differences.length < SHOWN) report.differences.push(line);
        await log.write({ kind: "other_verdict", ...line });
      }
    }
    if (fate !== "added") continue;
    if (written.label) report.labels += 1;
    if (written.verification) report.verifications += 1;
    if (written.proposal) report.proposals += 1;
  }
}

function chooseFormat(
  input: ImportInput,
  container: Container,
  head: readonly FileRow[],
): { format: ImportFormat; as: ImportKind; sentence: string } {
  const given = input.format && input.format !== "auto" ? input.format : null;
  const known = FORMATS.map((f) => f.id).join(", ");
  const sample = head.flatMap((r) => ("fields" in r ? [r.fields] : []));
  const format = given === null ? detectFormat(sample) : formatById(given);
  if (given !== null && !format) {
    throw new InterveneError("bad_input", `There is no format "${given}"; the formats are ${known}.`);
  }
  if (!format) {
    const first = head[0];
    const seen =
      sample[0] !== undefined
        ? `its first row has the fields ${Object.keys(sample[0]).join(", ")}`
        : first && "bad" in first
          ? `its first row ${first.bad.reason}`
          : "it has no row";
    throw new InterveneError(
      "bad_input",
      `The format of ${input.file} is not known: ${seen}. The formats are ${known}.`,
    );
  }
  const as = input.as ?? format.holds;
  if (!IMPORT_KINDS.includes(as)) {
    throw new InterveneError("bad_input", `--as ${as}: must be one of ${IMPORT_KINDS.join(", ")}.`);
  }
  if (!canImportAs(format, as)) {
    throw new InterveneError("bad_input", `${format.title} hold ${format.holds}; they cannot be imported as ${as}.`);
  }
  const how = container === "jsonl" ? "JSON lines" : container.toUpperCase();
  const why = given === null ? "by its first rows" : "as asked";
  return {
    format,
    as,
    sentence: `${path.basename(input.file)} is taken for ${format.title} (${format.id}, ${how}) ${why}.`,
  };
}

/** Fields of the first rows that the format does not read, so that nothing is lost silently. */
function notKept(format: ImportFormat, head: readonly FileRow[]): string[] {
  // In GSM8K's file of solutions the names of fields are names of models: all are read.
  if (format.id === "gsm8k-solutions") return [];
  const reads = new Set(format.reads);
  const seen = new Set<string>();
  for (const row of head) {
    if ("fields" in row) for (const name of Object.keys(normaliseFields(row.fields as Fields))) seen.add(name);
  }
  return [...seen].filter((name) => !reads.has(name));
}

async function take<T>(from: AsyncGenerator<T>, n: number): Promise<T[]> {
  const out: T[] = [];
  while (out.length < n) {
    const next = await from.next();
    if (next.done) break;
    out.push(next.value);
  }
  return out;
}

async function* chain<T>(head: readonly T[], rest: AsyncGenerator<T>): AsyncGenerator<T> {
  yield* head;
  yield* rest;
}
