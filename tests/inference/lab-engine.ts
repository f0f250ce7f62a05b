import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";

const root = path.resolve(import.meta.dirname, "../..");
/** The shipped lab model's folder. */
export const LAB_FOLDER = path.join(root, "workers/lab/model");

/** The real embedded engine with the lab model, as a process of its own. */
export async function startLabEngine(...args: string[]) {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "workers/engine/main.ts", "--model", `lab=${LAB_FOLDER}`, "--port", "0", "--exit-with-stdin", ...args],
    { cwd: root, stdio: ["pipe", "pipe", "pipe"] },
  );
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += String(chunk);
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.includes('"ready":true')) resolve((JSON.parse(line) as { port: number }).port);
    });
    child.once("exit", (code) => reject(new Error(`the engine ended with ${code}: ${errors}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
