import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { BranchStreams } from "@/server/api/branch-streams";
import { applyPieces, type StreamedSample, streamPiecesSchema } from "@/server/core/branching/stream";
import { labProblemFromId } from "@/server/core/lab/generate";
import { firstWrongStep } from "@/server/core/lab/truth";
import { joinSteps, splitSteps } from "@/server/core/steps";
import { startBranch } from "@/server/usecases/branches";
import { cancelRun } from "@/server/usecases/control-run";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { readBranch, readBranches } from "@/server/usecases/pages/branches";
import { readValues } from "@/server/usecases/pages/values";
import { startValues } from "@/server/usecases/values";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type EngineProcess, spawnEngine } from "./support/engine-process";
import { allDone, run, smallStudy, until } from "./support/study";

/** Branches by hand and step values, with the real lab model through the engine. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let engine: EngineProcess;
let database: TestDatabase;
let deps: Deps;
let worker: RunningWorker;
let pipelineId: string;

beforeAll(async () => {
  database = await createTestDatabase("branching");
  deps = createDeps({ databaseUrl: database.url, name: "test branching" });
  engine = await spawnEngine();
  worker = await startWorker({ databaseUrl: database.url, inferenceUrl: engine.url, log: () => {} });
  ({ pipelineId } = await smallStudy(deps, 6, { rollout: 4, verify: 1, continuation: 2 }));
  await until(deps, pipelineId, "attempts are graded", (runs) => run(runs, "grade").state === "done", 120_000);
});
afterAll(async () => {
  await worker.stop();
  await engine.kill("SIGTERM");
  await deps.close();
  await database.close();
});

const lab = { study: "lab" };

/** Where the generator says that an attempt first goes wrong, and a right step of the problem's own solution. */
async function truthOf(attemptId: string) {
  const attempt = await deps.prisma.attempt.findUniqueOrThrow({ where: { id: attemptId }, include: { problem: true } });
  const problem = labProblemFromId(attempt.problem.key);
  if (!problem) throw new Error("not a lab problem");
  const step = firstWrongStep(problem, attempt.text);
  const steps = splitSteps(attempt.text).length;
  return { attemptId, steps, step: step ?? 1, located: step !== null && step <= steps, content: splitSteps(problem.referenceSolution)[0] ?? "" };
}

/** A page's end of a branch's stream: the samples as they grow, until it has ended. */
async function follow(branchId: string, signal: AbortSignal) {
  const streams = new BranchStreams(database.url, deps);
  const stream = streams.ofBranch(branchId, -1, signal);
  if (!stream) throw new Error("closed");
  let state: Map<number, StreamedSample> = new Map();
  const seen: { chars: number; outcomes: number; at: number }[] = [];
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (!/^event: pieces$/m.test(event) || data === undefined) continue;
      const next = applyPieces(state, streamPiecesSchema.parse(JSON.parse(data)));
      if (next === null) throw new Error("a piece is missing");
      state = next;
      const samples = [...state.values()];
      seen.push({
        chars: samples.reduce((n, s) => n + s.text.length, 0),
        outcomes: samples.filter((s) => s.outcome !== null).length,
        at: Date.now(),
      });
    }
  }
  await streams.close();
  return { state, seen };
}

