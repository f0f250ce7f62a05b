import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A worker that shares a data folder with the pages, as the one of `npm start`; nothing serves a model for it. */
export async function startFilesWorker(o: { databaseUrl: string; home: string; env?: Record<string, string> }): Promise<{
  child: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}> {
  const child = spawn(process.execPath, ["--import", "tsx", "workers/worker/main.ts", "--files"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DATABASE_URL: o.databaseUrl, INTERVENE_HOME: o.home, INFERENCE_URL: "http://127.0.0.1:9", ...o.env },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("is ready")) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    void ended.then(() => reject(new Error(`the worker ended before it was ready:\n${output}`)));
  });
  return {
    child,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      await ended;
    },
  };
}
