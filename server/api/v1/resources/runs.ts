import { z } from "zod";
import { ARMS } from "../../../core/arms";
import { VERIFY_WITH } from "../../../core/verifying/how";
import { RUN_STATES } from "../../../core/run-state";
import { launcherSchema } from "../../../core/training/launcher";
import { sftSettingsSchema } from "../../../core/training/settings";
import { loraSchema } from "../../../core/training/spec";
import { pipelineShape, runDetailShape, runShape } from "../../../core/programs/shapes";
import { CHANGES, changePipeline, changeRun, getPipeline, getRun, listPipelines, listRuns, startRun } from "../../../usecases/programs/runs";
import { jsonBody } from "../body";
import { listRoute } from "../paging";
import { type Route, route } from "../route";
import { idIn, inStudy } from "./params";

const newRun = z.strictObject({
  recipe: z.string().min(1).max(40).meta({ description: "int: intervention training's loop · arms: further arms of its newest run · verify: attempts that are there · reflect: failed ones rewritten · value: steps of one attempt · evaluate, sft, rl, …: training · final-table: all rows of the final table" }),
  model: z.string().max(300).optional().meta({ description: "as the inference server serves it; without one, the only one" }),
  problem_set: z.string().max(300).optional().meta({ description: "without one, the study's only one" }),
  max_problems: z.int().min(0).optional().meta({ description: "how many of its problems, in order; 0 takes all" }),
  samples: z.int().min(1).max(4096).optional().meta({ description: "verify, reflect: per attempt · value: per step · int, evaluate: per problem" }),
  attempts: z.enum(["labelled", "wrong", "all"]).optional().meta({ description: "verify: which attempts; without it the labelled ones, or the wrong ones" }),
  with: z.enum(VERIFY_WITH).optional().meta({ description: "verify: locate alone, or compare with the reference and propose" }),
  max_attempts: z.int().min(0).optional().meta({ description: "verify: at most so many" }),
  continue: z.boolean().optional().meta({ description: "verify: sample continuations from the proposals too" }),
  attempt: z.uuid().optional().meta({ description: "value: whose steps" }),
  every: z.int().min(1).optional().meta({ description: "value: each k-th step" }),
  bisect: z.boolean().optional().meta({ description: "value: around the largest drop" }),
  dataset: z.string().max(200).optional().meta({ description: "sft: name of the data set" }),
  name: z.string().max(200).optional().meta({ description: "training: name of the model that comes out" }),
  evaluate: z.array(z.string().max(200)).max(50).optional().meta({ description: "training: problem sets to evaluate on" }),
  train_set: z.string().max(300).optional().meta({ description: "final-table: problem set to train on; without it the lab's own" }),
  test_sets: z.array(z.string().max(300)).min(1).max(50).optional().meta({ description: "final-table: problem sets that training does not see" }),
  seeds: z.int().min(1).max(100).optional().meta({ description: "final-table: how many, from `seed` on" }),
  sft_learning_rate: z.number().positive().optional().meta({ description: "of the fine-tuning before RL" }),
  seed: z.int().min(0).max(2 ** 31 - 1).optional().meta({ description: "training, value" }),
  epochs: z.number().positive().optional().meta({ description: "sft" }),
  steps: z.int().min(1).optional().meta({ description: "rl" }),
  trainer: z.enum(["embedded", "trl"]).optional().meta({ description: "training: the embedded one, or TRL in Python" }),
  launcher: launcherSchema.optional().meta({ description: "training: where it runs; without it, on the worker's machine" }),
  lora_rank: loraSchema.shape.rank.optional().meta({ description: "training with trl: rank of the adapters that are trained; without it, all weights are" }),
  hold_out: sftSettingsSchema.shape.holdOut.optional().meta({ description: "sft: share of the problems whose rows are not trained, and whose loss is measured" }),
  learning_rate: z.number().positive().optional().meta({ description: "of the last training" }),
  arms: z.array(z.enum(ARMS)).min(1).optional().meta({ description: "int: which arms are continued; without it problem, prefix, original, intervention · arms: which ones are added to the newest run; without it hint, hint_intervention" }),
  bare_answers: z.boolean().optional().meta({ description: "grade an answer that is not in \\boxed{}, too" }),
});

