import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { LAB_SOLVE } from "@/server/core/prompts/lab";
import { labIntSettings } from "@/server/core/recipes";
import { splitSteps } from "@/server/core/steps";
import { loadChat } from "@/server/inference/chat";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { readScore, readScores } from "@/server/usecases/pages/scores";
import { startBranch } from "@/server/usecases/branches";
import { startScores } from "@/server/usecases/scores";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { LAB_FOLDER } from "../inference/lab-engine";
import { type EngineProcess, spawnEngine } from "./support/engine-process";
import { allDone, until } from "./support/study";

/** NLL token by token with the real lab model, against what PyTorch computed when it was exported (vectors.json). */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

interface Vectors {
  sequences: { name: string; ids: number[]; logprobs: number[] }[];
  texts: { text: string; ids: number[] }[];
}
const vectors = JSON.parse(readFileSync(path.join(LAB_FOLDER, "vectors.json"), "utf8")) as Vectors;
const TURN = /^<\|im_start\|>user\n([\s\S]*?)<\|im_end\|>\n<\|im_start\|>assistant\n([\s\S]*?)(?:<\|im_end\|>\s*)?$/;

let engine: EngineProcess;
let database: TestDatabase;
let deps: Deps;
let worker: RunningWorker;
/** What the vectors' solved problems look like as rows. */
const known: { attemptId: string; problemId: string; answer: string; ids: number[]; logprobs: number[]; full: string }[] = [];
let proposalId = "";

beforeAll(async () => {
  database = await createTestDatabase("scores");
  deps = createDeps({ databaseUrl: database.url, name: "test scores" });
  engine = await spawnEngine();
  const chat = await loadChat(LAB_FOLDER);
  const { prisma } = deps;
  const study = await prisma.study.create({ data: { name: "vectors" } });
  const set = await prisma.problemSet.create({ data: { studyId: study.id, name: "set" } });
  const model = await prisma.model.create({ data: { studyId: study.id, name: "lab", servedName: "lab" } });
  const pipeline = await prisma.pipeline.create({ data: { studyId: study.id, recipe: "int" } });
  const run = await prisma.run.create({
    data: { studyId: study.id, pipelineId: pipeline.id, stage: "rollout", state: "done", settings: labIntSettings() as object, modelId: model.id },
  });
  const before = LAB_SOLVE.turns[0]?.text.split("{{problem}}") ?? [];
  for (const { ids, logprobs } of vectors.sequences) {
    const full = await chat.decode(ids);
    const [, user, answer] = TURN.exec(full) ?? [];
    if (!user?.startsWith(before[0] ?? "") || !user.endsWith(before[1] ?? "") || !answer || /<\|im_start/.test(answer)) continue;
    const statement = user.slice((before[0] ?? "").length, user.length - (before[1] ?? "").length);
    const problem = await prisma.problem.create({
      data: { studyId: study.id, problemSetId: set.id, key: `v${known.length}`, ordinal: known.length, statement, answer: "7", reference: "Ava: $3+4=7$\n\nSo \\boxed{7}" },
    });
    const attempt = await prisma.attempt.create({
      data: { runId: run.id, problemId: problem.id, modelId: model.id, sampleIndex: 0, text: answer, finishReason: "stop", tokens: 9, steps: splitSteps(answer).length, reward: 0 },
    });
    known.push({ attemptId: attempt.id, problemId: problem.id, answer, ids, logprobs, full });
  }
  const first = known[0];
  if (!first) throw new Error("vectors.json has no solved problem");
  const proposal = await prisma.proposal.create({
    data: { runId: run.id, attemptId: first.attemptId, sampleIndex: 0, content: "Ava: $1+1=2$\nBen: $2+2=4$", location: 2, leakEquivalent: false, leakSubstring: false, chosen: true },
  });
  proposalId = proposal.id;
  worker = await startWorker({ databaseUrl: database.url, inferenceUrl: engine.url, log: () => {} });
});
afterAll(async () => {
  await worker.stop();
  await engine.kill("SIGTERM");
  await deps.close();
  await database.close();
});

async function scored(attempt: string, wanted: Parameters<typeof startScores>[1]["wanted"]) {
  const ids = await startScores(deps, { study: "vectors", attempt, wanted });
  await expect
    .poll(async () => (await Promise.all(ids.map((score) => readScore(deps, { score, personId: null })))).every((s) => s.state === "done"), { timeout: 60_000 })
    .toBe(true);
  return Promise.all(ids.map((score) => readScore(deps, { score, personId: null })));
}

test("an attempt's tokens are as likely as PyTorch says, and join to its text", async () => {
  expect(known.length).toBeGreaterThan(0);
  let worst = 0;
  for (const k of known) {
    const [score] = await scored(k.attemptId, [{ subject: "attempt" }]);
    if (!score) throw new Error("no score");
    expect(score.tokens.join("")).toBe(k.answer);
    expect(score.overlap).toBe(0);
    expect(score.logprobs).toHaveLength(score.n);
    // The vectors hold log-probabilities of ids[1:].
    const row = await deps.prisma.score.findUniqueOrThrow({ where: { id: score.id } });
    const from = k.ids.findIndex((_, i) => i > 0 && row.tokenIds.every((id, j) => k.ids[i + j] === id));
    expect(from).toBeGreaterThan(0);
    score.logprobs.forEach((value, j) => {
      worst = Math.max(worst, Math.abs(value - (k.logprobs[from + j - 1] ?? Number.NaN)));
    });
    const mean = -score.logprobs.reduce((a, b) => a + b, 0) / score.n;
    expect(score.mean).toBeCloseTo(mean, 4);
  }
  console.log(`largest difference to PyTorch over ${known.length} texts: ${worst.toExponential(1)} nats`);
  expect(worst).toBeLessThan(1e-3);
});

