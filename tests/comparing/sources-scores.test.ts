/** Rows of data sets are scored by the real engine on the lab model, part by part, as they are trained. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import type { RowMeta } from "@/server/core/datasets/rows";
import { generateProblems } from "@/server/core/lab/generate";
import { LAB_SOLVE } from "@/server/core/prompts/lab";
import { fillTemplate } from "@/server/core/prompts/template";
import { nllBin } from "@/server/core/scoring/bins";
import { guidedAttempt, joinSteps, splitSteps } from "@/server/core/steps";
import { loadChat } from "@/server/inference/chat";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { startRecipe } from "@/server/usecases/start-recipe";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { LAB_FOLDER } from "../inference/lab-engine";
import { type EngineProcess, spawnEngine } from "../pipeline/support/engine-process";
import { allDone, until } from "../pipeline/support/study";
import { createTestDatabase, type TestDatabase } from "../support/database";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let engine: EngineProcess;
let database: TestDatabase;
let deps: Deps;
let worker: RunningWorker;
let study: { id: string; name: string };
const problems = generateProblems({ n: 6, seed: 77, level: "hard" });
const SUFFIX = "\n\nSo the answer is $7$.\n\n\\boxed{7}";

/** A row, and the texts that its parts are made of, written out by hand. */
interface Made {
  completion: string;
  ends: boolean;
  meta: Partial<RowMeta>;
  parts: Record<string, string>;
}

/** The row of the i-th problem's reference, cut at a step with a sentence in its place. */
function guided(i: number, location: number, more = ""): Made {
  const steps = splitSteps(problems[i]?.referenceSolution ?? "");
  const content = "Ava: $3+4=7$\nBen: $7-2=5$";
  const intervention = "Ava: $3+4=7$\n\nBen: $7-2=5$";
  const before = steps.slice(0, location - 1);
  return {
    completion: guidedAttempt(steps, content, location) + more,
    ends: more !== "",
    meta: { location, pieces: 2 },
    parts: {
      ...(before.length > 0 ? { prefix: `${joinSteps(before)}\n\n` } : {}),
      intervention,
      ...(more === "" ? {} : { suffix: more }),
    },
  };
}

async function makeDataset(name: string, source: string, rows: Made[]): Promise<void> {
  const { prisma } = deps;
  const [model, all] = [await prisma.model.findFirstOrThrow(), await prisma.problem.findMany({ orderBy: { ordinal: "asc" } })];
  const dataset = await prisma.dataset.create({
    data: { studyId: study.id, name, source, settings: {}, modelId: model.id, state: "ready", rows: rows.length },
  });
  for (const [ordinal, row] of rows.entries()) {
    const problem = all[ordinal % all.length];
    if (!problem) throw new Error("no problem");
    let meta = row.meta;
    if (row.parts.suffix !== undefined) {
      const run = await prisma.run.create({ data: { studyId: study.id, stage: "continue", state: "done", settings: {} } });
      const c = await prisma.continuation.create({
        data: { runId: run.id, problemId: problem.id, arm: "intervention", targetId: problem.id, sampleIndex: 0, seed: 1, text: row.parts.suffix, finishReason: "stop", tokens: 1, outcome: "success", reward: 1 },
      });
      meta = { ...meta, suffix: { continuationId: c.id, sample: 0 } };
    }
    const prompt = fillTemplate(LAB_SOLVE.turns[0]?.text ?? "", { problem: problem.statement, reference: "", answer: "", hint: "" });
    await prisma.datasetRow.create({
      data: { datasetId: dataset.id, ordinal, problemId: problem.id, prompt, completion: row.completion, ends: row.ends, meta: meta as object },
    });
  }
}

