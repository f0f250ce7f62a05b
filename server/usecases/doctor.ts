import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { type Env, parseEnv } from "../env";
import { messageOf } from "../errors";
import { prepareHome, type Runtime, readRuntime } from "../home";
import { createInferenceClient } from "../inference/client";
import type { Database } from "../store/connection";
import { pendingMigrations, serverVersion } from "../store/read/applied-migrations";
import { liveWorkers } from "../store/read/workers";
import { trainerPython } from "./training/python";

/** One line of the doctor: what was looked at, how it is, and what to do when it is not well. */
export interface Check {
  name: string;
  state: "ok" | "warn" | "fail";
  message: string;
}

export interface DoctorDeps {
  /** Version of Intervene. */
  version: string;
  environment: Record<string, string | undefined>;
  /** Folder of the lab model. */
  modelFolder: string;
  /** A database by its URL; does not migrate. */
  connect(url: string): Database;
  /** The embedded one, started for as long as it is open. */
  openEmbedded(env: Env): Promise<Database>;
  /** Throw, with a sentence, where a program that npm brings is not installed. */
  programs: Record<string, () => Promise<string> | string>;
}

const NODE = [20, 9] as const;
const MODEL_FILES = [
  "config.json",
  "model.safetensors",
  "tokenizer.json",
  "tokenizer_config.json",
  "generation_config.json",
];
const GIGABYTE = 1e9;

/** Look at everything that Intervene needs, in the order in which a start needs it. */
export async function* runDoctor(deps: DoctorDeps): AsyncGenerator<Check> {
  yield checkNode(process.versions.node);
  let env: Env;
  try {
    env = parseEnv(deps.environment);
  } catch (error) {
    yield { name: "environment", state: "fail", message: messageOf(error) };
    return; // nothing below can be asked without it
  }
  const set = [
    "PORT",
    "HOST",
    "INTERVENE_HOME",
    "DATABASE_URL",
    "INFERENCE_URL",
    "INFERENCE_SERVER",
    "INFERENCE_API_KEY",
    "TRAINER_PYTHON",
    "SERVE_HOOK",
    "MLFLOW_TRACKING_URI",
  ];
  const given = set.filter((name) => deps.environment[name]);
  yield { name: "environment", state: "ok", message: given.length > 0 ? `set: ${given.join(", ")}` : "all defaults" };
  yield await attempt("data folder", () => checkHome(env, deps.version));
  const running = readRuntime(env.home);
  yield {
    name: "running system",
    state: "ok",
    message: running
      ? `${running.webUrl}, since ${running.startedAt} (process ${running.pid})`
      : "none on this data folder",
  };
  for (const [name, find] of Object.entries(deps.programs)) {
    yield await attempt(name, async () => ({ state: "ok", message: await find() }));
  }
  yield* checkDatabase(deps, env, running);
  yield await attempt("inference", () => checkInference(env, running));
  yield await attempt("lab model", () => checkModel(deps.modelFolder));
  yield await attempt("Python trainer", async () => {
    const { python, message } = trainerPython(env);
    // Without it everything else works, so that it is no defect; a TRAINER_PYTHON that is not there is one.
    return { state: python === null && env.trainerPython !== undefined ? "warn" : "ok", message };
  });
  yield await attempt("port", () => checkPort(env, running));
}

type Finding = Omit<Check, "name">;

async function attempt(name: string, look: () => Promise<Finding>): Promise<Check> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    return { name, state: "fail", message: messageOf(error) };
  }
}

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = major > NODE[0] || (major === NODE[0] && minor >= NODE[1]);
  const message = fits ? version : `${version} is too old: install Node ${NODE.join(".")} or newer`;
  return { name: "Node", state: fits ? "ok" : "fail", message };
}

async function checkHome(env: Env, version: string): Promise<Finding> {
  const there = await stat(env.home).then(
    () => true,
    () => false,
  );
  let folder = env.home;
  if (there) prepareHome(env.home, version);
  else {
    // The nearest folder that is there must let us make it.
    while (!(await stat(folder).catch(() => null))) folder = path.dirname(folder);
    await access(folder, constants.W_OK);
  }
  const disk = await statfs(folder);
  const free = (disk.bavail * disk.bsize) / GIGABYTE;
  const where = there ? env.home : `${env.home} will be made by "npm start"`;
  if (free < 2) return { state: "warn", message: `${where}; only ${free.toFixed(1)} GB are free there` };
  return { state: "ok", message: `${where}; ${free.toFixed(0)} GB free` };
}

