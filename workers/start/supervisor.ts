import path from "node:path";
import type { Env } from "@/server/env";
import { InterveneError, messageOf } from "@/server/errors";
import { homePaths, prepareHome, removeRuntime, writeRuntime } from "@/server/home";
import { migrate } from "@/server/store/migrate";
import { createDeps } from "@/server/usecases/deps";
import { releaseLock, takeLock } from "../database/lock";
import { freePort, isFree } from "../database/ports";
import { version } from "../version";
import { buildWeb, isBuilt } from "./build-web";
import { type ChildSpec, startChild } from "./child";
import { standardChildren } from "./children";
import { keepDatabase } from "./database";
import { type Kept, keep } from "./keep";
import { openLogFile } from "./log-file";
import { seedLabStudy } from "./seed";
import { stopSignal } from "./signals";
import { createTerminal, seconds, type Terminal } from "./terminal";
import { pageAnswers, webUrl } from "./web-url";

export interface SystemOptions {
  env: Env;
  demo: boolean;
  web: boolean;
  /** What runs beside the database; the default is the real system. Tests put small programs in its place. */
  children?: typeof standardChildren;
  /** Makes sure that the pages are built; the default runs next build if need be. */
  prepareWeb?: typeof prepareWeb;
}

/**
 * Bring up database, migrations, engine, worker and web; keep them running; on SIGINT or SIGTERM stop them in the
 * other order, and leave nothing behind.
 * @returns exit status 0 after a stop that was asked for.
 * @throws InterveneError("cannot_start") with one line for a person; everything started so far has been stopped.
 */
export async function superviseSystem(options: SystemOptions): Promise<number> {
  const { env, demo, web } = options;
  const began = Date.now();
  const terminal = createTerminal();
  const paths = homePaths(env.home);
  prepareHome(env.home, version());

  const webPort = env.port === 0 ? await freePort() : env.port;
  const url = webUrl(env.host, webPort);
  const holder = takeLock(paths.lock, url);
  if (holder) {
    throw new InterveneError("cannot_start", `Intervene already runs on the data folder ${env.home}: process ${holder.pid}, ${holder.note}.`);
  }
  const stopping = stopSignal();
  /** What to stop, in the order of the start. */
  const started: { name: string; stop(): Promise<void> }[] = [];
  const kept = new Map<string, Kept>();
  let built: Promise<void> = Promise.resolve();
  try {
    if (web) await requireFree(webPort, env.host);
    terminal.say(`Intervene ${version()}, data in ${path.relative(process.cwd(), env.home) || env.home}`);

    // The build is the longest part of a first start; the rest goes on meanwhile.
    if (web) built = (options.prepareWeb ?? prepareWeb)(paths.logs, terminal, stopping);
    built.catch(() => {}); // awaited below

    const enginePort = await freePort();
    const inferenceUrl = env.inferenceUrl ?? `http://127.0.0.1:${enginePort}`;
    let databaseUrl = env.databaseUrl ?? "";
    /** Tell others where everything is, after each change. */
    const publish = () => {
      if (stopping.aborted) return;
      const pids = [...kept].flatMap(([name, one]) => (one.pid === undefined ? [] : [[name, one.pid] as const]));
      writeRuntime(env.home, { version: version(), pid: process.pid, startedAt: new Date(began).toISOString(), webUrl: web ? url : "", databaseUrl, inferenceUrl, pids: Object.fromEntries(pids) });
    };

    if (env.databaseUrl === undefined) {
      const database = await keepDatabase(paths, (text) => terminal.warn("database", text), publish);
      started.push({ name: "database", stop: () => database.kept.stop() });
      kept.set("database", database.kept);
      databaseUrl = database.url;
    }
    stopping.throwIfAborted();
    const applied = await migrate(databaseUrl);
    terminal.step("database", `ready (${seconds(began)}${applied.length ? `, ${applied.length} migration${applied.length > 1 ? "s" : ""} applied` : ""})`);

    const children = (options.children ?? standardChildren)(env, { home: env.home, cache: paths.cache, host: env.host, webPort, enginePort, databaseUrl, inferenceUrl }, { web });
    const run = (spec: ChildSpec) => {
      const child = keepChild(spec, paths.logs, terminal, publish);
      started.push({ name: spec.name, stop: child.kept.stop });
      kept.set(spec.name, child.kept);
      publish();
      return child;
    };

    stopping.throwIfAborted();
    if (children.engine) {
      const since = Date.now();
      run(children.engine).ready.then((ok) => ok && terminal.step("engine", `ready (${seconds(since)})`));
    } else {
      terminal.step("engine", `none here; inference by ${env.inferenceUrl}`);
    }
    run(children.worker);
    if (demo) await seed(env, databaseUrl, terminal);
    stopping.throwIfAborted();

    await built;
    stopping.throwIfAborted();
    if (children.web) {
      run(children.web);
      await pageAnswers(url, stopping);
      terminal.say(`Intervene is ready: ${url} (${seconds(began)})`);
    } else {
      terminal.say(`Intervene is ready, without pages (${seconds(began)})`);
    }
    await new Promise((resolve) => stopping.addEventListener("abort", resolve, { once: true }));
  } catch (error) {
    if (!stopping.aborted) throw error;
  } finally {
    if (started.length > 0) terminal.say("Stopping …");
    stopping.stopNow();
    for (const one of started.reverse()) {
      await one.stop().catch((error: unknown) => terminal.warn(one.name, `did not stop: ${messageOf(error)}`));
    }
    await built.catch(() => {}); // has been told already, or was broken off by the stop
    removeRuntime(env.home);
    releaseLock(paths.lock);
  }
  terminal.say("Stopped.");
  return 0;
}

