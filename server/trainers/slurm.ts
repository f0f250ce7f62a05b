import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { SlurmSettings } from "../core/training/launcher";
import { InterveneError } from "../errors";
import { type Job, type JobState, type Launcher, quote } from "./launcher";
import { logFileEnd } from "./log-end";

const handleSchema = z.object({ kind: z.literal("slurm"), jobId: z.string().regex(/^\d+$/), host: z.string().optional() });

/** A command of Slurm may take so long (ms); controllers under load do. */
const COMMAND_WITHIN = 30_000;

/** Refusals that are answers. Everything else that goes wrong must not be taken for a job's end. */
const NO_SUCH_JOB = /Invalid job id/i;
const ALREADY_OVER = /Invalid job id|already complet/i;
/** No slurmdbd, or it is away: the controller itself knows a job for some minutes. */
const NO_ACCOUNTING = /accounting storage is disabled|slurmdbd|persist_conn|sacct: error/i;

/** States (squeue %T, sacct State) in which a job waits or works; every other one is an end. */
const WAITING = ["PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD"];
const RUNNING = ["RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING"];

/** Jobs of a Slurm cluster, by its command line (slurm.schedmd.com: sbatch, squeue, sacct, scontrol, scancel). */
export function slurmLauncher(settings: SlurmSettings): Launcher {
  return {
    kind: "slurm",

    async start(job: Job) {
      // The name is the job's id: one that was submitted by a worker which then died is found by it.
      const queued = await slurm(settings.host, ["squeue", "-h", "-n", job.id, "-o", "%i|%T"]);
      const [known = "", word = ""] = queued.trim().split("\n")[0]?.split("|") ?? [];
      if (word === "COMPLETING")
        throw new InterveneError("unavailable", `Slurm's job ${known}, this training's last try, is still ending.`);
      if (/^\d+$/.test(known)) return handle(known, settings.host);
      const printed = await slurm(settings.host, ["sbatch", "--parsable"], script(job, settings));
      // "jobid" or "jobid;cluster", after whatever a site's own wrapper prints.
      const jobId = /^(\d+)(;\S+)?$/m.exec(printed.trim().split("\n").at(-1) ?? "")?.[1];
      if (jobId === undefined) throw new InterveneError("backend", `sbatch did not name a job; it said: ${printed.trim()}`);
      return handle(jobId, settings.host);
    },

    async state(given: unknown): Promise<JobState> {
      const { jobId, host } = handleSchema.parse(given);
      const queued = (await slurm(host, ["squeue", "-h", "-j", jobId, "-o", "%T|%r"], undefined, NO_SUCH_JOB)).trim();
      const [word = "", reason = ""] = queued.split("\n")[0]?.split("|") ?? [];
      if (WAITING.includes(word)) return { state: "waiting", status: null, note: `${word}, ${reason}` };
      if (RUNNING.includes(word)) return { state: "running", status: null, note: `job ${jobId}` };
      return ended(jobId, host);
    },

    async stop(given: unknown, graceMs: number): Promise<void> {
      const { jobId, host } = handleSchema.parse(given);
      // A job that has not begun is just taken away; one at work gets SIGTERM first.
      await slurm(host, ["scancel", "--state=PENDING", jobId], undefined, ALREADY_OVER);
      await slurm(host, ["scancel", "--batch", "--signal=TERM", jobId], undefined, ALREADY_OVER);
      for (const end = Date.now() + graceMs; Date.now() < end; await sleep(1_000)) {
        if ((await this.state(given)).state === "ended") return;
      }
      await slurm(host, ["scancel", jobId], undefined, ALREADY_OVER);
    },

    logEnd: (_, job) => logFileEnd(job.log),
  };
}

/** The job's script. `exec`: the trainer is the batch process itself, so that signals to the batch reach it. */
function script(job: Job, s: SlurmSettings): string {
  const option = (name: string, value: string | undefined) => (value === undefined ? [] : [`#SBATCH --${name}=${value}`]);
  return [
    "#!/bin/bash",
    `#SBATCH --job-name=${job.id}`,
    // "%" would be replaced by Slurm; quotes hold blanks together.
    `#SBATCH --output="${job.log.replace(/%/g, "%%")}"`,
    "#SBATCH --open-mode=append",
    // Before its time is up it leaves a checkpoint, from which the next try goes on.
    "#SBATCH --signal=B:TERM@120",
    ...option("partition", s.partition),
    ...option("account", s.account),
    ...option("gres", s.gres),
    ...option("time", s.time),
    `cd ${quote(job.cwd)}`,
    `exec ${job.command.map(quote).join(" ")}`,
    "",
  ].join("\n");
}

/** What became of a job that has left the queue: from accounting, or from the controller's memory where there is none. */
async function ended(jobId: string, host: string | undefined): Promise<JobState> {
  const account = await slurm(host, ["sacct", "-j", jobId, "-X", "-n", "-P", "-o", "State,ExitCode"], undefined, NO_ACCOUNTING);
  let [word = "", exit = ""] = account.trim().split("\n")[0]?.split("|") ?? [];
  if (word === "") {
    const shown = await slurm(host, ["scontrol", "show", "job", jobId, "-o"], undefined, NO_SUCH_JOB);
    word = /\bJobState=(\S+)/.exec(shown)?.[1] ?? "";
    exit = /\bExitCode=(\S+)/.exec(shown)?.[1] ?? "";
  }
  // Between queue and accounting there may be a moment in which neither knows the job.
  if (WAITING.includes(word)) return { state: "waiting", status: null, note: word };
  if (RUNNING.includes(word)) return { state: "running", status: null, note: `job ${jobId}` };
  const status = /^(\d+):/.exec(exit)?.[1];
  return { state: "ended", status: status === undefined ? null : Number(status), note: word };
}

const handle = (jobId: string, host: string | undefined) => ({ kind: "slurm" as const, jobId, ...(host === undefined ? {} : { host }) });

/**
 * Run one command, here or through ssh. @param answer a refusal in these words is an answer: "".
 * @throws InterveneError("unavailable") when it cannot be reached, "backend" when it refuses.
 */
async function slurm(host: string | undefined, command: readonly string[], input?: string, answer?: RegExp): Promise<string> {
  const [program = "", ...args] =
    host === undefined ? command : ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", host, "--", command.map(quote).join(" ")];
  const name = command[0] ?? "";
  const where = host === undefined ? "on this machine" : `on ${host}`;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], timeout: COMMAND_WITHIN });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.once("error", (cause) =>
      reject(
        new InterveneError("backend", `${program} cannot be run ${host === undefined ? where : ""}: ${cause.message}. Is Slurm's command line installed here?`, { cause }),
      ),
    );
    child.once("close", (status, signal) => {
      if (status === 0) return resolve(out);
      const said = err.trim() || out.trim() || "nothing";
      if (answer?.test(err)) return resolve("");
      // ssh's own failures have status 255; a controller that is restarting does not answer.
      if (signal !== null || (host !== undefined && status === 255) || /Unable to contact|Connection refused|timed out|Zero Bytes|try again/i.test(err))
        return reject(new InterveneError("unavailable", `${name} ${where} does not answer: ${said}`));
      reject(new InterveneError("backend", `${name} ${where} refused (status ${status}): ${said}`));
    });
    child.stdin.on("error", () => {
      // It ended before it read its input; its status says why.
    });
    child.stdin.end(input ?? "");
  });
}
