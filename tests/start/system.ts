import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A new empty folder, removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "intervene-home-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Started {
  process: ChildProcess;
  pid: number;
  output(): string;
  errors(): string;
  /** Exit status, or the name of the signal. */
  ended: Promise<number | string>;
  /** Resolves with the output when it matches; throws when the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Start a program of the repository under tsx; it is killed after the test if it still runs. */
export function start(program: string, env: Record<string, string>, args: string[] = []): Started {
  const child = spawn(process.execPath, ["--import", "tsx", program, ...args], { env: { ...process.env, NODE_ENV: "test", ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => { out += chunk.toString(); });
  child.stderr.on("data", (chunk: Buffer) => { err += chunk.toString(); });
  let over = false;
  const ended = new Promise<number | string>((resolve) => child.once("close", (code, signal) => resolve(code ?? signal ?? "?"))).finally(() => { over = true; });
  onTestFinished(async () => {
    if (!over) child.kill("SIGTERM");
    await ended;
  });
  return {
    process: child,
    pid: child.pid ?? 0,
    output: () => out,
    errors: () => err,
    ended,
    async says(pattern) {
      for (;;) {
        const found = pattern.exec(out);
        if (found) return found;
        if (over) throw new Error(`It ended without saying ${pattern}:\n${out}\n${err}`);
        await new Promise((r) => setTimeout(r, 25));
      }
    },
  };
}

/** Wait until a condition holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, within = 15_000): Promise<void> {
  for (const giveUp = Date.now() + within; !(await holds()); await new Promise((r) => setTimeout(r, 50))) {
    if (Date.now() > giveUp) throw new Error(`Not within ${within} ms: ${what}`);
  }
}

/** Command lines of the processes that have `text` in their command line or environment (Linux). */
export function processesWith(text: string): string[] {
  if (!existsSync("/proc/self/environ")) return [];
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid).flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      return command !== "" && `${command}${readFileSync(`/proc/${pid}/environ`, "utf8")}`.includes(text) ? [`${pid} ${command}`] : [];
    } catch {
      return []; // ended meanwhile
    }
  });
}