/** @throws InterveneError("cannot_start") when the web app could not listen there. */
async function requireFree(port: number, host: string): Promise<void> {
  const free = await isFree(port, host).catch((cause: unknown) => {
    throw new InterveneError("cannot_start", `HOST=${JSON.stringify(host)} is not an address of this machine: ${messageOf(cause)}`, { cause });
  });
  if (!free) {
    throw new InterveneError("cannot_start", `Port ${port} of ${host} is taken by another program (or not ours to use): end that, or choose another port, as in PORT=${port < 1024 ? 3000 : port + 1} npm start.`);
  }
}

async function prepareWeb(logs: string, terminal: Terminal, stopping: AbortSignal): Promise<void> {
  if (isBuilt()) return;
  const since = Date.now();
  terminal.step("web", "is being built; this takes a minute, once");
  const log = openLogFile(path.join(logs, "build.log"));
  try {
    await buildWeb(log, stopping);
    if (!stopping.aborted) terminal.step("web", `built (${seconds(since)})`);
  } finally {
    log.close();
  }
}

/** Start a child and keep it running. */
function keepChild(spec: ChildSpec, logs: string, terminal: Terminal, changed: () => void) {
  const log = openLogFile(path.join(logs, `${spec.name}.log`));
  const warn = throttle((text) => terminal.warn(spec.name, text), log.path);
  const first = startChild(spec, log, warn);
  const kept = keep(first, { start: async () => startChild(spec, log, warn), tell: (text) => terminal.warn(spec.name, text), changed });
  return { kept, ready: first.ready };
}

async function seed(env: Env, databaseUrl: string, terminal: Terminal): Promise<void> {
  const deps = createDeps({ databaseUrl, max: 2, name: "intervene start" });
  try {
    const said = await seedLabStudy(deps, env);
    if (said) terminal.step("lab", said);
  } catch (error) {
    terminal.warn("lab", `the study could not be created: ${messageOf(error)}`);
  } finally {
    await deps.close();
  }
}

/** At most 5 lines in 10 s reach the terminal; all are in the log. */
function throttle(show: (text: string) => void, logPath: string): (text: string) => void {
  let since = 0;
  let shown = 0;
  return (text) => {
    if (Date.now() - since > 10_000) {
      since = Date.now();
      shown = 0;
    }
    shown++;
    if (shown <= 5) show(text);
    else if (shown === 6) show(`(more in ${logPath})`);
  };
}
