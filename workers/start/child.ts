import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { killGroup } from "../database/processes";
import type { LogFile } from "./log-file";

/** A program of ours to run under node: a .ts file (through tsx) or a .js file. */
export interface ChildSpec {
  /** As people read it: engine, worker, web. */
  name: string;
  /** The program and its arguments. */
  program: string[];
  env: NodeJS.ProcessEnv;
  /** Which line of standard output says that it is ready; not set: it is ready once started. */
  isReady?: (line: string) => boolean;
  /** How long it may take to stop after SIGTERM, in ms. */
  stopWithin: number;
}

export interface RunningChild {
  pid: number;
  /** Resolves true when it is ready, false when it ended before. */
  ready: Promise<boolean>;
  /** Resolves when it has ended, with words for how: "exit status 1", "signal SIGKILL". */
  ended: Promise<string>;
  /** SIGTERM, then SIGKILL to all its process group. Resolves when it has ended. */
  stop(): Promise<void>;
}

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Start a child in a process group of its own (so that Ctrl-C reaches the supervisor alone, which stops all in order).
 * Standard output goes to the log; standard error too, and its lines are warnings.
 */
export function startChild(spec: ChildSpec, log: LogFile, warn: (line: string) => void): RunningChild {
  const loader = spec.program[0]?.endsWith(".ts") ? ["--import", "tsx"] : [];
  const guard = fileURLToPath(new URL("follow-parent.mjs", import.meta.url));
  const child = spawn(process.execPath, ["--import", guard, ...loader, ...spec.program], {
    cwd: ROOT,
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...spec.env, INTERVENE_PARENT: String(process.pid), INTERVENE_STOP_WITHIN: String(spec.stopWithin) },
  });
  log.write(`--- ${new Date().toISOString()} ${spec.name} starts (process ${child.pid ?? "none"})\n`);

  let sayReady: (ready: boolean) => void = () => {};
  const ready = new Promise<boolean>((resolve) => { sayReady = resolve; });
  if (!spec.isReady) sayReady(true);
  createInterface({ input: child.stdout }).on("line", (line) => {
    log.write(`${line}\n`);
    if (spec.isReady?.(line)) sayReady(true);
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    log.write(`${line}\n`);
    if (line.trim() !== "") warn(line);
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ? `signal ${signal}` : `exit status ${code}`));
  }).then((how) => {
    sayReady(false);
    if (child.pid !== undefined) killGroup(child.pid); // what it may have left in its group
    log.write(`--- ${new Date().toISOString()} ${spec.name} ended (${how})\n`);
    return how;
  });
  return { pid: child.pid ?? 0, ready, ended, stop: () => stop(child, ended, spec.stopWithin) };
}

async function stop(child: ChildProcess, ended: Promise<string>, within: number): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  const timer = setTimeout(() => child.pid !== undefined && killGroup(child.pid), within);
  await ended;
  clearTimeout(timer);
}
