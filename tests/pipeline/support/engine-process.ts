import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

export interface EngineProcess {
  url: string;
  port: number;
  child: ChildProcess;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** The embedded engine with the shipped lab model, in a process of its own. */
export async function spawnEngine(port = 0, extra: readonly string[] = []): Promise<EngineProcess> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "workers/engine/main.ts", "--model", "lab=workers/lab/model", "--port", String(port), ...extra],
    {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let output = "";
  const taken = await new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      const ready = /"ready":true,"port":(\d+)/.exec(output);
      if (ready) resolve(Number(ready[1]));
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    void ended.then(() => reject(new Error(`the engine ended before it was ready:\n${output}`)));
  });
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    child,
    async kill(signal) {
      child.kill(signal);
      await ended;
    },
  };
}
