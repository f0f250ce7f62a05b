import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { manifestSchema } from "@/server/core/datasets/manifest";
import { datasetOptionsSchema } from "@/server/core/datasets/settings";
import { labProblemFromId } from "@/server/core/lab/generate";
import { loadChat } from "@/server/inference/chat";
import { startDataset } from "@/server/usecases/datasets/create";
import { previewDataset } from "@/server/usecases/datasets/preview";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { gradeAnswer } from "@/server/usecases/grading/grade";
import { startRecipe } from "@/server/usecases/start-recipe";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { type EngineProcess, spawnEngine } from "../pipeline/support/engine-process";
import { allDone, smallStudy, until } from "../pipeline/support/study";
import { createTestDatabase, type TestDatabase } from "../support/database";

// A real model on what is left of two cores.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let engine: EngineProcess;
let database: TestDatabase;
let deps: Deps;
let worker: RunningWorker;
let study: { id: string; name: string };

beforeAll(async () => {
  database = await createTestDatabase("datasets");
  deps = createDeps({ databaseUrl: database.url, name: "test datasets" });
  engine = await spawnEngine();
  const lab = await smallStudy(deps, 6, { rollout: 4, verify: 2, continuation: 4 });
  study = { id: lab.studyId, name: "lab" };
  worker = await startWorker({ databaseUrl: database.url, inferenceUrl: engine.url, log: () => {} });
  await until(deps, lab.pipelineId, "all runs done", allDone, 200_000);
});
afterAll(async () => {
  await worker?.stop();
  await engine?.kill("SIGTERM");
  await deps?.close();
  await database?.close();
});

const request = (source: string, o: object = {}) => ({ options: datasetOptionsSchema.parse({ source, ...o }) });

async function built(name: string, source: string, o: object = {}) {
  const asked = request(source, o);
  const made = await startDataset(deps, study, { ...asked, name });
  await until(deps, made.pipelineId, `data set ${name}`, allDone, 60_000);
  const dataset = await deps.prisma.dataset.findUniqueOrThrow({
    where: { id: made.datasetId },
    include: { items: { orderBy: { ordinal: "asc" }, include: { attempt: true, proposal: true, problem: true } } },
  });
  const manifest = manifestSchema.parse(dataset.manifest);
  // What holds of every data set.
  const { counts } = manifest;
  expect(dataset.state).toBe("ready");
  expect(dataset.items.length).toBe(counts.rows);
  expect(dataset.items.map((r) => r.ordinal)).toEqual(dataset.items.map((_, i) => i));
  expect(counts.candidates).toBe(counts.rows + counts.dropped.reduce((sum, d) => sum + d.count, 0));
  const lines = dataset.items.map((r) =>
    JSON.stringify({ prompt: r.prompt, completion: r.completion, ends: r.ends }).concat("\n"),
  );
  expect(manifest.digest.value).toBe(createHash("sha256").update(lines.join("")).digest("hex"));
  expect(dataset.digest).toBe(manifest.digest.value);
  const preview = await previewDataset(deps, study, asked, 60_000);
  expect(preview).toMatchObject({ candidates: counts.candidates, rows: counts.rows, dropped: counts.dropped, complete: true });
  return { dataset, manifest, items: dataset.items };
}