test("every text in its own place: its tokens join to it, and a step's part of the attempt is as likely as the step", async () => {
  const k = known[0];
  if (!k) throw new Error("no attempt");
  const steps = splitSteps(k.answer);
  const { branchId, pipelineId } = await startBranch(deps, {
    study: "vectors", attempt: k.attemptId, kind: "continue", step: 1, samples: 1, seed: 1, purpose: "manual", personId: null,
  });
  await until(deps, pipelineId, "a branch", allDone);
  const sample = await deps.prisma.branchSample.findFirstOrThrow({ where: { branchId } });
  const own = "Zoë: $1+1=3$ 🎉 — 北京";
  const [attempt, original, proposal, branch, reference, text] = await scored(k.attemptId, [
    { subject: "attempt" },
    { subject: "original", step: 2 },
    { subject: "proposal", subjectId: proposalId },
    { subject: "branch", subjectId: sample.id },
    { subject: "reference" },
    { subject: "text", step: 1, text: own },
  ]);
  if (!attempt || !original) throw new Error("no scores");
  expect(original.tokens.join("")).toBe(steps[1]);
  expect(proposal?.tokens.join("")).toBe("Ava: $1+1=2$\n\nBen: $2+2=4$");
  expect(branch?.tokens.join("")).toBe(sample.text);
  expect(reference?.tokens.join("")).toBe("Ava: $3+4=7$\n\nSo \\boxed{7}");
  expect(text?.tokens.join("")).toBe(own);
  expect(text?.mean ?? 0).toBeGreaterThan(original.mean ?? 0);
  // The attempt's own text is joined by blank lines, so step 2 stands in it as it is scored alone.
  const at = attempt.tokens.join("").indexOf(steps[1] ?? "");
  let chars = 0;
  const from = attempt.tokens.findIndex((t) => {
    const here = chars >= at;
    chars += t.length;
    return here;
  });
  const inside = attempt.logprobs.slice(from, from + original.n);
  expect(Math.max(...original.logprobs.map((value, i) => Math.abs(value - (inside[i] ?? Number.NaN))))).toBeLessThan(1e-3);
  // Asked for again, nothing is made anew; the listing has all of them.
  const runs = await deps.prisma.run.count();
  expect(await startScores(deps, { study: "vectors", attempt: k.attemptId, wanted: [{ subject: "original", step: 2 }] })).toEqual([original.id]);
  expect(await deps.prisma.run.count()).toBe(runs);
  const list = await readScores(deps, { study: "vectors", attempt: k.attemptId, personId: null });
  expect(list.scores.length).toBe(6);
  expect(list).toMatchObject({ model: "lab", workers: 1 });
});

test("what cannot be scored is said in words", async () => {
  const k = known[0];
  if (!k) throw new Error("no attempt");
  const at = { study: "vectors", attempt: k.attemptId };
  await expect(startScores(deps, { ...at, wanted: [{ subject: "text", text: "  " }] })).rejects.toThrow(/no text to score/);
  await expect(startScores(deps, { ...at, wanted: [{ subject: "original", step: 99 }] })).rejects.toThrow(/no step 99/);
  await expect(startScores(deps, { ...at, wanted: [{ subject: "proposal", subjectId: k.attemptId }] })).rejects.toThrow(/no proposal/);
  const [id] = await startScores(deps, { ...at, wanted: [{ subject: "text", text: "Ava: $1+1=2$ ".repeat(600) }] });
  await expect.poll(async () => (await readScore(deps, { score: id ?? "", personId: null })).state, { timeout: 30_000 }).toBe("failed");
  expect((await readScore(deps, { score: id ?? "", personId: null })).message).toMatch(/takes \d+: it cannot be scored/);
});

test("a server elsewhere, whose folder this machine does not have, names the tokens itself: the same scores", async () => {
  // The engine behind a proxy that hides where its model lies.
  const chat = await loadChat(LAB_FOLDER);
  const proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await fetch(`${engine.url}${request.url}`, { method: request.method ?? "GET", ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}) });
    const body = await answer.text();
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(request.url === "/v1/models" ? body.replace(/"root":"[^"]*"/, '"root":"org/model"') : body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { createInferenceClient } = await import("@/server/inference/client");
  const { ServedModels } = await import("@/server/usecases/served-models");
  const client = createInferenceClient({ baseUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
  try {
    const { chat: remote } = await new ServedModels(client).get("lab");
    expect(remote.source).toContain("http://");
    for (const text of ["Ava: $3+4=7$\n\nSo \\boxed{7}", "Zoë 🎉 北京 naïve — ½\n\n\n x", "", "  \n"]) {
      const here = await chat.pieces(text);
      const there = await remote.pieces(text);
      expect(there.ids).toEqual(here.ids);
      expect(there.pieces.join("")).toBe(text);
      expect(here.pieces.join("")).toBe(text);
    }
    const messages = [{ role: "user" as const, content: "Hello" }];
    expect(await remote.rendered(messages)).toBe(await chat.rendered(messages));
  } finally {
    await client.close();
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  }
});