const change = z.enum(CHANGES);
const SAYS = "pause: take no new work · resume: go on · cancel: stop for good, what was made stays · retry: try the failed items again";

export const runRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/studies/{study}/runs",
    id: "startRun",
    tag: "runs",
    summary: "Start a recipe",
    description: "Answers the pipeline at once; workers take it from there. Ask `GET …/pipelines/{pipeline}` until `over` is true.",
    scope: "write",
    params: inStudy,
    body: jsonBody(newRun),
    status: 201,
    answer: pipelineShape,
    async handle({ program, path, body }) {
      const pipeline = await startRun(program.deps, {
        recipe: body.recipe,
        study: path.study,
        model: body.model,
        problemSet: body.problem_set,
        maxProblems: body.max_problems,
        samples: body.samples,
        verify: { attempts: body.attempts, with: body.with, samples: body.samples, limit: body.max_attempts, continue: body.continue },
        value: { attempt: body.attempt, every: body.every, bisect: body.bisect },
        training: {
          dataset: body.dataset,
          name: body.name,
          evaluate: body.evaluate,
          seed: body.seed,
          epochs: body.epochs,
          steps: body.steps,
          learningRate: body.learning_rate,
          sftLearningRate: body.sft_learning_rate,
          trainer: body.trainer,
          launcher: body.launcher,
          loraRank: body.lora_rank,
          holdOut: body.hold_out,
        },
        table: { train: body.train_set, test: body.test_sets, seeds: body.seeds },
        arms: body.arms,
        bareAnswers: body.bare_answers,
        inference: program.inference,
      });
      const at = `/api/v1/studies/${encodeURIComponent(path.study)}/pipelines/${pipeline.id}`;
      return { value: pipeline, headers: { location: at } };
    },
  }),
  listRoute({
    path: "/studies/{study}/pipelines",
    id: "listPipelines",
    tag: "runs",
    summary: "Recipes that were started, oldest first",
    params: inStudy,
    filters: { recipe: z.string().max(40).optional() },
    row: pipelineShape,
    page: ({ program, path, query }, at) => listPipelines(program.deps, path.study, { recipe: query.recipe }, at),
  }),
  route({
    method: "GET",
    path: "/studies/{study}/pipelines/{pipeline}",
    id: "getPipeline",
    tag: "runs",
    summary: "One of them with its stages",
    scope: "read",
    params: idIn("pipeline"),
    answer: pipelineShape,
    handle: async ({ program, path }) => ({ value: await getPipeline(program.deps, path.study, path.pipeline) }),
  }),
  route({
    method: "POST",
    path: "/studies/{study}/pipelines/{pipeline}/{change}",
    id: "changePipeline",
    tag: "runs",
    summary: "Pause, resume, cancel or retry all of its runs",
    description: SAYS,
    scope: "write",
    params: idIn("pipeline").extend({ change }),
    answer: pipelineShape,
    handle: async ({ program, path }) => ({ value: await changePipeline(program.deps, path.study, path.pipeline, path.change) }),
  }),
  listRoute({
    path: "/studies/{study}/runs",
    id: "listRuns",
    tag: "runs",
    summary: "Runs (single stages), oldest first",
    params: inStudy,
    filters: { stage: z.string().max(40).optional(), state: z.enum(RUN_STATES).optional() },
    row: runShape,
    page: ({ program, path, query }, at) => listRuns(program.deps, path.study, { stage: query.stage, state: query.state }, at),
    after: (row) => row.id,
  }),
  route({
    method: "GET",
    path: "/studies/{study}/runs/{run}",
    id: "getRun",
    tag: "runs",
    summary: "One run with its settings and its result",
    scope: "read",
    params: idIn("run"),
    answer: runDetailShape,
    handle: async ({ program, path }) => ({ value: await getRun(program.deps, path.study, path.run) }),
  }),
  route({
    method: "POST",
    path: "/studies/{study}/runs/{run}/{change}",
    id: "changeRun",
    tag: "runs",
    summary: "Pause, resume, cancel or retry one run",
    description: SAYS,
    scope: "write",
    params: idIn("run").extend({ change }),
    answer: runDetailShape,
    handle: async ({ program, path }) => ({ value: await changeRun(program.deps, path.study, path.run, path.change) }),
  }),
];