async function* checkDatabase(deps: DoctorDeps, env: Env, running: Runtime | undefined): AsyncGenerator<Check> {
  const url = env.databaseUrl ?? running?.databaseUrl;
  const which = env.databaseUrl ? "DATABASE_URL" : running ? "of the running system" : "embedded";
  if (!url && !(await stat(path.join(env.home, "postgres")).catch(() => null))) {
    yield { name: "database", state: "ok", message: 'none yet; "npm start" makes the embedded one' };
    return;
  }
  let db: Database | undefined;
  try {
    db = url ? deps.connect(url) : await deps.openEmbedded(env);
    const version = await serverVersion(db.pool);
    yield { name: "database", state: "ok", message: `PostgreSQL ${version} (${which}) answers` };
  } catch (error) {
    const todo = env.databaseUrl
      ? "check DATABASE_URL and that the server runs"
      : "see logs/database.log in the data folder";
    yield { name: "database", state: "fail", message: `${which}: ${messageOf(error)}; ${todo}` };
    await db?.close();
    return;
  }
  const { pool } = db;
  yield await attempt("migrations", async () => {
    const pending = await pendingMigrations(pool);
    if (pending.length === 0) return { state: "ok", message: "all applied" };
    return { state: "warn", message: `${pending.join(", ")} will be applied by the next start or command` };
  });
  yield await attempt("workers", async () => {
    if ((await pendingMigrations(pool)).length > 0) return { state: "ok", message: "not asked: migrations come first" };
    const workers = await liveWorkers(pool);
    const waiting = workers.find((w) => w.waitsFor !== "");
    if (waiting)
      return { state: "warn", message: `worker ${waiting.pid} on ${waiting.host} waits: ${waiting.waitsFor}` };
    if (workers.length > 0) return { state: "ok", message: `${workers.length} at work` };
    const none = 'none; "npm start" brings one, "intervene worker" adds more';
    return { state: running || env.databaseUrl ? "warn" : "ok", message: none };
  });
  await db.close();
}

async function checkInference(env: Env, running: Runtime | undefined): Promise<Finding> {
  const baseUrl = env.inferenceUrl ?? running?.inferenceUrl;
  if (!baseUrl) return { state: "ok", message: 'the embedded engine; "npm start" starts it' };
  const client = createInferenceClient({ baseUrl, server: env.inferenceServer, apiKey: env.inferenceApiKey });
  try {
    const signal = AbortSignal.timeout(5_000);
    const health = await client.health(signal);
    if (!health.ok) {
      const todo = env.inferenceUrl
        ? "start it, or correct INFERENCE_URL"
        : "it is started again by itself; see the logs";
      return { state: "fail", message: `${health.message}; ${todo}` };
    }
    const models = await client.models(signal);
    return { state: "ok", message: `${baseUrl} serves ${models.map((m) => m.id).join(", ") || "no model"}` };
  } finally {
    await client.close();
  }
}

async function checkModel(folder: string): Promise<Finding> {
  let bytes = 0;
  const missing: string[] = [];
  for (const file of MODEL_FILES) {
    const found = await stat(path.join(folder, file)).catch(() => null);
    if (found) bytes += found.size;
    else missing.push(file);
  }
  if (missing.length === 0) return { state: "ok", message: `${folder}, ${(bytes / 1e6).toFixed(1)} MB` };
  const todo = 'get them back with "git checkout workers/lab/model"';
  return { state: "fail", message: `${missing.join(", ")} missing in ${folder}: ${todo}` };
}

async function checkPort(env: Env, running: Runtime | undefined): Promise<Finding> {
  const at = `${env.host}:${env.port}`;
  if (running && new URL(running.webUrl).port === String(env.port))
    return { state: "ok", message: `${at} is the running system's` };
  const problem = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    const probe = createServer();
    probe.once("error", resolve);
    probe.listen({ port: env.port, host: env.host, exclusive: true }, () => probe.close(() => resolve(null)));
  });
  if (!problem) return { state: "ok", message: `${at} is free` };
  const why = problem.code === "EADDRINUSE" ? "is taken by another program" : `cannot be used (${problem.message})`;
  return { state: "fail", message: `${at} ${why}: set PORT or HOST` };
}