describe("data sets of a real run of the lab's model", () => {
  test("InT: kept interventions, exactly as continuations saw them, tokens by the model's own tokenizer", async () => {
    const { items, manifest } = await built("int", "int");
    const kept = await deps.prisma.proposal.findMany({ where: { chosen: true, kept: true } });
    expect(new Set(items.map((r) => r.proposalId))).toEqual(new Set(kept.map((p) => p.id)));
    expect(items.length).toBeGreaterThan(0);
    const chat = await loadChat("workers/lab/model");
    const endOfTurn = await chat.decode(chat.endIds);
    for (const row of items) {
      expect(row.ends).toBe(false);
      expect(row.prompt).toBe(row.problem.statement);
      expect(row.completion).not.toContain(endOfTurn);
      const prefix = row.completion.slice(0, row.completion.lastIndexOf(row.proposal?.content.split("\n")[0] ?? "?"));
      expect(row.attempt?.text.startsWith(prefix.trimEnd())).toBe(true);
      // What a trainer makes of it: the prompt's tokens, then the row's, and nothing else.
      const ids = await chat.prompt([{ role: "user", content: row.prompt }], row.completion);
      const promptIds = await chat.prompt([{ role: "user", content: row.prompt }]);
      expect(await chat.decode(ids.slice(promptIds.length))).toBe(row.completion);
      expect(row.tokens).toBe((await chat.encode(row.completion)).length);
    }
    expect(manifest.tokens).toMatchObject({ counted: true, total: items.reduce((sum, r) => sum + r.tokens, 0) });
    expect(manifest.base).toMatchObject({ name: "lab", servedName: "lab" });
    expect(manifest.runs.map((r) => r.stage).sort()).toEqual(["rollout", "verify"]);
    expect(manifest.templates).toEqual([{ id: "lab/solve@1", rows: items.length }]);
  });

  test("InT's ablations: unfiltered takes all chosen, with the suffix rows are right answers that end", async () => {
    const all = await built("int unfiltered", "int", { unfiltered: true });
    expect(all.items.length).toBe(await deps.prisma.proposal.count({ where: { chosen: true } }));
    const whole = await built("int with suffix", "int", { withSuffix: true });
    expect(whole.items.length).toBeGreaterThan(0);
    for (const row of whole.items) {
      expect(row.ends).toBe(true);
      expect((await gradeAnswer(row.completion, row.problem.answer, { bareAnswers: false, finishReason: "stop" })).reward).toBe(1);
    }
    const bare = await built("int without prefix", "int", { withoutPrefix: true });
    for (const row of bare.items) expect(row.completion).toBe(row.proposal?.content.split(/\n+/).join("\n\n"));
  });

  test("self-reflection: the model rewrites its failed attempts, graded on the spot; right ones become rows", async () => {
    const { pipelineId } = await startRecipe(deps, { recipe: "reflect", study: "lab", samples: 3, inference: null });
    await until(deps, pipelineId, "reflections", allDone, 120_000);
    const failed = await deps.prisma.attempt.count({ where: { reward: 0 } });
    const reflections = await deps.prisma.reflection.findMany({ include: { attempt: { include: { problem: true } } } });
    expect(reflections.length).toBe(3 * failed);
    for (const r of reflections) {
      const truth = labProblemFromId(r.attempt.problem.key);
      const grade = await gradeAnswer(r.text, truth?.answer ?? "", { bareAnswers: false, finishReason: r.finishReason });
      expect([r.reward, r.extracted]).toEqual([grade.reward, grade.extracted]);
    }
    const { items, manifest } = await built("rewritten", "self_reflection");
    const right = reflections.filter((r) => r.reward === 1);
    expect(right.length).toBeGreaterThan(0);
    expect(items.length).toBe(new Set(right.map((r) => r.attemptId)).size);
    const byId = new Map(reflections.map((r) => [r.id, r]));
    for (const row of items) {
      expect(row.completion).toBe(byId.get(row.reflectionId ?? "")?.text);
      expect(row).toMatchObject({ ends: true, prompt: row.problem.statement });
    }
    expect(manifest.counts.of).toBe("reflections");
    expect((await built("every right one", "self_reflection", { perAttempt: 0 })).items.length).toBe(right.length);
  });

  test("reference and hinted prompts; one data set can be held to another's problems", async () => {
    const { items, manifest } = await built("solutions", "reference");
    expect(items.map((r) => r.completion)).toEqual(items.map((r) => r.problem.reference.trim()));
    expect(items.length).toBe(6);
    const same = await built("solutions again", "reference");
    expect(same.manifest.digest.value).toBe(manifest.digest.value);
    const matched = await built("solutions of int", "reference", { matching: "int" });
    const int = await deps.prisma.dataset.findFirstOrThrow({ where: { name: "int" }, include: { items: true } });
    expect(new Set(matched.items.map((r) => r.problemId))).toEqual(new Set(int.items.map((r) => r.problemId)));
    const hints = await built("hints", "hint", { hintMix: 1, hintShare: 0.5 });
    for (const row of hints.items) {
      expect(row.completion).toBe("");
      expect(row.prompt.startsWith(`${row.problem.statement}\n\nHint:\n\n`)).toBe(true);
      expect(row.problem.reference.startsWith(row.prompt.split("Hint:\n\n")[1] ?? "?")).toBe(true);
    }
  });

  test("an asked name that is taken, a model that is not there, a source without material: a sentence each", async () => {
    await expect(startDataset(deps, study, { ...request("int"), name: "int" })).rejects.toThrow(/"int" in this study already/);
    await expect(startDataset(deps, study, { ...request("int"), name: "../x" })).rejects.toThrow(/begins with a letter/);
    await expect(startDataset(deps, study, { ...request("r1_think"), name: "r1" })).rejects.toThrow(/no attempts by a stronger model than "lab"/);
    await expect(startDataset(deps, study, { ...request("int"), base: "nobody", name: "x" })).rejects.toThrow(/no model "nobody"/);
    await expect(startDataset(deps, study, { ...request("int", { matching: "zz" }), name: "x" })).rejects.toThrow(/no data set "zz"/);
    expect(await deps.prisma.dataset.count({ where: { name: { in: ["../x", "r1", "x"] } } })).toBe(0);
  });
});
