/** Trainings on Slurm: a real cluster of one host where Slurm is installed (support/slurm-cluster.ts), and a stand-in everywhere (support/slurm-stand-in.mjs). */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Job, Launcher } from "@/server/trainers/launcher";
import { slurmLauncher } from "@/server/trainers/slurm";
import { slurmStandIn } from "./support/slurm";
import { slurmCluster } from "./support/slurm-cluster";

vi.setConfig({ testTimeout: 90_000 });

const folder = mkdtempSync(path.join(tmpdir(), "intervene slurm-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const launcher: Launcher = slurmLauncher({ kind: "slurm" });
let jobs = 0;

/** A job that runs this script in a folder whose name has a blank. */
function job(script: string): Job {
  const id = `intervene-${process.pid}-${++jobs}`;
  mkdirSync(path.join(folder, id));
  const at = path.join(folder, id);
  return { id, folder: at, command: [process.execPath, "-e", script], cwd: at, log: path.join(at, "log.txt") };
}
/** A trainer's manners: leaves a checkpoint on SIGTERM. */
const TRAINER = `console.log("at work");process.on("SIGTERM",()=>{require("node:fs").writeFileSync("checkpoint","");process.exit(143)});setInterval(()=>{},1000)`;
const STUBBORN = `console.log("at work");process.on("SIGTERM",()=>console.log("no"));setInterval(()=>{},1000)`;
const stateOf = async (handle: unknown) => (await launcher.state(handle)).state;
const until = (handle: unknown, state: string) => vi.waitFor(async () => expect(await stateOf(handle)).toBe(state), { timeout: 40_000, interval: 200 });
const atWork = (j: Job) => vi.waitFor(() => expect(readFileSync(j.log, "utf8")).toContain("at work"), { timeout: 20_000, interval: 100 });

function common() {
  test("submitted, found again by name, followed to its end; its status and its log are told", async () => {
    const j = job(`console.log("at work");setTimeout(()=>{console.log("the end");process.exit(3)},4000)`);
    const handle = await launcher.start(j);
    expect(await launcher.start(j)).toEqual(handle);
    await atWork(j);
    expect(await launcher.state(handle)).toMatchObject({ state: "running" });
    await until(handle, "ended");
    expect(await launcher.state(handle)).toEqual({ state: "ended", status: 3, note: "FAILED" });
    expect(await launcher.logEnd(handle, j)).toBe("at work\nthe end");
    // One that has ended is not found again: the training goes on in a job of its own.
    const again = await launcher.start(j);
    expect(again).not.toEqual(handle);
    await launcher.stop(again, 0);
  });

  test("stopped, it is asked first, and leaves a checkpoint", async () => {
    const j = job(TRAINER);
    const handle = await launcher.start(j);
    await atWork(j);
    await launcher.stop(handle, 20_000);
    expect(existsSync(path.join(j.folder, "checkpoint"))).toBe(true);
    expect(await launcher.state(handle)).toMatchObject({ state: "ended", status: 143 });
    await launcher.stop(handle, 1_000);
  });

  test("one that does not listen is ended by force", async () => {
    const j = job(STUBBORN);
    const handle = await launcher.start(j);
    await atWork(j);
    await launcher.stop(handle, 500);
    await until(handle, "ended");
    expect(await launcher.state(handle)).toMatchObject({ note: expect.stringContaining("CANCELLED") });
  });

  test("what sbatch refuses is said in its words", async () => {
    await expect(slurmLauncher({ kind: "slurm", partition: "nope" }).start(job(""))).rejects.toMatchObject({
      kind: "backend",
      message: expect.stringContaining("Invalid partition name specified"),
    });
  });
}

// Before the stand-in is on PATH. The name is short: sockets lie in it.
const home = mkdtempSync(path.join(tmpdir(), "slurm-"));
const cluster = await slurmCluster(home);
afterAll(async () => {
  await cluster?.close();
  rmSync(home, { recursive: true, force: true });
});
describe.skipIf(cluster === null)("a real Slurm", common);

describe("a stand-in for Slurm", () => {
  const root = path.join(folder, "stand-in");
  let standIn: ReturnType<typeof slurmStandIn>;
  beforeAll(() => {
    mkdirSync(root);
    standIn = slurmStandIn(root);
  });
  afterAll(() => standIn.restore());
  common();

  test("a job that waits says for what; cancelled, it is just taken away", async () => {
    standIn.set("hold", true);
    const handle = await launcher.start(job(TRAINER));
    await vi.waitFor(async () => expect(await launcher.state(handle)).toEqual({ state: "waiting", status: null, note: "PENDING, Resources" }), { timeout: 10_000 });
    await launcher.stop(handle, 10_000);
    expect(await launcher.state(handle)).toMatchObject({ state: "ended", note: "CANCELLED" });
    standIn.set("hold", false);
  });

  test("a controller that is away is waited for, and never taken for an end", async () => {
    const j = job(TRAINER);
    const handle = await launcher.start(j);
    await atWork(j);
    standIn.set("away", true);
    await expect(launcher.state(handle)).rejects.toMatchObject({ kind: "unavailable" });
    await expect(launcher.start(j)).rejects.toMatchObject({ kind: "unavailable" });
    await expect(launcher.stop(handle, 100)).rejects.toMatchObject({ kind: "unavailable" });
    standIn.set("away", false);
    expect(await stateOf(handle)).toBe("running");
    await launcher.stop(handle, 20_000);
  });

  test("with accounting, an end is told after the controller has forgotten the job", async () => {
    standIn.set("accounting", true);
    const handle = await launcher.start(job("process.exit(0)"));
    await until(handle, "ended");
    expect(await launcher.state(handle)).toEqual({ state: "ended", status: 0, note: "COMPLETED" });
    standIn.set("accounting", false);
  });

  test("by ssh, where a login node is named; one that cannot be reached is waited for", async () => {
    const far = slurmLauncher({ kind: "slurm", host: "login" });
    const j = job(TRAINER);
    const handle = await far.start(j);
    expect(handle).toMatchObject({ kind: "slurm", host: "login" });
    await atWork(j);
    expect(await far.start(j)).toEqual(handle);
    standIn.set("unreachable", true);
    await expect(far.state(handle)).rejects.toMatchObject({ kind: "unavailable", message: expect.stringMatching(/squeue on login does not answer: ssh: connect to host login/) });
    standIn.set("unreachable", false);
    await far.stop(handle, 20_000);
    expect(existsSync(path.join(j.folder, "checkpoint"))).toBe(true);
    expect(new Set(readFileSync(path.join(root, "ssh-hosts"), "utf8").trim().split("\n"))).toEqual(new Set(["login"]));
  });

  test("commands that are not installed are named", async () => {
    const before = process.env.PATH;
    process.env.PATH = folder;
    await expect(launcher.start(job("")).finally(() => { process.env.PATH = before; })).rejects.toMatchObject({
      kind: "backend",
      message: expect.stringContaining("squeue cannot be run"),
    });
  });
});
