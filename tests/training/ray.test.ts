/** Trainings on Ray: a real head node where Ray is installed, else the stand-in alone (support/ray-stand-in.ts). */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Job, Launcher } from "@/server/trainers/launcher";
import { rayLauncher } from "@/server/trainers/ray";
import { findRay, rayHead } from "./support/ray-head";
import { rayStandIn } from "./support/ray-stand-in";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 150_000 });

const folder = mkdtempSync(path.join(tmpdir(), "intervene ray-"));
const sockets = mkdtempSync(path.join(tmpdir(), "ray-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(sockets, { recursive: true, force: true });
});
let launcher: Launcher;
let address = "";
const use = (at: string) => {
  address = at;
  launcher = rayLauncher({ kind: "ray", address: `${at}/` });
};
let jobs = 0;

/** A job that runs this script in a folder whose name has a blank. */
function job(script: string): Job {
  const id = `intervene-${process.pid}-${++jobs}`;
  const at = path.join(folder, id);
  mkdirSync(at);
  return { id, folder: at, command: [process.execPath, "-e", script], cwd: at, log: path.join(at, "log.txt") };
}
/** A trainer's manners: on SIGTERM it takes longer for its checkpoint than Ray's own 3 s. */
const TRAINER = `console.log("at work");process.on("SIGTERM",()=>setTimeout(()=>{require("node:fs").writeFileSync("checkpoint","");process.exit(143)},4000));setInterval(()=>{},1000)`;
const until = (handle: unknown, state: string) =>
  vi.waitFor(async () => expect((await launcher.state(handle)).state).toBe(state), { timeout: 60_000, interval: 100 });
const atWork = (handle: unknown, j: Job) => vi.waitFor(async () => expect(await launcher.logEnd(handle, j)).toContain("\nat work"), { timeout: 60_000, interval: 100 });

function common() {
  test("submitted, found again, followed to its end; its status and its log are told; a retry is a submission of its own", async () => {
    const j = job(`console.log("at work");setTimeout(()=>process.exit(3),3000)`);
    const handle = await launcher.start(j);
    expect(handle).toEqual({ kind: "ray", address, submissionId: `${j.id}-1` });
    expect(await launcher.start(j)).toEqual(handle);
    await until(handle, "running");
    await until(handle, "ended");
    expect(await launcher.state(handle)).toEqual({
      state: "ended",
      status: 3,
      note: expect.stringMatching(/^Job entrypoint command failed with exit code 3[^\n]*$/),
    });
    expect(await launcher.logEnd(handle, j)).toMatch(/\nat work$/);
    expect(await launcher.start({ ...j, command: ["true"] })).toEqual({ kind: "ray", address, submissionId: `${j.id}-2` });
  });

  test("stopped, it is asked first, and has the time to leave a checkpoint", async () => {
    const j = job(TRAINER);
    const handle = await launcher.start(j);
    await atWork(handle, j);
    await launcher.stop(handle, 30_000);
    expect(existsSync(path.join(j.folder, "checkpoint"))).toBe(true);
    expect(await launcher.state(handle)).toEqual({ state: "ended", status: null, note: "Job was intentionally stopped." });
    await launcher.stop(handle, 1_000);
  });

  test("a job that Ray does not know has ended", async () => {
    expect(await launcher.state({ kind: "ray", address, submissionId: "none-1" })).toMatchObject({ state: "ended", status: null });
  });
}

const ray = findRay();
describe.skipIf(ray === null)("a real Ray head node", () => {
  let head: Awaited<ReturnType<typeof rayHead>>;
  beforeAll(async () => {
    head = await rayHead(ray ?? "", sockets);
    use(head.address);
  });
  afterAll(() => head.close());
  common();

  test("what it refuses is said in the last words of its traceback", async () => {
    const wrong = rayLauncher({ kind: "ray", address, cpus: "two" as unknown as number });
    await expect(wrong.start(job(""))).rejects.toMatchObject({ kind: "backend", message: expect.stringMatching(/answered [45]00: \w+/) });
  });
});

describe("a stand-in for Ray's head node", () => {
  let head: Awaited<ReturnType<typeof rayStandIn>>;
  beforeAll(async () => {
    head = await rayStandIn();
    use(head.address);
  });
  afterAll(() => head.close());
  common();

  test("an answer that is lost: asked again, the job is found, and runs once", async () => {
    const j = job(TRAINER);
    head.switches.loseAnswers = true;
    await expect(launcher.start(j)).rejects.toMatchObject({ kind: "unavailable" });
    head.switches.loseAnswers = false;
    const mine = () => [...head.jobs.keys()].filter((id) => id.startsWith(`${j.id}-`));
    expect(mine()).toEqual([`${j.id}-1`]);
    // As when the lost POST comes through only after the list was read.
    head.switches.hideJobs = true;
    expect(await launcher.start(j)).toMatchObject({ submissionId: `${j.id}-1` });
    head.switches.hideJobs = false;
    const handle = await launcher.start(j);
    expect(handle).toMatchObject({ submissionId: `${j.id}-1` });
    expect(mine()).toHaveLength(1);
    await launcher.stop(handle, 20_000);
  });

  test("errors are sentences: a cluster that starts is tried again, one that is away too", async () => {
    head.switches.starting = true;
    await expect(launcher.start(job(""))).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("answered 500: RuntimeError: No available agent") });
    head.switches.starting = false;
    const nowhere = rayLauncher({ kind: "ray", address: "http://127.0.0.1:9" });
    await expect(nowhere.start(job(""))).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("does not answer") });
  });
});
