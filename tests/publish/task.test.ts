import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { homePaths } from "@/server/home";
import { findPublication } from "@/server/store/publishing/runs";
import { cancelRun } from "@/server/usecases/control-run";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { readPublicationPreview, readPublications, removePublication } from "@/server/usecases/pages/publications";
import { downloadPublication, readPublicationFile } from "@/server/usecases/publishing/download";
import { startPublication } from "@/server/usecases/publishing/start";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { intervene } from "../cli/command";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";
import { filesOf } from "./support/publish";

/** Publishing as a task of a worker, with progress, cancel and download; a worker killed in the middle; the command. */
const SLOW = 120_000;
let db: TestDatabase;
let deps: Deps;
let home: string;

beforeAll(async () => {
  db = await createTestDatabase("publish_task");
  deps = createDeps({ databaseUrl: db.url, name: "test publish" });
  home = await mkdtemp(path.join(os.tmpdir(), "intervene-publish-"));
  await seedStudy(db.pool, { name: "tasks", problems: 4, samples: 2 });
});
afterAll(async () => {
  await deps.close();
  await db.close();
  await rm(home, { recursive: true, force: true });
}, SLOW);

const start = (): Promise<RunningWorker> =>
  startWorker({ databaseUrl: db.url, inferenceUrl: "http://127.0.0.1:9", home, log: () => {} });
const folders = () => readdir(homePaths(home).publications).catch(() => [] as string[]);
const runOf = async (runId: string) => {
  const run = await findPublication(db.pool, runId);
  if (run === null) throw new Error(`no publication ${runId}`);
  return run;
};

async function until<T>(what: string, seen: () => Promise<T | undefined | false>, within = 60_000): Promise<T> {
  for (const end = Date.now() + within; Date.now() < end; await sleep(15)) {
    const found = await seen();
    if (found) return found;
  }
  throw new Error(`not in time: ${what}`);
}
const over = (runId: string) =>
  until("it ends", async () => {
    const run = await runOf(runId);
    return ["done", "failed", "cancelled"].includes(run.state) && run;
  });

it("is written, listed, looked at, downloaded and removed", { timeout: SLOW }, async () => {
  const preview = await readPublicationPreview(db, { study: "tasks", wish: { attempts: "failed", decisions: true } });
  const worker = await start();
  try {
    const { runId } = await startPublication(deps, { study: "tasks", wish: { attempts: "failed" } });
    const run = await over(runId);
    expect([run.state, run.message]).toEqual(["done", ""]);
    const counts = run.result?.manifest.counts;
    expect([run.done, run.total]).toEqual([counts?.attempts, counts?.attempts]);
    expect(counts).toMatchObject({ attempts: preview.attempts, problems: preview.problems, continuations: preview.continuations });
    expect(await readPublications(db, { study: "tasks" }, home)).toMatchObject([{ id: runId, there: true, state: "done" }]);

    const root = path.join(homePaths(home).publications, runId);
    const archive = await downloadPublication(db.pool, home, runId, "all.tar");
    const parts: Buffer[] = [];
    for await (const part of archive?.stream ?? []) parts.push(Buffer.from(part as Uint8Array));
    const tar = Buffer.concat(parts);
    expect([archive?.name, tar.length]).toEqual(["tasks-traces.tar", archive?.size]);
    const names = execFileSync("tar", ["tf", "-"], { input: tar, maxBuffer: 1 << 26 }).toString().trim().split("\n");
    expect(names).toEqual((await filesOf(root)).map((f) => `tasks-traces/${f}`));

    const zip = await downloadPublication(db.pool, home, runId, "all.zip");
    expect([zip?.name, zip?.type]).toEqual(["tasks-traces.zip", "application/zip"]);
    zip?.stream.destroy();

    const page = await readPublicationFile(db.pool, home, runId, ["index.html"]);
    expect(page?.type).toMatch(/^text\/html/);
    page?.stream.destroy();
    for (const wrong of [[".."], ["..", "..", "postgres"], ["data"], ["data", "..", "index.html"], ["nothing.js"], []])
      expect(await readPublicationFile(db.pool, home, runId, wrong)).toBeNull();
    expect(await readPublicationFile(db.pool, home, "nonsense", ["index.html"])).toBeNull();

    await removePublication(db, { study: "tasks", runId }, home);
    expect([existsSync(root), await readPublications(db, { study: "tasks" }, home)]).toEqual([false, []]);
  } finally {
    await worker.stop();
  }
});

