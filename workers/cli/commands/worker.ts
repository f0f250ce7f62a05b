import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { parseEnv } from "@/server/env";
import { InterveneError } from "@/server/errors";
import { readRuntime } from "@/server/home";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

export function addWorker(program: Command, done: (status: 0 | 1 | 2) => void): void {
  program
    .command("worker")
    .description("one more worker, for the running system or for DATABASE_URL; any number, on any machine")
    .action(async () => {
      const env = parseEnv();
      const running = readRuntime(env.home);
      const databaseUrl = env.databaseUrl ?? running?.databaseUrl;
      if (!databaseUrl) throw missing("DATABASE_URL is not set and nothing runs on this data folder");
      const inferenceUrl = env.inferenceUrl ?? running?.inferenceUrl;
      if (!inferenceUrl) throw missing("INFERENCE_URL is not set and nothing runs on this data folder");
      const child = spawn(process.execPath, ["--import", "tsx", "workers/worker/main.ts"], {
        cwd: ROOT,
        stdio: "inherit",
        env: { ...process.env, DATABASE_URL: databaseUrl, INFERENCE_URL: inferenceUrl },
      });
      // Ctrl-C reaches the child by itself; a SIGTERM to us alone does not.
      const pass = () => child.kill("SIGTERM");
      const stay = () => {};
      process.on("SIGTERM", pass);
      process.on("SIGINT", stay);
      const code = await new Promise<number>((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", (status) => resolve(status ?? 1));
      });
      process.off("SIGTERM", pass);
      process.off("SIGINT", stay);
      done(code === 0 ? 0 : code === 2 ? 2 : 1);
    });
}

const missing = (what: string) =>
  new InterveneError(
    "cannot_start",
    `A worker needs a database and an inference server; ${what}: "npm start" first, or set it.`,
  );
