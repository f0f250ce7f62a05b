import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { InterveneError } from "@/server/errors";
import { chooseAccount } from "./account";
import { findBinaries } from "./binaries";
import { cleanEnv, clusterPaths, ensureCluster } from "./cluster";
import { clearLeftover } from "./leftover";
import { freePort, isFree } from "./ports";
import { killGroup } from "./processes";

/** A running embedded server. */
export interface DatabaseServer {
  /** Connection string of database "intervene", with the password. */
  url: string;
  port: number;
  pid: number;
  /** Resolves when the server's process has ended, for whatever reason. */
  exited: Promise<void>;
  /** Fast shutdown; after `deadline` ms (default 20 s) by force. Resolves when the process has ended. */
  stop(deadline?: number): Promise<void>;
}

export interface DatabaseOptions {
  /** INTERVENE_HOME/postgres; made if missing. */
  folder: string;
  /** Where the server's own messages go (appended). */
  logFile: string;
  /** Insist on this port (a restart in mid-run, when others hold the URL). Default: the last one if free, else a free one. */
  port?: number;
  /** More settings, e.g. {fsync: "off"} for tests. */
  settings?: Record<string, string>;
}

/** Settings of the server; all else is PostgreSQL's default. Sizes suit a laptop. */
const SETTINGS: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "256MB",
  effective_cache_size: "2GB",
  work_mem: "16MB",
  maintenance_work_mem: "128MB",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  random_page_cost: "1.1",
  // Our queries are short; compiling them costs more than it gains.
  jit: "off",
  // Did not help on two cores, and needs shared memory that containers keep small (64 MB).
  max_parallel_workers_per_gather: "0",
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] ",
  // Whoever holds a transaction open and does nothing (a stopped process) must not block the others for ever.
  idle_in_transaction_session_timeout: "120s",
};

/**
 * Start the embedded PostgreSQL on a folder; make its data first if there is none. Listens on 127.0.0.1 only. As root
 * it runs under another account (account.ts). When this process dies, even by kill -9, the server shuts down by itself.
 * @throws InterveneError("cannot_start") with what to do about it.
 */
export async function startDatabaseServer(options: DatabaseOptions): Promise<DatabaseServer> {
  const folder = path.resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  mkdirSync(path.dirname(options.logFile), { recursive: true });
  const paths = clusterPaths(folder);
  const binaries = findBinaries();
  const account = chooseAccount(paths.data, binaries.postgres);
  const password = ensureCluster(folder, binaries, account);
  await clearLeftover(paths.data);

  // After a kill -9 the old server's children may need a moment to end; until then a new one refuses to start.
  for (const giveUp = Date.now() + 15_000; ; await new Promise((r) => setTimeout(r, 300))) {
    const port = options.port ?? (await choosePort(paths.port));
    const url = (database: string) => `postgresql://intervene:${password}@127.0.0.1:${port}/${database}`;
    const settings = { ...SETTINGS, ...options.settings, port: String(port) };
    const args = ["-D", paths.data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
    const [program = "", ...rest] = [...account.prefix, binaries.postgres, ...args];
    const log = openSync(options.logFile, "a", 0o600);
    const logStart = fstatSync(log).size;
    // A process group of its own: a Ctrl-C in the terminal must not reach it before those who use it have stopped.
    const child = spawn(program, rest, { ...account.spawnAs, cwd: "/", detached: true, stdio: ["ignore", log, log], env: cleanEnv() });
    closeSync(log);
    const exited = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    if (await becomesReady(url("postgres"), child)) {
      await ensureDatabase(url("postgres"), "intervene");
      if (options.port === undefined) writeFileSync(paths.port, `${port}\n`);
      const guard = guardAgainstOrphan(child);
      return { url: url("intervene"), port, pid: child.pid ?? 0, exited, stop: (deadline = 20_000) => stop(child, exited, guard, deadline) };
    }
    await exited;
    if (Date.now() > giveUp) {
      throw new InterveneError("cannot_start", `The database did not start: ${lastWords(options.logFile, logStart)} (all of it in ${options.logFile})`);
    }
  }
}

async function choosePort(file: string): Promise<number> {
  const last = existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : 0;
  return last > 0 && last < 65536 && (await isFree(last)) ? last : freePort();
}

/** Wait until the server takes connections (recovery after a crash can take minutes). False when it ended instead. */
async function becomesReady(url: string, child: ChildProcess): Promise<boolean> {
  let ended = false;
  child.once("exit", () => { ended = true; });
  child.once("error", () => { ended = true; });
  while (!ended) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on("error", () => {}); // ends with the connection; the next round tells
    try {
      await client.connect();
      return true;
    } catch (error) {
      const code = (error as { code?: string }).code;
      // 57P03: starting up or recovering. Any other answer of a server is not going to change by waiting.
      if (code !== undefined && /^\w{5}$/.test(code) && code !== "57P03" && !code.startsWith("E")) {
        child.kill("SIGINT");
        throw new InterveneError("cannot_start", `The embedded database does not let us in: ${(error as Error).message}`, { cause: error });
      }
      await new Promise((r) => setTimeout(r, 25));
    } finally {
      await client.end().catch(() => {});
    }
  }
  return false;
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/**
 * A shell that waits on a pipe from us. If we die, the pipe closes, and it shuts the server down; PostgreSQL itself
 * would not notice.
 */
function guardAgainstOrphan(server: ChildProcess): ChildProcess | undefined {
  if (process.platform === "win32") return undefined;
  const guard = spawn("/bin/sh", ["-c", 'cat >/dev/null; kill -INT "$1"', "intervene-database-guard", String(server.pid)], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  guard.on("error", () => {}); // no shell here: the next start finds the leftover server and stops it
  guard.stdin?.on("error", () => {});
  guard.unref();
  server.once("exit", () => endGuard(guard));
  return guard;
}

function endGuard(guard: ChildProcess): void {
  // Its group: the shell and the cat it waits for.
  if (guard.pid !== undefined && guard.exitCode === null && guard.signalCode === null) killGroup(guard.pid);
}

async function stop(child: ChildProcess, exited: Promise<void>, guard: ChildProcess | undefined, deadline: number): Promise<void> {
  if (guard) endGuard(guard);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGINT");
  const timers = [
    // Immediate shutdown: no checkpoint; the next start recovers from the log.
    setTimeout(() => child.kill("SIGQUIT"), deadline),
    setTimeout(() => child.kill("SIGKILL"), deadline + 5_000),
  ];
  await exited;
  for (const timer of timers) clearTimeout(timer);
}

/** The last FATAL line (else the last line) that the server wrote since position `from`. */
function lastWords(file: string, from: number): string {
  const log = openSync(file, "r");
  const buffer = Buffer.alloc(Math.max(0, Math.min(16_384, fstatSync(log).size - from)));
  readSync(log, buffer, 0, buffer.length, from);
  closeSync(log);
  const lines = buffer.toString("utf8").trim().split("\n");
  const line = lines.findLast((l) => /FATAL|PANIC/.test(l)) ?? lines.at(-1) ?? "";
  return line.replace(/^.*?\b(FATAL|PANIC|LOG|HINT):\s*/, "") || "it ended without a word";
}