test("a branch by hand: told token by token, graded and kept, apart from the run's own rows", async () => {
  const attempt = await deps.prisma.attempt.findFirstOrThrow({ where: { reward: 0 } });
  const before = await deps.prisma.continuation.count({ where: { attemptId: attempt.id } });
  const person = await deps.prisma.person.create({ data: { name: "Ada", tokenHash: "a" } });
  const clicked = Date.now();
  const { branchId, pipelineId: task } = await startBranch(deps, {
    ...lab, attempt: attempt.id, kind: "continue", step: 1, samples: 4, seed: 7, temperature: 0.9, purpose: "manual", personId: person.id,
  });
  const { state, seen } = await follow(branchId, AbortSignal.timeout(60_000));
  // The run is closed a moment after its last item, which has ended the stream.
  await until(deps, task, "the branch's run", allDone);
  const branch = await readBranch(deps, { branch: branchId, personId: null });
  expect(branch).toMatchObject({
    author: "Ada", kind: "continue", step: 1, seed: 7, samples: 4, done: 4, purpose: "manual", model: "lab", state: "done",
    sampling: { temperature: 0.9, topP: 0.95, topK: 0, minP: 0, maxTokens: 320 },
  });
  // What was told is what is kept, in many pieces, and the outcome came with the sample's own end.
  expect(branch.rows).toHaveLength(4);
  for (const row of branch.rows) {
    expect(state.get(row.index)).toEqual({ text: row.text, tokens: row.tokens, outcome: row.outcome, extracted: row.extracted });
  }
  expect(seen.length).toBeGreaterThan(3);
  expect(seen[0]?.chars).toBeLessThan((seen.at(-1)?.chars ?? 0) / 2);
  console.log(`first tokens after ${(seen[0]?.at ?? 0) - clicked} ms, all samples after ${(seen.at(-1)?.at ?? 0) - clicked} ms`);
  expect(await deps.prisma.branchStream.count()).toBe(0);
  expect(await deps.prisma.continuation.count({ where: { attemptId: attempt.id } })).toBeGreaterThanOrEqual(before);
  expect(await deps.prisma.run.count({ where: { pipelineId: task } })).toBe(1);
  // The same seed at the same place gives the same samples.
  const again = await startBranch(deps, {
    ...lab, attempt: attempt.id, kind: "continue", step: 1, samples: 2, seed: 7, temperature: 0.9, purpose: "manual", personId: null,
  });
  await until(deps, again.pipelineId, "the second branch", allDone);
  const second = await readBranch(deps, { branch: again.branchId, personId: null });
  expect(second.author).toBeNull();
  expect(second.rows.map((r) => r.text)).toEqual(branch.rows.slice(0, 2).map((r) => r.text));
  const list = await readBranches(deps, { ...lab, attempt: attempt.id, personId: null });
  expect(list.map((b) => b.id)).toEqual([again.branchId, branchId]);
});

test("a judge's own correction is its author's alone while it is hidden", async () => {
  const attempt = await deps.prisma.attempt.findFirstOrThrow({ where: { reward: 0, steps: { gte: 2 } } });
  const person = await deps.prisma.person.create({ data: { name: "Bo", tokenHash: "b" } });
  const right = await truthOf(attempt.id);
  const { branchId, pipelineId: task } = await startBranch(deps, {
    ...lab, attempt: attempt.id, kind: "replace", step: right.step, content: right.content, samples: 4, seed: 1, purpose: "judge", personId: person.id, hidden: true,
  });
  await until(deps, task, "the judge's samples", allDone);
  const mine = await readBranch(deps, { branch: branchId, personId: person.id });
  expect(mine.rows).toHaveLength(4);
  await expect(readBranch(deps, { branch: branchId, personId: null })).rejects.toMatchObject({ kind: "not_found" });
  expect((await readBranches(deps, { ...lab, attempt: attempt.id, personId: null })).map((b) => b.id)).not.toContain(branchId);
  expect((await readBranches(deps, { ...lab, attempt: attempt.id, personId: person.id })).map((b) => b.id)).toContain(branchId);
});

test("what cannot be sampled is refused in words, before anything is written", async () => {
  const attempt = await deps.prisma.attempt.findFirstOrThrow();
  const at = { ...lab, attempt: attempt.id, samples: 2, seed: 1, purpose: "manual", personId: null } as const;
  const runs = await deps.prisma.run.count();
  await expect(startBranch(deps, { ...at, kind: "continue", step: attempt.steps + 1 })).rejects.toThrow(/there is no step/);
  await expect(startBranch(deps, { ...at, kind: "replace", step: 1, content: " \n" })).rejects.toThrow(/Write what should stand/);
  await expect(startBranch(deps, { ...at, kind: "continue", step: 0, samples: 1000 })).rejects.toThrow(/samples/);
  await expect(startBranch(deps, { ...at, kind: "continue", step: 0, model: "nobody" })).rejects.toThrow(/no model “nobody”.*there is lab/);
  await expect(startBranch(deps, { ...at, kind: "continue", step: 0, temperature: 0 })).rejects.toThrow(/every sample is the same/);
  await expect(startBranch(deps, { ...at, kind: "continue", step: 0, hidden: true })).rejects.toThrow(/needs an author/);
  expect(await deps.prisma.run.count()).toBe(runs);
});