beforeAll(async () => {
  database = await createTestDatabase("source scores");
  deps = createDeps({ databaseUrl: database.url, name: "test source scores" });
  engine = await spawnEngine();
  study = await deps.prisma.study.create({ data: { name: "sources" } });
  const set = await deps.prisma.problemSet.create({ data: { studyId: study.id, name: "train" } });
  await deps.prisma.model.create({ data: { studyId: study.id, name: "lab", servedName: "lab" } });
  await deps.prisma.problem.createMany({
    data: problems.map((p, ordinal) => ({ studyId: study.id, problemSetId: set.id, key: p.id, ordinal, statement: p.problem, answer: p.answer, reference: p.referenceSolution })),
  });
  worker = await startWorker({ databaseUrl: database.url, inferenceUrl: engine.url, log: () => {} });
});
afterAll(async () => {
  await worker?.stop();
  await engine?.kill("SIGTERM");
  await deps?.close();
  await database?.close();
});

const score = (dataset: string, samples?: number) =>
  startRecipe(deps, { recipe: "score", study: "sources", samples, training: { dataset }, inference: null });

const answer = z.object({
  choices: z.tuple([z.object({ prompt_logprobs: z.array(z.record(z.string(), z.object({ logprob: z.number() })).nullable()) })]),
});

