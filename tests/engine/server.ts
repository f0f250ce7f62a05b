import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The engine as its own process, and how tests talk to it. */
export interface RunningEngine {
  url: string;
  folder: string;
  process: ChildProcess;
  post: (
    path: string,
    body: unknown,
    signal?: AbortSignal,
  ) => Promise<{ status: number; body: unknown; headers: Headers }>;
  /** Values of one metric, summed over its labels that contain `label`. */
  metric: (name: string, label?: string) => Promise<number>;
  stop: () => Promise<{ code: number | null; milliseconds: number }>;
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), "intervene-engine-test-"));
}

/** Start workers/engine/main.ts on a free port and wait for its ready line. */
export async function startEngine(modelFolder: string, folder: string, extra: string[] = []): Promise<RunningEngine> {
  const child = spawn(
    process.execPath,
    [
      ...["--import", "tsx", path.join(root, "workers/engine/main.ts"), "--port", "0"],
      ...["--model", `tiny=${modelFolder}`, "--cache", path.join(folder, "cache"), ...extra],
    ],
    { cwd: root, stdio: ["pipe", "pipe", "pipe"] },
  );
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ready = await new Promise<{ ready: boolean; port: number }>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const line = output.split("\n").find((candidate) => candidate.startsWith("{"));
      if (line !== undefined && output.includes("\n")) resolve(JSON.parse(line));
    });
    child.once("exit", (code) => reject(new Error(`the engine ended with ${code}: ${errors}`)));
  });
  const url = `http://127.0.0.1:${ready.port}`;
  return {
    url,
    folder,
    process: child,
    post: async (route, body, signal) => {
      const response = await fetch(url + route, {
        method: "POST",
        body: typeof body === "string" ? body : JSON.stringify(body),
        headers: { "content-type": "application/json" },
        ...(signal === undefined ? {} : { signal }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text.startsWith("{") ? JSON.parse(text) : text,
        headers: response.headers,
      };
    },
    metric: async (name, label = "") => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const rows = text.split("\n").filter((line) => line.startsWith(`${name}{`) && line.includes(label));
      if (rows.length === 0) throw new Error(`no metric ${name}`);
      return rows.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
    },
    stop: async () => {
      const start = performance.now();
      const code = await new Promise<number | null>((resolve) => {
        if (child.exitCode !== null) return resolve(child.exitCode);
        child.once("exit", resolve);
        child.kill("SIGTERM");
      });
      await rm(folder, { recursive: true, force: true });
      return { code, milliseconds: performance.now() - start };
    },
  };
}