test("cancelled: what has ended stays, nothing more comes", async () => {
  const attempt = await deps.prisma.attempt.findFirstOrThrow({ where: { reward: 0 } });
  const { branchId, pipelineId: task } = await startBranch(deps, {
    ...lab, attempt: attempt.id, kind: "continue", step: 0, samples: 64, seed: 3, purpose: "manual", personId: null,
  });
  await expect.poll(() => deps.prisma.branchStream.count(), { timeout: 30_000, interval: 20 }).toBeGreaterThan(0);
  await cancelRun(deps, { pipelineId: task });
  const { state } = await readBranch(deps, { branch: branchId, personId: null });
  expect(state).toBe("cancelled");
  await expect
    .poll(async () => {
      const a = await deps.prisma.branchSample.count({ where: { branchId } });
      await new Promise((resolve) => setTimeout(resolve, 300));
      return (await deps.prisma.branchSample.count({ where: { branchId } })) - a;
    }, { timeout: 20_000 })
    .toBe(0);
});

test("V(t) before the first wrong step is higher than after it, and the bisection ends at a drop", async () => {
  // Of problems that the model can solve: where it never can, there is nothing to lose.
  const solved = await deps.prisma.attempt.findMany({ where: { reward: 1 }, select: { problemId: true } });
  const attempts = await deps.prisma.attempt.findMany({
    where: { reward: 0, problemId: { in: solved.map((a) => a.problemId) } },
    orderBy: { createdAt: "asc" },
  });
  const wrong = (await Promise.all(attempts.map((a) => truthOf(a.id)))).filter((t) => t.located).slice(0, 5);
  expect(wrong.length).toBeGreaterThan(1);
  let [before, after] = [0, 0];
  for (const { attemptId, step, steps } of wrong) {
    const all = await startValues(deps, { ...lab, attempt: attemptId, plan: "all", samples: 8, personId: null });
    expect(all.points).toBe(steps + 1);
    await until(deps, all.pipelineId, "values", allDone, 120_000);
    const { points } = await readValues(deps, { ...lab, attempt: attemptId });
    expect(points.map((p) => p.step)).toEqual(Array.from({ length: steps + 1 }, (_, i) => i));
    for (const p of points) expect(p).toMatchObject({ n: 8, value: p.correct / 8 });
    before += points[step - 1]?.value ?? 0;
    after += points[step]?.value ?? 0;
  }
  console.log(`V before the first wrong step ${(before / wrong.length).toFixed(3)}, after it ${(after / wrong.length).toFixed(3)}, ${wrong.length} attempts`);
  expect(before).toBeGreaterThan(after);

  const [one] = wrong;
  if (!one) throw new Error("no attempt");
  const bisect = await startValues(deps, { ...lab, attempt: one.attemptId, plan: "bisect", samples: 8, personId: null });
  const runs = await until(deps, bisect.pipelineId, "bisection", allDone, 120_000);
  const sampled = await deps.prisma.branch.findMany({ where: { runId: bisect.runId }, orderBy: { step: "asc" } });
  expect(sampled.length).toBeGreaterThanOrEqual(bisect.points);
  expect(runs[0]).toMatchObject({ total: sampled.length * 8, done: sampled.length * 8, failed: 0 });
  // Another seed: what is asked for again adds to what is there.
  const { points } = await readValues(deps, { ...lab, attempt: one.attemptId });
  for (const p of points) expect(p.n).toBe(sampled.some((b) => b.step === p.step) ? 16 : 8);
  // Values are not branches that somebody made by hand.
  expect((await readBranches(deps, { ...lab, attempt: one.attemptId, personId: null })).every((b) => b.purpose !== "value")).toBe(true);
});

test("a prefix is the attempt's own text up to the step", async () => {
  const attempt = await deps.prisma.attempt.findFirstOrThrow();
  const steps = splitSteps(attempt.text);
  expect(attempt.text.startsWith(joinSteps(steps.slice(0, 1)))).toBe(true);
});
