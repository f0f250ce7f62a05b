import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { z } from "zod";
import type { HubSource, ImportOptions, ImportSource } from "../../core/importing/settings";
import type { ImportPreviewShape } from "../../core/programs/import-preview";
import type { RunDetailShape } from "../../core/programs/shapes";
import { InterveneError } from "../../errors";
import { homePaths } from "../../home";
import { findStudy } from "../../store/views/studies";
import type { Deps } from "../deps";
import type { Hub } from "../importing/hub";
import { type PreviewAttempt, previewImport } from "../importing/preview";
import type { SourceDeps } from "../importing/source";
import { startImport } from "../importing/start";
import { removeUpload, saveUpload } from "../importing/uploads";
import type { PageDeps } from "../pages/find";
import { getRun } from "./runs";

/** A file that has been received whole and waits in the data folder. */
export interface ReceivedFile {
  upload: string;
  name: string;
  bytes: number;
  /** SHA-256, hex. */
  digest: string;
}

/** Receive a file of any size as it streams in, and digest it on the way. @throws InterveneError as saveUpload does. */
export async function receiveFile(home: string, name: string, body: Readable, expected: number | undefined): Promise<ReceivedFile> {
  const hash = createHash("sha256");
  const digesting = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  body.once("error", (error) => digesting.destroy(error));
  const { id, bytes, name: safe } = await saveUpload(home, name, body.pipe(digesting), expected);
  return { upload: id, name: safe, bytes, digest: hash.digest("hex") };
}

/** Let go of a file that is not to be imported after all. */
export function dropFile(home: string, file: ReceivedFile): Promise<void> {
  return removeUpload(home, file.upload);
}

interface ImportDeps extends Pick<Deps, "pool" | "queue"> {
  home: string;
  hub: Hub;
}

/** What an import would do with a received file or a dataset of the hub, seen by its first rows. Nothing is written. */
export async function previewOf(
  deps: SourceDeps,
  source: ImportSource,
  options: Partial<ImportOptions>,
): Promise<ImportPreviewShape> {
  const { problemSet, notKept, rows, ...seen } = await previewImport(deps, { ...options, source });
  return {
    ...seen,
    problem_set: problemSet,
    not_kept: notKept,
    takes: Object.fromEntries(Object.entries(seen.takes)),
    rows: rows.map((row) =>
      "bad" in row
        ? { row: row.row, problem: null, attempts: [], bad: row.bad }
        : { row: row.row, problem: row.problem, attempts: row.attempts.map(attemptOf), bad: null },
    ),
  };
}

function attemptOf({ label, ...attempt }: PreviewAttempt): ImportPreviewShape["rows"][number]["attempts"][number] {
  return { ...attempt, label: label && { source: label.source, first_error: label.firstError } };
}

/** Start the import of a received file or of a dataset of the hub; a worker runs it. The study is made when there is none. */
export async function importInto(
  deps: ImportDeps,
  study: string,
  source: { upload: string } | { hub: HubSource },
  options: Partial<ImportOptions>,
): Promise<RunDetailShape> {
  const name = (await findStudy(deps.pool, study))?.name ?? study;
  const { studyId, runId } = await startImport(deps, { ...options, study: name, source });
  return getRun(deps, studyId, runId);
}

const withReport = z.object({ reportFile: z.string() });

/** A file to be handed out as it is read. */
export interface FileOut {
  name: string;
  bytes: number;
  stream: ReadableStream<Uint8Array>;
}

/** The report of an import: bad rows and differing verdicts, JSON lines. @throws InterveneError("not_found") when there is none. */
export async function importReport(deps: PageDeps & { home: string }, study: string, run: string): Promise<FileOut> {
  const { result } = await getRun(deps, study, run, "import");
  const parsed = withReport.safeParse(result);
  if (!parsed.success) throw new InterveneError("not_found", "This import has no report: every row could be used so far.");
  // Only its name counts: a report lies in the folder of reports and nowhere else.
  return fileOut(homePaths(deps.home).reports, path.basename(parsed.data.reportFile));
}

/** Open a file of a folder by its bare name. @throws InterveneError("not_found") */
export async function fileOut(folder: string, name: string): Promise<FileOut> {
  const gone = () => new InterveneError("not_found", `There is no file “${name}” here.`);
  if (name !== path.basename(name) || name.startsWith(".") || name === "" || /[\\/\0]/.test(name)) throw gone();
  const handle = await open(path.join(folder, name), "r").catch(() => {
    throw gone();
  });
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw gone();
  }
  const stream = handle.createReadStream({ end: Math.max(0, stat.size - 1) });
  return { name, bytes: stat.size, stream: Readable.toWeb(stream) as ReadableStream<Uint8Array> };
}
