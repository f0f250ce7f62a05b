import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paperIntSettings } from "@/server/core/recipes";
import { cancelRun, pauseRun, resumeRun, retryFailed } from "@/server/usecases/control-run";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type FakeServer, startFakeServer } from "./support/fake-server";
import { allDone, answersOf, discrepancies, type RunRow, readRuns, run, smallStudy, until } from "./support/study";

// Generous: how fast it is, is not what these tests are about.
vi.setConfig({ testTimeout: 120_000 });

let database: TestDatabase;
let deps: Deps;
let server: FakeServer;
let workers: RunningWorker[];

beforeEach(async () => {
  database = await createTestDatabase("control");
  deps = createDeps({ databaseUrl: database.url, name: "test control" });
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) await worker.stop();
  await server.stop();
  await deps.close();
  await database.close();
});

async function work(slots = 48): Promise<void> {
  workers.push(await startWorker({ databaseUrl: database.url, inferenceUrl: server.url, slots, log: () => {} }));
}

test("pause lets go of nothing and takes nothing new; resume goes on to exactly the same rows", async () => {
  const study = await smallStudy(deps, 6, { rollout: 2, verify: 4, continuation: 8 });
  server = await startFakeServer(await answersOf(deps));
  server.delay = 100;
  await work(4);
  await until(deps, study.pipelineId, "the first continuations", (runs) => run(runs, "continue").done > 0);
  const changes = await pauseRun(deps, { pipelineId: study.pipelineId });
  expect(changes.map((c) => c.after)).toEqual(changes.map((c) => (c.before === "done" ? "done" : "paused")));
  await expect(pauseRun(deps, { pipelineId: study.pipelineId })).rejects.toThrow(
    /It cannot be paused: its runs are .*paused\./,
  );

  const active = async () => (await deps.pool.query("SELECT 1 FROM pgboss.job WHERE state = 'active'")).rowCount;
  while ((await active()) !== 0) await sleep(50); // what was on the wire is finished
  const asked = server.asked.length;
  const paused = await readRuns(deps, study.pipelineId);
  await sleep(2_500); // longer than the worker's own look at its queues
  expect(server.asked.length).toBe(asked);
  expect(await readRuns(deps, study.pipelineId)).toEqual(paused);

  await resumeRun(deps, { pipelineId: study.pipelineId });
  await until(deps, study.pipelineId, "all runs done", allDone, 90_000);
  expect(await discrepancies(deps, study)).toEqual([]);
  await expect(cancelRun(deps, { pipelineId: study.pipelineId })).rejects.toThrow(
    "cannot be cancelled: its runs are done",
  );
});

test("cancel stops requests that are on the wire within two seconds, for good", async () => {
  const study = await smallStudy(deps, 8, { rollout: 4, verify: 4, continuation: 8 });
  server = await startFakeServer(await answersOf(deps));
  server.delay = 60_000;
  await work();
  while (server.inFlight < 8) await sleep(20);
  const began = Date.now();
  await cancelRun(deps, { pipelineId: study.pipelineId });
  while (server.aborted < 8 && Date.now() - began < 5_000) await sleep(20);
  expect(server.aborted).toBe(8);
  expect(Date.now() - began).toBeLessThan(2_000);
  const runs = await readRuns(deps, study.pipelineId);
  expect(runs.map((r) => r.state)).toEqual(Array(5).fill("cancelled"));
  await until(deps, study.pipelineId, "jobs gone", () => true);
  await sleep(500);
  const live = await deps.pool.query("SELECT 1 FROM pgboss.job WHERE state <= 'active'");
  expect(live.rowCount).toBe(0);
  await expect(resumeRun(deps, { pipelineId: study.pipelineId })).rejects.toThrow("its runs are cancelled");
});

test("a server that answers nonsense fails those items alone, with words for a person; they can be tried again", async () => {
  const study = await smallStudy(deps, 5, { rollout: 4, verify: 4, continuation: 8 });
  const answers = await answersOf(deps);
  server = await startFakeServer(answers);
  const [bad = ""] = answers.keys();
  server.nonsenseFor = bad;
  await work();
  const runs = await until(deps, study.pipelineId, "all runs done", allDone, 90_000);
  expect(run(runs, "rollout")).toMatchObject({ total: 20, done: 16, failed: 4 });
  expect(run(runs, "rollout").message).toMatch(
    /^1 item failed: The inference server at .* gave an answer that cannot be used \(not JSON: <html>It works!<\/html>\)\.$/,
  );
  expect(run(runs, "continue").failed).toBe(0);

  server.nonsenseFor = null;
  expect(await retryFailed(deps, { pipelineId: study.pipelineId })).toBe(1);
  expect((await readRuns(deps, study.pipelineId)).map((r) => r.state)).not.toContain("done");
  await until(deps, study.pipelineId, "all runs done again", allDone, 90_000);
  expect(await discrepancies(deps, study)).toEqual([]);
  await expect(retryFailed(deps, { pipelineId: study.pipelineId })).rejects.toThrow("no failed items");
});

