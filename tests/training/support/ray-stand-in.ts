import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const submission = z.object({ entrypoint: z.string(), submission_id: z.string(), metadata: z.record(z.string(), z.string()).optional() });

/**
 * A stand-in for the REST interface of a Ray head node (ray 2.60: paths, bodies, messages, and errors as plain-text
 * tracebacks are copied from a real one). Entrypoints really run, by a shell. `loseAnswers`: a POST is done, and its answer is
 * lost on the way. `starting`: the cluster has no agent yet.
 */
export async function rayStandIn() {
  const jobs = new Map<string, { status: string; message: string; exit: number | null; log: string; child: ChildProcess; entrypoint: string }>();
  const stopped = new Set<string>();
  const switches = { loseAnswers: false, starting: false, hideJobs: false };
  const traceback = (said: string) => `Traceback (most recent call last):\n  File "job_head.py", line 413, in submit_job\n    raise\n${said}\n.\n`;

  function run(entrypoint: string, id: string) {
    const child = spawn("/bin/sh", ["-c", entrypoint], { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const job = { status: "PENDING", message: "Job has not started yet.", exit: null as number | null, log: `Running entrypoint for job ${id}: ${entrypoint}\n`, child, entrypoint };
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        job.log += chunk.toString();
      });
    setTimeout(() => {
      if (job.status === "PENDING") Object.assign(job, { status: "RUNNING", message: "Job is currently running." });
    }, 150);
    child.once("close", (code) => {
      if (stopped.has(id)) Object.assign(job, { status: "STOPPED", message: "Job was intentionally stopped." });
      else if (code === 0) Object.assign(job, { status: "SUCCEEDED", message: "Job finished successfully.", exit: 0 });
      else Object.assign(job, { status: "FAILED", exit: code, message: `Job entrypoint command failed with exit code ${code}, last available logs (truncated to 20,000 chars):\n${job.log}` });
    });
    jobs.set(id, job);
  }

  function details(id: string) {
    const job = jobs.get(id);
    return job && { type: "SUBMISSION", job_id: null, submission_id: id, driver_info: null, status: job.status, entrypoint: job.entrypoint, message: job.message, driver_exit_code: job.exit };
  }

  async function answer(request: IncomingMessage): Promise<[status: number, body: unknown]> {
    const [, , , id = "", part] = (request.url ?? "").split("/");
    if (request.method === "POST" && request.headers["sec-fetch-mode"] !== undefined) return [405, "'POST' method not allowed for browser traffic."];
    if (request.method === "POST" && id === "") {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      if (switches.starting) return [500, traceback("RuntimeError: No available agent to submit job, please try again later.")];
      const parsed = submission.safeParse(JSON.parse(body));
      if (!parsed.success) return [400, traceback("TypeError: entrypoint must be a string, got <class 'int'>")];
      const { submission_id: name, entrypoint } = parsed.data;
      if (jobs.has(name)) return [500, traceback(`ValueError: Job with submission_id ${name} already exists. Please use a different submission_id.`)];
      run(entrypoint, name);
      return [200, { job_id: name, submission_id: name }];
    }
    if (id === "") return [200, switches.hideJobs ? [] : [...jobs.keys()].map(details)];
    const job = jobs.get(id);
    if (job === undefined) return [404, `Job ${id} does not exist`];
    if (part === "logs") return [200, { logs: job.log }];
    if (part === undefined) return [200, details(id)];
    const running = job.status === "RUNNING" || job.status === "PENDING";
    if (running) {
      const { pid = 0 } = job.child;
      process.kill(-pid, "SIGTERM");
      stopped.add(id);
    }
    return [200, { stopped: running }];
  }

  const server = createServer(async (request, response) => {
    const [status, body] = await answer(request);
    if (request.method === "POST" && switches.loseAnswers) return request.socket.destroy();
    const text = typeof body === "string";
    response.writeHead(status, { "content-type": text ? "text/plain; charset=utf-8" : "application/json" });
    response.end(text ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    switches,
    jobs,
    async close() {
      for (const { child } of jobs.values()) if (child.exitCode === null && child.pid) child.kill("SIGKILL");
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
