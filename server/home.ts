import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { InterveneError, messageOf } from "./errors";

/** Where things lie in the data folder (INTERVENE_HOME). */
export function homePaths(home: string) {
  return {
    home,
    /** The embedded PostgreSQL. */
    postgres: path.join(home, "postgres"),
    logs: path.join(home, "logs"),
    /** Which layout this folder has (FORMAT). */
    format: path.join(home, "format.json"),
    /** Held by the one process that serves this folder. */
    lock: path.join(home, "lock.json"),
    /** Where the running system can be found. */
    runtime: path.join(home, "runtime.json"),
    /** Files handed in through a page or the API, until they are imported. */
    uploads: path.join(home, "uploads"),
    /** What exports have written, a folder each. */
    exports: path.join(home, "exports"),
    /** Studies published as static pages, a folder each. */
    publications: path.join(home, "publications"),
    /** Checkpoints of trainings that are served, a model folder each; the engine looks here for models that it was not started with. */
    models: path.join(home, "models"),
    /** Trainings: specs, events, logs and checkpoints, a folder each. */
    trainings: path.join(home, "trainings"),
    /** The Python environment of the TRL trainer, where one was made. */
    python: path.join(home, "python"),
    /** Tokens handed to one task each, mode 600, until it has used them; never in the database. */
    secrets: path.join(home, "secrets"),
    /** Reports of imports: what could not be used, row by row. */
    reports: path.join(home, "reports"),
    /** Models converted for the engine, and other things that can be made again. */
    cache: path.join(home, "cache"),
  };
}

/** Layout of the data folder that this version reads and writes. Rises when an older version could not use it. */
export const FORMAT = 1;

const formatSchema = z.object({ format: z.number().int(), version: z.string().default("") });

/**
 * Make the data folder, or check that it is one this version understands.
 * @throws InterveneError("cannot_start") for a folder of a newer version, or one that cannot be written.
 */
export function prepareHome(home: string, version: string): void {
  const paths = homePaths(home);
  try {
    if (existsSync(home) && !statSync(home).isDirectory()) throw new Error("it is a file");
    mkdirSync(paths.logs, { recursive: true });
    if (!existsSync(paths.format)) writeWhole(paths.format, JSON.stringify({ format: FORMAT, version }), 0o644);
  } catch (cause) {
    throw new InterveneError("cannot_start", `The data folder ${home} (INTERVENE_HOME) cannot be used: ${messageOf(cause)}.`, { cause });
  }
  const parsed = formatSchema.safeParse(parseJson(readFileSync(paths.format, "utf8")));
  if (!parsed.success) {
    throw new InterveneError("cannot_start", `${paths.format} is damaged, so it is not known which version of Intervene this data folder belongs to: write {"format":${FORMAT}} into it if it is this one's, or set INTERVENE_HOME to another folder.`);
  }
  if (parsed.data.format > FORMAT) {
    const by = parsed.data.version ? ` (${parsed.data.version})` : "";
    throw new InterveneError("cannot_start", `The data folder ${home} was made by a newer version of Intervene${by}; this is ${version}: start that version, or set INTERVENE_HOME to another folder.`);
  }
}

const runtimeSchema = z.object({
  version: z.string(),
  /** Process number of the supervisor. */
  pid: z.number().int().positive(),
  startedAt: z.string(),
  webUrl: z.string(),
  databaseUrl: z.string(),
  /** The engine's, or INFERENCE_URL. */
  inferenceUrl: z.string(),
  /** Process numbers of what the supervisor started, by name: database, engine, worker, web. */
  pids: z.record(z.string(), z.number().int()),
});

/** Where a running system can be found. Holds the database's password: mode 600. */
export type Runtime = z.infer<typeof runtimeSchema>;

/** Write runtime.json so that nobody ever reads half of it. */
export function writeRuntime(home: string, runtime: Runtime): void {
  writeWhole(homePaths(home).runtime, `${JSON.stringify(runtime, null, 2)}\n`, 0o600);
}

/** Forget the running system. */
export function removeRuntime(home: string): void {
  rmSync(homePaths(home).runtime, { force: true });
}

/** The system that runs on this data folder right now; undefined when none does (or its supervisor is gone). */
export function readRuntime(home: string): Runtime | undefined {
  let text: string;
  try {
    text = readFileSync(homePaths(home).runtime, "utf8");
  } catch {
    return undefined; // none has been started, or it was stopped
  }
  const parsed = runtimeSchema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  try {
    process.kill(parsed.data.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
  }
  return parsed.data;
}

function writeWhole(file: string, text: string, mode: number): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text, { mode });
  renameSync(unfinished, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
