import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { attemptQueryOf } from "@/app/search-params";
import { labProblemFromId } from "@/server/core/lab/generate";
import { firstWrongStep } from "@/server/core/lab/truth";
import { locatedText } from "@/server/core/views/localisation";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { readAttemptCount } from "@/server/usecases/pages/attempts";
import { readLocalisation } from "@/server/usecases/pages/localisation";
import { startRecipe } from "@/server/usecases/start-recipe";
import { startWorker } from "@/workers/worker/worker";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type EngineProcess, spawnEngine } from "../pipeline/support/engine-process";
import { allDone, discrepancies, readRuns, smallStudy, until } from "../pipeline/support/study";

// A real model on what is left of two cores.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let engine: EngineProcess;
let database: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  database = await createTestDatabase("localisation pipeline");
  deps = createDeps({ databaseUrl: database.url, name: "test localisation pipeline" });
  engine = await spawnEngine();
});
afterAll(async () => {
  await engine.kill("SIGTERM");
  await deps.close();
  await database.close();
});

const locators = async () => {
  const view = await readLocalisation(deps, { study: "lab", query: { by: "majority" } });
  expect(view.sources.map((s) => s.source)).toEqual(["generator"]);
  return { source: view.sources[0], all: view.sources[0]?.locators ?? [] };
};

test("the lab's model locates first errors in its own attempts, compared with the generator's truth: F1 beside position alone", async () => {
  const study = await smallStudy(deps, 12, { rollout: 4, verify: 2, continuation: 1 });
  const worker = await startWorker({ databaseUrl: database.url, inferenceUrl: engine.url, log: () => {} });
  try {
    await until(deps, study.pipelineId, "the InT run", allDone, 180_000);
    expect(await discrepancies(deps, study)).toEqual([]);

    // Grading has labelled every attempt with the truth.
    const attempts = await deps.prisma.attempt.findMany({ include: { problem: true, labels: true } });
    for (const { problem, text, labels } of attempts) {
      const truth = labProblemFromId(problem.key);
      if (!truth) throw new Error(`${problem.key} is no problem of the lab`);
      expect(labels).toMatchObject([{ source: "generator", firstError: firstWrongStep(truth, text) }]);
    }
    const wrong = attempts.filter((a) => a.labels[0]?.firstError !== null).length;
    const { source, all } = await locators();
    expect(source).toMatchObject({ labelled: 48, withError: wrong });
    // The recipe verifies failed attempts: its F1 is not defined unless one of them has no wrong step.
    expect(all).toHaveLength(1);
    expect(all[0]?.template).toBe("lab/verify@1");
    expect(all[0]?.score.withError.n).toBeGreaterThan(0);

    const { pipelineId, leftOut } = await startRecipe(deps, { recipe: "verify", study: "lab", inference: null, verify: { samples: 2 } });
    expect(leftOut).toEqual([]);
    await until(deps, pipelineId, "verification of all labelled attempts", allDone, 120_000);
    expect(await readRuns(deps, pipelineId)).toMatchObject([{ stage: "verify", state: "done", total: 96, done: 96, failed: 0 }]);
    // No attempt has got a second proposal that goes on, and nothing was continued.
    expect(await discrepancies(deps, study).then((d) => d.filter((line) => /two chosen|continuations/.test(line)))).toEqual([]);

    const verified = (await locators()).all.find((l) => l.score.traces === 48);
    if (!verified) throw new Error("the verification of all attempts is not on the page");
    const { score, relations, baselines, runId } = verified;
    expect(score.withError.n).toBe(wrong);
    expect(score.f1?.value).toBeGreaterThan(0);
    expect(relations.agrees + relations.near + relations.differs + relations.unparsed).toBe(48);
    // A model of three million parameters beats position alone by far on what it was trained for.
    const best = Math.max(...baselines.map((b) => b.score.f1?.value ?? 0));
    expect(score.f1?.value).toBeGreaterThan(best);
    const located = locatedText({ runId, by: "majority", source: "generator", label: "any", said: "agrees" });
    expect(await readAttemptCount(deps, { study: "lab", query: attemptQueryOf({ located }) })).toMatchObject({ count: relations.agrees });
    const shown = (x: { value: number; low: number; high: number } | null | undefined) => (x ? `${(100 * x.value).toFixed(1)} % (${(100 * x.low).toFixed(1)} to ${(100 * x.high).toFixed(1)})` : "none");
    console.info(`lab: F1 ${shown(score.f1)}, with an error ${shown(score.withError.accuracy)} of ${score.withError.n}, without ${shown(score.withoutError.accuracy)} of ${score.withoutError.n}; position alone ${(100 * best).toFixed(1)} %`);
  } finally {
    await worker.stop();
  }
});

