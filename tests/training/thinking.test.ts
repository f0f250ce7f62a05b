/** The sources R1 think and R1 summary from end to end: traces imported and sampled, data sets of both, and training on them. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { datasetOptionsSchema } from "@/server/core/datasets/settings";
import { startDataset } from "@/server/usecases/datasets/create";
import { importFile } from "@/server/usecases/importing/import-file";
import { startRecipe } from "@/server/usecases/start-recipe";
import { allDone, until } from "../pipeline/support/study";
import { THOUGHT, vllmStandIn } from "./support/gpu-servers";
import { trainingSetup } from "./support/setup";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

/** A stronger model, imported and served. */
const [IMPORTED, SAMPLED] = ["DeepSeek-R1", "R1"];
let setup: Awaited<ReturnType<typeof trainingSetup>>;
let server: Awaited<ReturnType<typeof vllmStandIn>>;

beforeAll(async () => {
  setup = await trainingSetup("thinking", {
    inference: async (engineUrl) => {
      server = await vllmStandIn(engineUrl, { thinker: SAMPLED });
      return server.url;
    },
  });
});
afterAll(async () => {
  await setup.close();
  await server.close();
});

async function build(name: string, source: string, o: object) {
  const options = datasetOptionsSchema.parse({ source, problemSet: "train", ...o });
  const { pipelineId, datasetId } = await startDataset(setup.deps, setup.study, { name, options, base: "lab" });
  await until(setup.deps, pipelineId, name, allDone, 60_000);
  return setup.deps.prisma.datasetRow.findMany({ where: { datasetId }, orderBy: { ordinal: "asc" }, include: { problem: true, attempt: { include: { model: true } } } });
}

test("traces are imported and sampled, split at </think>, and each half trains the base model for real steps", async () => {
  const { deps, study, start } = setup;
  // Imported: half of them wrong, one without a thought, one cut off in its answer.
  const problems = await deps.prisma.problem.findMany({ where: { problemSet: { name: "train" } }, orderBy: { ordinal: "asc" } });
  const rows = problems.map((p, i) => ({
    id: p.key,
    problem: p.statement,
    answer: p.answer,
    model: IMPORTED,
    generations: [i === 6 ? `So \\boxed{${p.answer}}.` : `<think>\nWhat is asked? ${p.reference}\n</think>\n\nThe answer is \\boxed{${i % 2 === 0 ? p.answer : "-1"}}.`],
    finish_reasons: [i === 4 ? "length" : "stop"],
  }));
  const file = path.join(setup.home, "traces.jsonl");
  writeFileSync(file, rows.map((r) => `${JSON.stringify(r)}\n`).join(""));
  const report = await importFile({ pool: deps.pool, reports: path.join(setup.home, "reports") }, { file, study: study.name, problemSet: "train" });
  expect(report).toMatchObject({ format: "reasoning", rows: { read: 8, used: 8, bad: 0 }, problems: { added: 0 } });

  // Sampled: as any served model is, by its name; the run makes it a model of the study.
  const { pipelineId } = await startRecipe(deps, { recipe: "evaluate", study: study.name, model: SAMPLED, problemSet: "train", samples: 2, inference: null });
  await until(deps, pipelineId, "the stronger model's samples", allDone, 120_000);
  const sampled = await deps.prisma.attempt.findMany({ where: { model: { name: SAMPLED } } });
  expect(sampled).toHaveLength(16);
  expect(sampled.every((a) => a.text.startsWith(`${THOUGHT}\n\n`) && a.reward !== null)).toBe(true);

  const think = await build("think", "r1_think", { from: [IMPORTED] });
  expect(think.map((r) => [problems.findIndex((p) => p.id === r.problemId), r.ends])).toEqual([[0, false], [2, false], [4, false]]);
  for (const row of think) expect(row.completion).toBe(`<think>\nWhat is asked? ${row.problem.reference}\n</think>`);
  const summary = await build("summary", "r1_summary", { from: [IMPORTED] });
  expect(summary.map((r) => [r.completion, r.ends])).toEqual([0, 2].map((i) => [`The answer is \\boxed{${problems[i]?.answer}}.`, true]));

  // Where nobody says whose, all models but the base one are meant; wrong ones too, where that is said.
  const both = await build("both", "r1_summary", { onlyRight: false });
  expect(new Set(both.map((r) => r.attempt?.model?.name))).toEqual(new Set([IMPORTED, SAMPLED]));
  const own = await build("own", "r1_think", { from: [SAMPLED], onlyRight: false });
  expect(own.map((r) => r.completion)).toEqual(Array.from({ length: 16 }, () => THOUGHT));

  for (const [dataset, epochs] of [["think", 2], ["both", 0.5]] as const) {
    const chain = await start({ dataset, rl: { problemSet: "train" }, change: { sft: { epochs, batchRows: dataset === "think" ? 3 : 4 }, rl: { steps: 1, promptsPerStep: 2, samples: 2 } } });
    await until(deps, chain.pipelineId, `SFT and RL on "${dataset}"`, allDone, 120_000);
    const sft = await setup.trainingOf(chain.runIds[0]);
    expect(sft.step).toBeGreaterThanOrEqual(2);
    const points = await deps.prisma.trainingPoint.findMany({ where: { trainingId: sft.id } });
    expect(points.every((p) => z.object({ loss: z.number().positive() }).loose().parse(p.values).loss > 0)).toBe(true);
  }
});
