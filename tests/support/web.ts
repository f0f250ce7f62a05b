import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { freePort } from "@/workers/database/ports";
import { buildWeb, NEXT } from "@/workers/start/build-web";
import { openLogFile } from "@/workers/start/log-file";
import { pageAnswers } from "@/workers/start/web-url";

export interface WebServer {
  url: string;
  pid: number;
  /** What it has written so far. */
  output(): string;
  stop(): Promise<void>;
}

const ROOT = path.resolve(import.meta.dirname, "../..");
/** A build and a start on a machine that is busy with other things. */
const LIMIT = 240_000;

/**
 * The pages as they are in production (built if need be), on a port of their own, over a database that is there already.
 * No worker and no engine: what is on the pages is what the database holds.
 *
 * @param o.home data folder (INTERVENE_HOME), made if missing.
 */
export async function startWeb(o: { databaseUrl: string; home: string }): Promise<WebServer> {
  mkdirSync(o.home, { recursive: true });
  const limit = AbortSignal.timeout(LIMIT);
  const log = openLogFile(path.join(o.home, "build.log"));
  await buildWeb(log, limit).finally(() => log.close());
  limit.throwIfAborted();
  const port = await freePort();
  const child: ChildProcess = spawn(
    process.execPath,
    [NEXT, "start", "--hostname", "127.0.0.1", "--port", String(port)],
    {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        NODE_ENV: "production",
        NEXT_TELEMETRY_DISABLED: "1",
        DATABASE_URL: o.databaseUrl,
        INTERVENE_HOME: o.home,
        INFERENCE_URL: "",
        HOST: "127.0.0.1",
        PORT: String(port),
      },
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (d: Buffer) => {
      output += d.toString();
    });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([
    pageAnswers(url, limit),
    ended.then(() => {
      throw new Error(`the web server ended:\n${output.slice(-3000)}`);
    }),
  ]);
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(patience);
    },
  };
}