test("verification that goes on: proposals of the recipe are continued and judged where the attempt had none", async () => {
  const others = await deps.prisma.study.create({ data: { name: "others", kind: "user" } });
  const model = await deps.prisma.model.create({ data: { studyId: others.id, name: "lab", servedName: "lab" } });
  // Attempts of the lab study, as if imported into another one.
  await deps.pool.query("INSERT INTO problem_set (id, study_id, name) VALUES (gen_random_uuid(), $1, 'copied')", [others.id]);
  await deps.pool.query("INSERT INTO run (id, study_id, stage, state, settings, model_id) VALUES (gen_random_uuid(), $1, 'import', 'done', '{}', $2)", [others.id, model.id]);
  await deps.pool.query(
    `INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer, reference)
     SELECT gen_random_uuid(), $1, (SELECT id FROM problem_set WHERE study_id = $1), p.key, p.ordinal, p.statement, p.answer, p.reference
     FROM problem p JOIN study s ON s.id = p.study_id AND s.name = 'lab'`,
    [others.id],
  );
  await deps.pool.query(
    `INSERT INTO attempt (id, run_id, problem_id, model_id, sample_index, text, finish_reason, tokens, steps, reward)
     SELECT gen_random_uuid(), (SELECT id FROM run WHERE study_id = $1 AND stage = 'import'), n.id, $2, a.sample_index, a.text, 'imported', 0, a.steps, a.reward
     FROM attempt a JOIN problem p ON p.id = a.problem_id JOIN problem n ON n.key = p.key AND n.study_id = $1
     WHERE a.reward = 0 AND p.study_id <> $1 LIMIT 6`,
    [others.id, model.id],
  );
  const worker = await startWorker({ databaseUrl: database.url, inferenceUrl: engine.url, log: () => {} });
  try {
    const { pipelineId } = await startRecipe(deps, { recipe: "verify", study: "others", inference: null, verify: { attempts: "wrong", samples: 2, continue: true } });
    const runs = await until(deps, pipelineId, "verify, continue, keep", allDone, 120_000);
    expect(runs.map((r) => r.stage)).toEqual(["verify", "continue", "keep"]);
    const chosen = await deps.prisma.proposal.count({ where: { chosen: true, run: { pipelineId } } });
    expect(chosen).toBeGreaterThan(0);
    expect(runs[1]?.done).toBe(chosen * 3 * 8);
    expect(await deps.prisma.proposal.count({ where: { chosen: true, kept: { not: null }, run: { pipelineId } } })).toBe(chosen);
  } finally {
    await worker.stop();
  }
});

test("what cannot be verified so is refused, or left out, with words for a person", async () => {
  const start = (verify: object, study = "lab") => startRecipe(deps, { recipe: "verify", study, inference: null, verify });
  await expect(start({ with: "critique" })).rejects.toThrow("it knows --with propose alone");
  await expect(start({}, "nothing")).rejects.toThrow('There is no study "nothing"');
  const big = await deps.prisma.study.create({ data: { name: "big" } });
  await deps.prisma.model.create({ data: { studyId: big.id, name: "Qwen", servedName: "Qwen" } });
  await expect(start({}, "big")).rejects.toThrow("has no wrong attempts to verify");
  await expect(start({ with: "critique", continue: true }, "big")).rejects.toThrow("proposes nothing to continue from");
  const set = await deps.prisma.problemSet.create({ data: { studyId: big.id, name: "set" } });
  const run = await deps.prisma.run.create({ data: { studyId: big.id, stage: "import", settings: {} } });
  const attempt = async (key: string, reference: string, reward: number) => {
    const problem = await deps.prisma.problem.create({ data: { studyId: big.id, problemSetId: set.id, key, ordinal: 0, statement: key, answer: "1", reference } });
    const row = { runId: run.id, problemId: problem.id, sampleIndex: 0, text: "one\n\ntwo", finishReason: "imported", tokens: 0, steps: 2, reward };
    await deps.prisma.attempt.create({ data: { ...row, labels: { create: { source: "people", firstError: reward ? null : 1 } } } });
  };
  await attempt("a", "", 0);
  await attempt("b", "so 1", 1);
  await expect(start({ with: "propose" }, "big")).rejects.toThrow("compares with a reference solution");
  await attempt("c", "so 1", 0);
  const propose = await start({ with: "propose" }, "big");
  expect(propose.leftOut?.map((l) => l.attempts)).toEqual([1, 1]);
  // A critique needs neither a reference nor a wrong answer.
  const critique = await start({}, "big");
  expect(await readRuns(deps, critique.pipelineId)).toMatchObject([{ stage: "verify", total: 3 * 4 }]);
});
