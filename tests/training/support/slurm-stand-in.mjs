/**
 * A stand-in for Slurm's command line (sbatch, squeue, sacct, scontrol, scancel), as slurm 22.05 answers on one host without
 * accounting: words, exit statuses and messages are copied from a real one. Jobs are JSON files in $SLURM_STAND_IN, and
 * their scripts really run, as processes. Files there turn things on: `hold` (jobs wait), `away` (no controller), `blink` (no
 * controller for one question), `accounting` (slurmdbd answers; finished jobs leave the controller's memory at once).
 */
import { spawn } from "node:child_process";
import { existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = process.env.SLURM_STAND_IN;
const [command, ...args] = process.argv.slice(2);
const is = (name) => existsSync(path.join(root, name));
const fileOf = (id) => path.join(root, `job-${id}.json`);
const read = (id) => (existsSync(fileOf(id)) ? JSON.parse(readFileSync(fileOf(id), "utf8")) : null);
const write = (job) => {
  writeFileSync(`${fileOf(job.id)}.${process.pid}`, JSON.stringify(job));
  renameSync(`${fileOf(job.id)}.${process.pid}`, fileOf(job.id));
};
const all = () => readdirSync(root).flatMap((n) => (/^job-\d+\.json$/.test(n) ? [read(n.slice(4, -5))] : []));
const fail = (text) => {
  process.stderr.write(`${text}\n`);
  process.exit(1);
};
const option = (name) => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
};
const ENDED = ["COMPLETED", "FAILED", "CANCELLED"];
const INVALID = "slurm_load_jobs error: Invalid job id specified";
const AWAY = "Unable to contact slurm controller (connect failure)";
const known = (id) => {
  const job = read(id);
  return job !== null && !(is("accounting") && ENDED.includes(job.state)) ? job : null;
};

const commands = {
  async sbatch() {
    if (is("away")) fail(`sbatch: error: Batch job submission failed: ${AWAY}`);
    let script = "";
    for await (const chunk of process.stdin) script += chunk;
    if (!script.startsWith("#!")) fail("sbatch: error: This does not look like a batch script.");
    const said = Object.fromEntries([...script.matchAll(/^#SBATCH --([\w-]+)=("?)(.*)\2$/gm)].map((m) => [m[1], m[3]]));
    if (said.partition !== undefined && said.partition !== "main")
      fail(`sbatch: error: invalid partition specified: ${said.partition}\nsbatch: error: Batch job submission failed: Invalid partition name specified`);
    const id = String(all().length + 1);
    write({ id, name: said["job-name"], output: said.output, script, state: "PENDING", reason: "None", exit: "0:0", pid: 0 });
    spawn(process.execPath, [process.argv[1], "run", id], { detached: true, stdio: "ignore" }).unref();
    console.log(args.includes("--parsable") ? id : `Submitted batch job ${id}`);
  },
  squeue() {
    const blinks = is("blink");
    if (blinks) rmSync(path.join(root, "blink"));
    if (blinks || is("away")) fail(`slurm_load_jobs error: ${AWAY}`);
    const id = option("-j");
    if (id !== undefined && known(id) === null) fail(INVALID);
    const queued = all().filter((j) => !ENDED.includes(j.state) && (id === undefined || j.id === id) && (option("-n") ?? j.name) === j.name);
    for (const j of queued)
      console.log(option("-o").replace(/%(\w)/g, (_, letter) => ({ i: j.id, T: j.state, r: j.reason })[letter] ?? ""));
  },
  sacct() {
    if (!is("accounting")) fail("Slurm accounting storage is disabled");
    const job = read(option("-j"));
    if (job) console.log([job.state === "CANCELLED" ? "CANCELLED by 0" : job.state, job.exit].join("|"));
  },
  scontrol() {
    if (is("away")) fail(`slurm_load_jobs error: ${AWAY}`);
    const job = known(args[2]);
    if (job === null) fail(INVALID);
    console.log(`JobId=${job.id} JobName=${job.name} UserId=root(0) JobState=${job.state} Reason=${job.reason} BatchFlag=1 ExitCode=${job.exit} RunTime=00:00:01`);
  },
  scancel() {
    const id = args.at(-1);
    if (is("away")) fail(`scancel: error: Kill job error on job id ${id}: ${AWAY}`);
    const job = read(id);
    if (job === null) return;
    if (ENDED.includes(job.state)) fail(`scancel: error: Kill job error on job id ${id}: Invalid job id specified`);
    if (job.state === "PENDING") {
      if (!args.includes("--batch")) write({ ...job, state: "CANCELLED", exit: "0:0" });
      return;
    }
    if (args.includes("--state=PENDING")) return;
    // A signal goes to the batch process; without one, TERM to all of the job, and KILL after KillWait.
    if (args.includes("--signal=TERM")) return void process.kill(job.pid, "SIGTERM");
    write({ ...job, cancelled: true });
    process.kill(-job.pid, "SIGTERM");
    spawn("sh", ["-c", `sleep 1; kill -KILL -${job.pid}`], { detached: true, stdio: "ignore" }).unref();
  },
  /** Not Slurm's: what runs a job, as slurmd would. */
  async run() {
    const [id] = args;
    while (is("hold")) {
      if (read(id).state !== "PENDING") return;
      if (read(id).reason !== "Resources") write({ ...read(id), reason: "Resources" });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const job = read(id);
    if (job.state !== "PENDING") return;
    const script = path.join(root, `script-${id}`);
    writeFileSync(script, job.script, { mode: 0o755 });
    const log = openSync(job.output, "a");
    const child = spawn("/bin/bash", [script], { detached: true, stdio: ["ignore", log, log] });
    write({ ...job, state: "RUNNING", reason: "None", pid: child.pid });
    const [status, signal] = await new Promise((resolve) => child.once("exit", (...how) => resolve(how)));
    const now = read(id);
    const state = now.cancelled ? "CANCELLED" : status === 0 ? "COMPLETED" : "FAILED";
    write({ ...now, state, exit: `${status ?? 0}:${{ SIGTERM: 15, SIGKILL: 9 }[signal] ?? 0}` });
  },
};
await commands[command]();