it("refuses at once what does not go together", async () => {
  await expect(startPublication(deps, { study: "tasks", wish: { attempts: 0 } })).rejects.toThrow(/a number of at least 1/);
  await expect(startPublication(deps, { study: "tasks", wish: { names: true, decisions: true, anonymous: true } })).rejects.toThrow(/anonymous/);
  await expect(startPublication(deps, { study: "no such", wish: {} })).rejects.toThrow(/no study called “no such”/);
});

it("is written by the command, with a manifest as JSON; wrong use exits 2", { timeout: SLOW }, async () => {
  const out = path.join(home, "by-command");
  const args = ["publish", "--study", "tasks", "--out", out, "--attempts", "3"];
  const env = { DATABASE_URL: db.url, INTERVENE_HOME: home };
  const [done, wrong] = await Promise.all([
    intervene([...args, "--json"], { env }),
    intervene(["publish", "--study", "tasks", "--out", path.join(home, "x"), "--attempts", "some"], { env }),
  ]);
  expect([done.status, wrong.status]).toEqual([0, 2]);
  expect(JSON.parse(done.out)).toMatchObject({ folder: out, study: "tasks", counts: { attempts: 3 } });
  expect(wrong.err).toMatch(/--attempts is all, failed, with-proposal or a number/);
  expect(existsSync(path.join(out, "index.html"))).toBe(true);
  const again = await intervene(args, { env });
  expect([again.status, again.err]).toEqual([2, expect.stringMatching(/something at .* already/)]);
});

it("is cancelled, or killed, in the middle: no folder looks whole, and the next worker writes all of it", { timeout: 240_000 }, async () => {
  // Enough attempts to be met in the middle.
  await db.pool.query(
    `INSERT INTO attempt (id, run_id, problem_id, sample_index, text, finish_reason, tokens, steps, reward)
     SELECT gen_random_uuid(), a.run_id, a.problem_id, 100 + n, repeat(md5(n::text) || E'\\n\\n', 40), 'stop', 1, 40, 1
     FROM (SELECT run_id, problem_id FROM attempt ORDER BY id LIMIT 1) a, generate_series(1, 4000) n`,
  );
  const begun = (runId: string) => until("it writes", async () => existsSync(path.join(homePaths(home).publications, `${runId}.part`, "data/attempt")));
  const worker = await start();
  const first = await startPublication(deps, { study: "tasks", wish: {} });
  try {
    await begun(first.runId);
    await cancelRun(deps, { pipelineId: (await runOf(first.runId)).pipelineId });
    await until("the folder is gone", async () => (await folders()).length === 0);
    expect((await runOf(first.runId)).state).toBe("cancelled");
  } finally {
    await worker.stop();
  }

  const { spawn } = await import("node:child_process");
  const child = spawn(process.execPath, ["--import", "tsx", "workers/worker/main.ts", "--files"], {
    stdio: "ignore",
    env: { ...process.env, DATABASE_URL: db.url, INFERENCE_URL: "http://127.0.0.1:9", INTERVENE_HOME: home },
  });
  const { runId } = await startPublication(deps, { study: "tasks", wish: {} });
  await begun(runId);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  expect((await runOf(runId)).state).toBe("running");
  // What it has left has no page, no manifest, and not the name of a publication.
  expect(await folders()).toEqual([`${runId}.part`]);
  const left = path.join(homePaths(home).publications, `${runId}.part`);
  expect(["index.html", "manifest.json"].map((f) => existsSync(path.join(left, f)))).toEqual([false, false]);
  await mkdir(path.join(left, "data/attempt"), { recursive: true });
  await writeFile(path.join(left, "data/attempt/left-over.js"), "half");

  const next = await start();
  try {
    // The dead one's heartbeat has to run out first.
    await until("another worker has written it", async () => (await runOf(runId)).state === "done", 120_000);
  } finally {
    await next.stop();
  }
  expect(await folders()).toEqual([runId]);
  const root = path.join(homePaths(home).publications, runId);
  const files = await filesOf(root);
  expect(files.filter((f) => f.startsWith("data/attempt/"))).toHaveLength(4016);
  expect(files).not.toContain("data/attempt/left-over.js");
  expect(JSON.parse(await readFile(path.join(root, "manifest.json"), "utf8")).counts.attempts).toBe(4016);
  expect(execFileSync("sha256sum", ["-c", "--quiet", "files.sha256"], { cwd: root, maxBuffer: 1 << 26 }).toString()).toBe("");
});
