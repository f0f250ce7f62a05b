import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { findFormat } from "../../core/exporting/registry";
import { type ExportManifest, exportManifestSchema } from "../../core/exporting/manifest";
import { nameOf } from "../../core/exporting/request";
import { type ExportResult, type ExportTask, exportTaskSchema, type Push } from "../../core/exporting/task";
import { parseEnv } from "../../env";
import { InterveneError } from "../../errors";
import { homePaths } from "../../home";
import { findStudy } from "../../store/views/studies";
import { encoderOf } from "../exports/encoder";
import { pushToHub } from "../exports/push-to-hub";
import { resolve } from "../exports/source";
import { forgetToken, readToken, sweepTokens } from "../exports/token";
import { toolName } from "../exports/tool";
import { loadOf, writeExport } from "../exports/write-export";
import { type StageContext, type Task, wholeTask } from "./stage";

/** Progress is kept this often at most, in milliseconds. */
const EVERY = 300;

/**
 * Target: its run. Writes the export into exports/RUN of the data folder, and pushes it where that was asked for. A worker
 * that was killed while writing begins anew (rows are read from one snapshot); one that was killed while pushing goes on
 * with the folder that is there, and the hub takes no file twice.
 */
export const exportRows = wholeTask(exportTaskSchema, async (context, task) => {
  const home = homeOf(context);
  const { settings, item } = context;
  await sweepTokens(home, context.pool);
  const folder = path.join(homePaths(home).exports, settings.task === "push" ? settings.of : item.runId);
  if (settings.task === "write" && !existsSync(folder)) await write(context, task, settings, folder);
  const result = await resultOf(folder);
  const { rows } = result.manifest.counts;
  await task.save({ done: rows, total: rows, message: "", result });
  if (settings.push) {
    try {
      const pushed = await push(context, task, settings.push, folder, result);
      await task.save({ message: "", result: { ...result, pushed } });
    } finally {
      // Stopped for now (a pause, a worker that ends): the next try needs it again.
      if (!context.signal.aborted) await forgetToken(home, item.runId);
    }
  }
});

function homeOf({ home }: StageContext<unknown>): string {
  if (home === null) throw new InterveneError("bad_input", "Exports need a worker that shares the data folder.");
  return home;
}

async function write(
  { pool, models, item, signal }: StageContext<ExportTask>,
  task: Task,
  { request }: Extract<ExportTask, { task: "write" }>,
  folder: string,
): Promise<void> {
  const study = await findStudy(pool, item.studyId);
  if (!study) throw new InterveneError("not_found", "The study was deleted.");
  const source = await resolve(pool, study, request);
  const encoder = async (name: string) => encoderOf((await models.get(name)).chat);
  await task.save({ done: 0, message: "reading" });
  let told = Date.now();
  await writeExport({ pool, encoder, tool: toolName() }, source, {
    folder,
    signal,
    onProgress: async (done, total) => {
      if (Date.now() - told < EVERY) return;
      told = Date.now();
      await task.save({ done, total, message: "writing" });
    },
  });
}

/** What lies in a folder that {@link writeExport} has finished. */
async function resultOf(folder: string): Promise<ExportResult> {
  let manifest: ExportManifest;
  try {
    manifest = exportManifestSchema.parse(JSON.parse(await readFile(path.join(folder, "manifest.json"), "utf8")));
  } catch (cause) {
    throw new InterveneError("not_found", "The files of this export are gone: write it again.", { cause });
  }
  const data = manifest.files.map((f) => f.name);
  const others = (await readdir(folder)).filter((name) => !data.includes(name)).sort();
  const files = await Promise.all(
    [...data, ...others].map(async (name) => ({ name, bytes: (await stat(path.join(folder, name))).size })),
  );
  const { dataset: _, ...rest } = manifest;
  const format = findFormat(manifest.format.id);
  return { folder: path.basename(folder), files, manifest: rest, load: format ? loadOf(format, manifest) : "", pushed: null };
}

async function push(
  context: StageContext<ExportTask>,
  task: Task,
  to: Push,
  folder: string,
  { manifest }: ExportResult,
): Promise<ExportResult["pushed"]> {
  const env = parseEnv();
  const token = (await readToken(homeOf(context), context.item.runId)) ?? env.hfToken;
  if (token === undefined) {
    throw new InterveneError(
      "bad_input",
      "There is no token to push with: give one with the push, or set HF_TOKEN where the worker runs. The export itself is written.",
    );
  }
  let told = 0;
  return pushToHub({ endpoint: env.hfEndpoint, token }, to, folder, {
    summary: `${nameOf(manifest.what)} of ${manifest.study} as ${manifest.format.id}, ${manifest.counts.rows} rows (${manifest.tool})`,
    signal: context.signal,
    onProgress: async (done, total) => {
      if (Date.now() - told < EVERY) return;
      told = Date.now();
      await task.save({ message: `pushing to ${to.repo}: ${Math.floor((100 * done) / Math.max(1, total))} %` });
    },
  });
}
