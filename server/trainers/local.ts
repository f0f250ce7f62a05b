import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { InterveneError } from "../errors";
import type { Job, JobState, Launcher } from "./launcher";
import { logFileEnd } from "./log-end";

const handleSchema = z.object({
  kind: z.literal("local"),
  /** Process number; also its group's. */
  pid: z.number().int().positive(),
  /** When the process began, as the system says, so that another one with its number is not taken for it; "" where it does not. */
  began: z.string(),
});
type Handle = z.infer<typeof handleSchema>;

/** Exit statuses of jobs that this very process has started. */
const ended = new Map<number, number | null>();

/** A process group on this machine. It outlives the worker that started it; another one finds it by its file. */
export const localLauncher: Launcher = {
  kind: "local",

  async start(job: Job): Promise<Handle> {
    const file = path.join(job.folder, "process.json");
    const known = handleSchema.safeParse(await readJson(file));
    if (known.success && (await alive(known.data))) return known.data;
    const [program = "", ...args] = job.command;
    const log = openSync(job.log, "a");
    try {
      const child = spawn(program, args, {
        cwd: job.cwd,
        // A group of its own: workers of the trainer end with it, and it does not end with the worker.
        detached: true,
        stdio: ["ignore", log, log],
      });
      await new Promise<void>((resolve, reject) => {
        child.once("spawn", resolve);
        child.once("error", (cause) =>
          reject(new InterveneError("backend", `The trainer ${program} cannot be started: ${cause.message}.`, { cause })),
        );
      });
      const pid = child.pid ?? 0;
      child.once("exit", (status) => ended.set(pid, status));
      child.unref();
      const handle: Handle = { kind: "local", pid, began: (await beginOf(pid)) ?? "" };
      writeFileSync(`${file}.part`, JSON.stringify(handle));
      renameSync(`${file}.part`, file);
      return handle;
    } finally {
      closeSync(log);
    }
  },

  async state(handle: unknown): Promise<JobState> {
    const parsed = handleSchema.parse(handle);
    if (await alive(parsed)) return { state: "running", status: null, note: `process ${parsed.pid}` };
    return { state: "ended", status: ended.get(parsed.pid) ?? null, note: "" };
  },

  async stop(handle: unknown, graceMs: number): Promise<void> {
    const parsed = handleSchema.parse(handle);
    if (!(await alive(parsed))) return;
    signal(parsed.pid, "SIGTERM");
    for (const end = Date.now() + graceMs; Date.now() < end; await sleep(50)) {
      if (!(await alive(parsed))) break;
    }
    // Its group may hold more than its first process.
    signal(parsed.pid, "SIGKILL");
  },

  logEnd: (_, job) => logFileEnd(job.log),
};

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function alive({ pid, began }: Handle): Promise<boolean> {
  if (ended.has(pid)) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const now = await beginOf(pid);
  return now === null ? process.platform !== "linux" : began === "" || now === began;
}

/** The time a process began, from /proc; null where there is none (another system), or it is gone or a zombie. */
async function beginOf(pid: number): Promise<string | null> {
  try {
    // Fields after the name, which may hold blanks: state is the first, the start time the twentieth (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\) /s, "").split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}
