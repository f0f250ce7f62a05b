import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

export interface WorkerProcess {
  child: ChildProcess;
  /** Everything it has said. */
  output: () => string;
  /** Resolves when it has said that it is ready. */
  ready: Promise<void>;
  /** Resolves with the exit status or signal. */
  ended: Promise<number | string>;
}

/** A worker in a process of its own, as `npm start` runs it. */
/** @param home the data folder, for a worker that takes imports, exports and trainings. */
export function spawnWorker(databaseUrl: string, inferenceUrl: string, home?: string): WorkerProcess {
  const child = spawn(process.execPath, ["--import", "tsx", "workers/worker/main.ts", ...(home ? ["--files"] : [])], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DATABASE_URL: databaseUrl, INFERENCE_URL: inferenceUrl, ...(home ? { INTERVENE_HOME: home } : {}) },
  });
  let output = "";
  const ended = new Promise<number | string>((resolve) =>
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown")),
  );
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("is ready")) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    void ended.then((how) => reject(new Error(`the worker ended (${how}) before it was ready:\n${output}`)));
  });
  ready.catch(() => {}); // whoever awaits it sees it
  return { child, output: () => output, ready, ended };
}