test("a server that is away is waited for: the run says so, and goes on by itself when it is back", async () => {
  const study = await smallStudy(deps, 8, { rollout: 4, verify: 4, continuation: 8 });
  server = await startFakeServer(await answersOf(deps));
  server.delay = 100;
  await work(4);
  await until(deps, study.pipelineId, "the first attempts", (runs) => run(runs, "rollout").done > 0);
  await server.stop();
  const waiting = await until(
    deps,
    study.pipelineId,
    "a message",
    (runs) => runs.some((r) => r.message !== ""),
    20_000,
  );
  expect(waiting.map((r) => r.message).join("\n")).toMatch(
    /Waiting: The inference server at http:\/\/127.0.0.1:\d+\S* cannot be used just now/,
  );
  const row = await deps.prisma.worker.findFirstOrThrow();
  expect(row.waitsFor).toContain("cannot be used just now");
  await sleep(3_000);
  await server.start();
  const runs = await until(deps, study.pipelineId, "all runs done", allDone, 90_000);
  expect(runs.map((r) => r.message)).toEqual(["", "", "", "", ""]);
  expect(await discrepancies(deps, study)).toEqual([]);
});

test("two workers share a run and no sample is asked for twice", async () => {
  const study = await smallStudy(deps, 10, { rollout: 4, verify: 4, continuation: 8 });
  server = await startFakeServer(await answersOf(deps));
  server.delay = 20;
  await Promise.all([work(6), work(6)]);
  await until(deps, study.pipelineId, "all runs done", allDone, 90_000);
  expect(await discrepancies(deps, study)).toEqual([]);
  const keys = server.asked.map((a) => `${a.seed} ${a.n} ${a.prompt}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test("jobs that were lost are found again, and an item that meets a bug fails alone after a few tries", async () => {
  const study = await smallStudy(deps, 3, { rollout: 2, verify: 2, continuation: 2 });
  const [problem] = await deps.prisma.problem.findMany({ take: 1 });
  const continuing = run(await readRuns(deps, study.pipelineId), "continue");
  await deps.pool.query(
    "INSERT INTO work_item (id, run_id, arm, target_id, units) VALUES (gen_random_uuid(), $1, 'no such arm', $2, 1)",
    [continuing.id, problem?.id],
  );
  await deps.pool.query("UPDATE run SET total = total + 1 WHERE id = $1", [continuing.id]);
  const lost = await deps.pool.query("DELETE FROM pgboss.job");
  expect(lost.rowCount).toBe(3);
  server = await startFakeServer(await answersOf(deps));
  await work();
  const runs = await until(deps, study.pipelineId, "all runs done", allDone, 90_000);
  expect(run(runs, "rollout").done).toBe(6);
  expect(run(runs, "continue")).toMatchObject({
    failed: 1,
    message: '1 item failed: Unexpected error in stage continue: there is no arm "no such arm"',
  });
  expect(run(runs, "continue").done).toBe(run(runs, "continue").total - 1);
});

test("a prompt that does not fit the model's context fails its item and says which, and how long it is", async () => {
  const study = await smallStudy(deps, 2, { rollout: 2, verify: 2, continuation: 2 });
  const answers = await answersOf(deps);
  server = await startFakeServer(answers);
  // Room for the problems, not for the verification prompts with reference and attempt.
  server.context = Math.max(...[...answers.keys()].map((statement) => statement.length)) + 60;
  await work();
  const over = (runs: RunRow[]) => runs.every((r) => r.state === "done" || r.state === "failed");
  const runs = await until(deps, study.pipelineId, "all runs over", over, 90_000);
  expect(run(runs, "verify").state).toBe("failed");
  expect(run(runs, "verify").message).toMatch(
    /items? failed: The verification prompt of attempt \d of problem lab-hard-1-00000\d has \d+ tokens, and the model "lab" takes \d+ with its answer/,
  );
  expect(run(runs, "continue")).toMatchObject({ state: "done", failed: 0 });
});

test("a template of two turns: the model solves first, once per attempt, and verifies with its solution in the conversation", async () => {
  const study = await smallStudy(
    deps,
    2,
    { rollout: 2, verify: 3, continuation: 2 },
    { verify: { template: paperIntSettings().verify.template } },
  );
  server = await startFakeServer(await answersOf(deps));
  await work();
  await until(deps, study.pipelineId, "all runs done", allDone, 90_000);
  expect(await discrepancies(deps, study)).toEqual([]);
  const wrong = await deps.prisma.attempt.count({ where: { reward: 0 } });
  const second = server.asked.filter((a) => /<assistant>First step\.[\s\S]*<user>/.test(a.prompt));
  expect(second.map((a) => a.n)).toEqual(Array(wrong).fill(3));
  const seeds = await deps.prisma.verification.findMany({ select: { seed: true } });
  expect(new Set(seeds.map((v) => v.seed)).size).toBe(wrong * 3);
});
