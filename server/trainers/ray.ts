import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { z } from "zod";
import type { RaySettings } from "../core/training/launcher";
import { InterveneError, messageOf } from "../errors";
import { type Job, type JobState, type Launcher, quote } from "./launcher";
import { lastLines } from "./log-end";

const handleSchema = z.object({ kind: z.literal("ray"), address: z.string(), submissionId: z.string() });
const jobSchema = z.object({
  submission_id: z.string().nullish(),
  status: z.enum(["PENDING", "RUNNING", "STOPPED", "SUCCEEDED", "FAILED"]),
  message: z.string().nullish(),
  driver_exit_code: z.number().nullish(),
});
type RayJob = z.infer<typeof jobSchema>;

/** An answer may take so long (ms). */
const ANSWER_WITHIN = 30_000;
/** A trainer that is stopped may take so long to leave a checkpoint (s). */
const STOP_WITHIN = 60;

/**
 * Jobs of a Ray cluster by the REST interface of its head node (ray/dashboard/modules/job/job_head.py, Ray 2.60). Submission ids
 * are ours, so that a POST whose answer was lost is found again; a retried training is a new submission, since Ray never
 * runs an id twice.
 */
export function rayLauncher(settings: RaySettings): Launcher {
  return {
    kind: "ray",

    async start(job: Job) {
      const address = settings.address.replace(/\/+$/, "");
      const mine = new RegExp(`^${job.id}-(\\d+)$`);
      const known = z
        .array(jobSchema)
        .parse(await ray(address, "GET", "/api/jobs/"))
        .flatMap((j) => {
          const n = mine.exec(j.submission_id ?? "")?.[1];
          return n === undefined ? [] : [{ n: Number(n), job: j }];
        })
        .sort((a, b) => b.n - a.n);
      const [newest] = known;
      if (newest !== undefined && !isOver(newest.job)) return handle(address, `${job.id}-${newest.n}`);
      const submissionId = `${job.id}-${(newest?.n ?? 0) + 1}`;
      const submission = {
        // What it prints stands in Ray's own log; the events lie in the shared folder.
        entrypoint: `cd ${quote(job.cwd)} && exec ${job.command.map(quote).join(" ")}`,
        submission_id: submissionId,
        metadata: { training: job.id },
        // Its own 3 s between SIGTERM and SIGKILL are too few for a large checkpoint (ray/dashboard/modules/job/job_supervisor.py).
        runtime_env: { env_vars: { RAY_JOB_STOP_WAIT_TIME_S: String(STOP_WITHIN) } },
        ...(settings.cpus === undefined ? {} : { entrypoint_num_cpus: settings.cpus }),
        ...(settings.gpus === undefined ? {} : { entrypoint_num_gpus: settings.gpus }),
      };
      try {
        await ray(address, "POST", "/api/jobs/", submission);
      } catch (error) {
        // An earlier POST whose answer was lost has come through after the list was read.
        if (!messageOf(error).includes("already exists") || (await find(address, submissionId)) === null) throw error;
      }
      return handle(address, submissionId);
    },

    async state(given: unknown): Promise<JobState> {
      const { address, submissionId } = handleSchema.parse(given);
      const job = await find(address, submissionId);
      if (job === null) return { state: "ended", status: null, note: "Ray no longer knows the job." };
      if (job.status === "PENDING") return { state: "waiting", status: null, note: job.message ?? job.status };
      if (job.status === "RUNNING") return { state: "running", status: null, note: `job ${submissionId}` };
      return { state: "ended", status: job.driver_exit_code ?? null, note: firstLine(job.message) ?? job.status };
    },

    async stop(given: unknown, graceMs: number): Promise<void> {
      const { address, submissionId } = handleSchema.parse(given);
      const job = await find(address, submissionId);
      if (job === null || isOver(job)) return;
      // Ray sends SIGTERM to all of the job's processes, and SIGKILL after STOP_WITHIN.
      await ray(address, "POST", `/api/jobs/${submissionId}/stop`);
      for (const end = Date.now() + graceMs; Date.now() < end; await sleep(200)) {
        const now = await find(address, submissionId);
        if (now === null || isOver(now)) return;
      }
    },

    async logEnd(given: unknown): Promise<string> {
      const { address, submissionId } = handleSchema.parse(given);
      const answer = await ray(address, "GET", `/api/jobs/${submissionId}/logs`).catch(() => null);
      const logs = z.object({ logs: z.string() }).safeParse(answer);
      return logs.success ? lastLines(logs.data.logs) : "";
    },
  };
}

/** The message of a failed job goes on with its whole log. */
const firstLine = (text: string | null | undefined) => text?.split("\n")[0];
const isOver = (job: RayJob) => job.status === "STOPPED" || job.status === "SUCCEEDED" || job.status === "FAILED";
const handle = (address: string, submissionId: string) => ({ kind: "ray" as const, address, submissionId });

async function find(address: string, submissionId: string): Promise<RayJob | null> {
  const answer = await ray(address, "GET", `/api/jobs/${submissionId}`);
  return answer === null ? null : jobSchema.parse(answer);
}

/** One request. @returns null for 404. Errors come as plain-text tracebacks: their last line is the sentence. */
async function ray(address: string, method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> {
  const token = process.env.RAY_AUTH_TOKEN;
  let status: number;
  let text: string;
  try {
    // Not fetch: its Sec-Fetch headers make Ray refuse a POST as "browser traffic" (ray/dashboard/optional_utils.py).
    const answer = await request(address + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    status = answer.statusCode;
    text = await answer.body.text();
  } catch (cause) {
    throw new InterveneError("unavailable", `The Ray head node at ${address} does not answer: ${messageOf(cause)}.`, { cause });
  }
  if (status < 300) return JSON.parse(text);
  if (status === 404 && method === "GET") return null;
  const said = text.split("\n").findLast((line) => /\w/.test(line))?.trim() ?? "";
  // "No agent … please try again later": the cluster is starting.
  const later = status >= 502 || /try again later/i.test(text);
  throw new InterveneError(later ? "unavailable" : "backend", `The Ray head node at ${address} answered ${status}: ${said}`);
}
