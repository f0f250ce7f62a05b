import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type pg from "pg";
import { type PublicationManifest, publicationManifestSchema } from "../../core/publishing/manifest";
import { indexPage } from "../../core/publishing/page";
import { readme } from "../../core/publishing/readme";
import type { PublishRequest } from "../../core/publishing/request";
import { fileOf, scriptOf } from "../../core/publishing/script";
import type { PublishedAttemptRow, PublishedProblemRow, PublishedStudy } from "../../core/views/publication";
import { InterveneError } from "../../errors";
import { withSnapshot } from "../../store/exports/snapshot";
import { inTurn } from "../../store/in-turn";
import { drawAttempts } from "../../store/publishing/attempts";
import { listAttempts } from "../../store/views/attempt-list";
import { listProblems } from "../../store/views/problem-list";
import type { Sql } from "../../store/views/sql";
import { writeWhole } from "../exports/whole-folder";
import { indexRow, queryOf, writeAttempts, writeProblems } from "./attempts";
import { publishedDecisions } from "./decisions";
import { Disguise } from "./disguise";
import { publishedFigures } from "./figures";
import { Folder } from "./folder";
import { readerFiles } from "./reader";

export interface PublishDeps {
  pool: pg.Pool;
  /** "intervene 0.1.0". */
  tool: string;
}

export interface PublishOptions {
  /** Where to: it must not exist, and appears whole or not at all. */
  folder: string;
  signal?: AbortSignal;
  /** Attempts done of all; called after each batch, and awaited. */
  onProgress?: (done: number, total: number) => Promise<void> | void;
}

/** Attempts that are read and written at once: with 100 continuations of 40 kB each, 80 MB. */
const BATCH = 20;
/** Rows of the index that are read at once. */
const PAGE = 500;
/** Rows in one file of the index: about a megabyte. */
const INDEX_FILE = 5_000;

/**
 * Publish a study as a folder of static pages: one state of the database, files that depend on nothing but it and the
 * request (but for the time in the manifest), and nothing that is to be kept private.
 *
 * @throws InterveneError("conflict") when there is something at that place already; ("not_found") when no attempt is meant.
 */
export async function writePublication(
  deps: PublishDeps,
  study: { id: string; name: string },
  request: PublishRequest,
  options: PublishOptions,
): Promise<PublicationManifest> {
  return writeWhole(options.folder, async (unfinished) => {
    const folder = new Folder(unfinished);
    for (const { name, bytes } of await readerFiles()) await folder.put(name, bytes);
    return withSnapshot(deps.pool, (client) => writeAll(deps, client, study, request, folder, unfinished, options));
  });
}

async function writeAll(
  deps: PublishDeps,
  client: pg.ClientBase,
  study: { id: string; name: string },
  request: PublishRequest,
  folder: Folder,
  root: string,
  options: PublishOptions,
): Promise<PublicationManifest> {
  const disguise = new Disguise(request);
  const sql = inTurn(client);
  const figures = await publishedFigures({ pool: sql }, study.id, request, disguise);
  const decided = request.decisions ? await publishedDecisions(client, study.id, request, disguise) : null;
  const index = await readIndex(sql, study.id, request, disguise, options.signal);
  if (index.length === 0) {
    throw new InterveneError("not_found", `The study “${study.name}” has no attempts of that kind, so there is nothing to publish.`);
  }

  const written = { verifications: 0, proposals: 0, continuations: 0 };
  for (let at = 0; at < index.length; at += BATCH) {
    options.signal?.throwIfAborted();
    const ids = index.slice(at, at + BATCH).map((row) => row[0]);
    const more = await writeAttempts(sql, folder, ids, decided?.byAttempt ?? null, disguise);
    for (const name of ["verifications", "proposals", "continuations"] as const) written[name] += more[name];
    await options.onProgress?.(Math.min(at + BATCH, index.length), index.length);
  }
  const problemIds = [...new Set(index.map((row) => row[1]))];
  for (let at = 0; at < problemIds.length; at += BATCH) {
    options.signal?.throwIfAborted();
    written.continuations += await writeProblems(sql, folder, study.id, problemIds.slice(at, at + BATCH), disguise);
  }
  const problems = await readProblems(sql, study.id, new Set(problemIds));

  const files = {
    attempts: await putIndex(folder, "attempts", index),
    problems: await putIndex(folder, "problems", problems),
  };
  const whole: PublishedStudy = { ...figures, tool: deps.tool, files };
  await folder.data("study", whole);
  const ids = new Set(index.map((row) => row[0]));
  const decisions = [...(decided?.byAttempt ?? [])].reduce((sum, [id, list]) => sum + (ids.has(id) ? list.length : 0), 0);
  const counts = { problems: problems.length, attempts: index.length, ...written, decisions, withheldDecisions: decided?.withheld ?? 0 };
  await folder.put("README.md", readme(whole, counts));
  await folder.put("index.html", indexPage(whole.name));

  const sums = folder.checksums();
  const now = new Date().toISOString();
  const manifest: PublicationManifest = publicationManifestSchema.parse({
    manifest: "intervene-publication@1",
    tool: deps.tool,
    created: request.anonymous ? now.slice(0, 10) : now,
    study: whole.name,
    request,
    counts,
    files: folder.files,
    bytes: folder.bytes,
    digest: createHash("sha256").update(sums).digest("hex"),
  });
  // Beside the sums, since these two tell the time.
  await writeFile(path.join(root, ...fileOf("manifest").split("/")), scriptOf("manifest", manifest));
  await writeFile(path.join(root, "files.sha256"), sums);
  await writeFile(path.join(root, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** The rows of the attempts that are meant, in the order of the product's own table. */
async function readIndex(
  sql: Sql,
  studyId: string,
  request: PublishRequest,
  disguise: Disguise,
  signal: AbortSignal | undefined,
): Promise<PublishedAttemptRow[]> {
  const query = queryOf(request);
  const drawn =
    typeof request.attempts === "number"
      ? new Set(await drawAttempts(sql, studyId, query, request.attempts, request.seed))
      : null;
  const index: PublishedAttemptRow[] = [];
  let cursor: string | null = null;
  do {
    signal?.throwIfAborted();
    const page = await listAttempts(sql, studyId, query, cursor, PAGE);
    for (const row of page.rows) if (drawn === null || drawn.has(row.id)) index.push(indexRow(row, disguise));
    cursor = page.next;
  } while (cursor !== null);
  return index;
}

async function readProblems(
  sql: Sql,
  studyId: string,
  meant: ReadonlySet<string>,
): Promise<PublishedProblemRow[]> {
  const problems: PublishedProblemRow[] = [];
  let after: string | null = null;
  do {
    const page = await listProblems(sql, studyId, after, PAGE);
    for (const { id, ordinal, key, problemSet, start, answer, attempts, graded, correct } of page.rows)
      if (meant.has(id)) problems.push({ id, ordinal, key, set: problemSet, start, answer, attempts, graded, correct });
    after = page.next;
  } while (after !== null);
  return problems;
}

/** @returns how many files it took. */
async function putIndex(folder: Folder, name: string, rows: readonly unknown[]): Promise<number> {
  let files = 0;
  for (let at = 0; at < rows.length; at += INDEX_FILE) await folder.data(`${name}-${files++}`, rows.slice(at, at + INDEX_FILE));
  return files;
}