/** What the engine says of a row when it is asked without any of the product's scoring: NLL of each token and where it ends. */
async function independent(row: { prompt: string; completion: string; ends: boolean }): Promise<{ end: number; nll: number }[]> {
  const chat = await loadChat(LAB_FOLDER);
  const messages = [{ role: "user" as const, content: row.prompt }];
  const head = await chat.prompt(messages);
  const ids = await chat.prompt(messages, row.completion);
  if (row.ends) ids.push(chat.turnEnd ?? -1);
  const response = await fetch(`${engine.url}/v1/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "lab", prompt: ids, max_tokens: 1, temperature: 1, prompt_logprobs: 0 }),
  });
  const positions = answer.parse(await response.json()).choices[0].prompt_logprobs;
  const headText = await chat.decode(head);
  return Promise.all(
    ids.slice(head.length).map(async (id, i) => ({
      end: (await chat.decode(ids.slice(0, head.length + i + 1))).length - headText.length,
      nll: -(positions[head.length + i]?.[String(id)]?.logprob ?? Number.NaN),
    })),
  );
}

test("prefix, intervention and suffix are as unlikely as an independent sum over the lab's log-probabilities says", async () => {
  const rows = [guided(0, 3), guided(1, 1), guided(2, 2, SUFFIX), guided(3, 4)];
  await makeDataset("int", "int", rows);
  const { pipelineId } = await score("int");
  await until(deps, pipelineId, "the scores", allDone, 60_000);

  const scores = await deps.prisma.score.findMany({ where: { subject: "dataset_row" }, include: { parts: true } });
  expect(scores).toHaveLength(rows.length);
  const stored = await deps.prisma.datasetRow.findMany({ where: { dataset: { name: "int" } }, orderBy: { ordinal: "asc" } });
  for (const [i, made] of rows.entries()) {
    const row = stored[i];
    const one = scores.find((s) => s.subjectId === row?.id);
    if (!row || !one) throw new Error(`row ${i} has no score`);
    expect(one.attemptId).toBeNull();
    const tokens = await independent(row);
    expect(one.tokenCount).toBe(tokens.length);
    const text = one.tokens.join("");
    expect(text.startsWith(made.completion)).toBe(true);
    expect(text.length > made.completion.length).toBe(made.ends);

    const part = (name: string) => one.parts.find((p) => p.part === name);
    const all = tokens.reduce((sum, t) => sum + t.nll, 0);
    expect(part("whole")?.nll).toBeCloseTo(all, 3);
    expect(one.meanNll).toBeCloseTo(all / tokens.length, 5);
    expect(one.parts.map((p) => p.part).sort()).toEqual(["whole", ...Object.keys(made.parts)].sort());
    let from = 0;
    let counted = 0;
    for (const name of ["prefix", "intervention", "suffix"]) {
      const own = made.parts[name];
      if (own === undefined) continue;
      const until = from + own.length;
      // The end-of-turn token stands after the last part and belongs to it.
      const last = until === made.completion.length;
      const mine = tokens.filter((t) => t.end > from && (last || t.end <= until));
      expect(part(name)?.tokens, `${name} of row ${i}`).toBe(mine.length);
      expect(part(name)?.nll, `${name} of row ${i}`).toBeCloseTo(mine.reduce((sum, t) => sum + t.nll, 0), 3);
      const bins = new Array<number>(part(name)?.bins.length ?? 0).fill(0);
      // A token on the edge of a bin may fall to either side of it from one evaluation to the next.
      for (const t of mine) bins[nllBin(t.nll)] = (bins[nllBin(t.nll)] ?? 0) + 1;
      const apart = bins.reduce((sum, n, b) => sum + Math.abs(n - (part(name)?.bins[b] ?? 0)), 0);
      expect(apart).toBeLessThanOrEqual(2);
      counted += mine.length;
      from = until;
    }
    expect(counted).toBe(tokens.length);
    expect(from).toBe(made.completion.length);
  }
});

test("a sample is a seeded part of the rows; a larger one holds it, and nothing is scored twice", async () => {
  const whole = (text: string): Made => ({ completion: text, ends: true, meta: {}, parts: {} });
  await makeDataset("reference", "reference", problems.map((p) => whole(p.referenceSolution)));
  const { pipelineId } = await score("reference", 2);
  await until(deps, pipelineId, "two scores", allDone, 60_000);
  const ofReference = () =>
    deps.pool.query<{ ordinal: number; parts: string[]; n: number }>(
      `SELECT r.ordinal, array_agg(x.part) AS parts, min(s.token_count) AS n FROM score s JOIN dataset_row r ON r.id = s.subject_id
       JOIN dataset d ON d.id = r.dataset_id JOIN score_part x ON x.score_id = s.id WHERE d.name = 'reference' GROUP BY r.ordinal`,
    );
  const two = (await ofReference()).rows;
  expect(two).toHaveLength(2);
  expect(two.every((r) => r.parts.join() === "whole")).toBe(true);

  await expect(score("reference", 2)).rejects.toThrow(/All 2 rows of this sample of "reference" are scored under "lab" already/);
  const again = await score("reference");
  await until(deps, again.pipelineId, "the others", allDone, 60_000);
  const all = (await ofReference()).rows;
  expect(all.map((r) => r.ordinal).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  const run = await deps.prisma.run.findFirstOrThrow({ where: { pipelineId: again.pipelineId } });
  expect([run.total, run.done, run.state]).toEqual([4, 4, "done"]);
});

test("what cannot be scored is said in words", async () => {
  await expect(score("nothing")).rejects.toThrow(/no data set "nothing"/);
  await makeDataset("hints", "hint", [{ completion: "", ends: false, meta: {}, parts: {} }]);
  await expect(score("hints")).rejects.toThrow(/nothing in them to score/);
  await deps.prisma.dataset.create({ data: { studyId: study.id, name: "young", source: "int", settings: {}, state: "building" } });
  await expect(score("young")).rejects.toThrow(/still being built/);
  await expect(startRecipe(deps, { recipe: "score", study: "sources", inference: null })).rejects.toThrow(/--dataset/);
  const long = { completion: "Ava: $1+1=2$\n\n".repeat(600).trim(), ends: true, meta: {}, parts: {} };
  await makeDataset("long", "reference", [long]);
  const { pipelineId } = await score("long");
  const [run] = await until(deps, pipelineId, "a failure", (all) => all.every((r) => r.state === "failed"), 60_000);
  expect(run?.state).toBe("failed");
  const item = await deps.prisma.workItem.findFirstOrThrow({ where: { run: { pipelineId } } });
  expect(item.error).toMatch(/Row 1 of data set "long" has \d+ tokens with its prompt, and the model "lab" takes \d+/);
});
