import { type Command, Option } from "commander";
import { ARMS, type Arm } from "@/server/core/arms";
import type { LauncherSettings } from "@/server/core/training/launcher";
import { InterveneError } from "@/server/errors";
import { liveWorkers } from "@/server/store/read/workers";
import { VERIFIABLE, type Verifiable } from "@/server/store/read/verifiable";
import { VERIFY_WITH, type VerifyWith } from "@/server/core/verifying/how";
import { aboveZero, launcher, share, wholeNumber } from "../options";
import { counted, note, printJson, printLine } from "../output";
import { stagesOf, stagesText, untilEnded } from "../wait";
import { withDeps } from "../with-deps";

interface Options {
  study: string;
  attempt?: string;
  every?: number;
  bisect?: boolean;
  model?: string;
  problemSet?: string;
  maxProblems?: number;
  bareAnswers?: boolean;
  attempts?: Verifiable;
  with?: VerifyWith;
  samples?: number;
  from?: string[];
  maxAttempts?: number;
  arms?: Arm[];
  continue?: boolean;
  dataset?: string;
  name?: string;
  evaluate?: string[];
  seed?: number;
  threads?: number;
  epochs?: number;
  steps?: number;
  learningRate?: number;
  sftLearningRate?: number;
  trainSet?: string;
  testSets?: string[];
  seeds?: number;
  launcher?: LauncherSettings;
  loraRank?: number;
  holdOut?: number;
  trainer?: "embedded" | "trl";
  wait?: boolean;
  json?: boolean;
}

export function addRun(program: Command, done: (status: 0 | 1) => void): void {
  program
    .command("run")
    .description(
      [
        "start a recipe on a study",
        "int: intervention training's loop · arms: further arms of its newest run · verify: verify attempts that are there · reflect: have failed ones rewritten",
        "sft, rl, hint-rl, sft-rl: train, then evaluate what came out · evaluate: sample and grade",
        "score: how likely the rows of a data set are under a model, token by token",
        "final-table: all six rows of the paper's final table, data sets and evaluations included; repeated, it starts what is missing",
      ].join("\n"),
    )
    .argument("<recipe>", "one of those")
    .requiredOption("--study <name>", "which study")
    .option("--model <name>", "model to sample, as the inference server serves it (default: the only one)")
    .option("--problem-set <name>", "problem set (default: the study's only one)")
    .option("--max-problems <number>", "how many of its problems, in order; 0 takes all", wholeNumber(0))
    .option(
      "--bare-answers",
      'grade an answer that is not in \\boxed{}: after ####, "the answer is", or a bare last line',
    )
    .addOption(
      new Option("--attempts <which>", "verify: which attempts (default: the labelled ones, or the wrong ones)").choices(VERIFIABLE),
    )
    .addOption(
      new Option("--with <how>", "verify: locate alone, or compare with the reference and propose (default: critique)").choices(VERIFY_WITH),
    )
    .addOption(
      new Option(
        "--arms <arms...>",
        "int: which arms are continued (default: problem prefix original intervention); arms: which ones are added (default: hint hint_intervention)",
      ).choices(ARMS),
    )
    .option("--samples <number>", "int, evaluate: per problem; verify, reflect: per attempt; value: per step (default 16); score: rows (default 64)", wholeNumber(1))
    .option("--from <models...>", "reflect: failed attempts by these models (default: the model's own)")
    .option("--attempt <id>", "value: the attempt whose steps are valued")
    .option("--every <number>", "value: each k-th step (default: every step)", wholeNumber(1))
    .option("--bisect", "value: a few steps, then midpoints around the largest drop")
    .option("--max-attempts <number>", "verify: at most so many attempts", wholeNumber(0))
    .option("--dataset <name>", "sft, sft-rl: the data set to fine-tune on; score: the one whose rows are scored")
    .option("--name <name>", "sft, rl, …: name of the model that comes out")
    .option("--evaluate <sets...>", "sft, rl, …: problem sets to evaluate on afterwards")
    .option("--seed <number>", "sft, rl, …: seed of the training and its evaluation (default 1); value: of its samples", wholeNumber(0))
    .option("--threads <number>", "sft, rl, …: cores to compute on (default 2)", wholeNumber(1))
    .option("--launcher <where>", "sft, rl, …: local, slurm:partition=…,gres=…,host=… or ray:address=…,gpus=… (default: local)", launcher)
    .addOption(
      new Option("--trainer <which>", "sft, rl, …: embedded (default), or trl (Python; see trainer setup)").choices(["embedded", "trl"]),
    )
    .option("--lora-rank <number>", "sft, rl, … with trl: train adapters (LoRA) of this rank, at ten times the rate (default: all weights)", wholeNumber(1, 1024))
    .option("--hold-out <share>", "sft, sft-rl, final-table: leave the rows of so many problems out, and measure their loss (default 0)", share(0, 0.9))
    .option("--epochs <number>", "sft: times through the data set", aboveZero)
    .option("--steps <number>", "rl: optimizer steps", wholeNumber(1))
    .option("--learning-rate <number>", "sft, rl, …: of the recipe's last training", aboveZero)
    .option("--sft-learning-rate <number>", "sft-rl, final-table: of the fine-tuning before RL", aboveZero)
    .option("--train-set <name>", "final-table: problem set to train on (default: the lab's own)")
    .option("--test-sets <names...>", "final-table: problem sets that training does not see (default: the lab's own)")
    .option("--seeds <number>", "final-table: how many seeds, from --seed on (default 1)", wholeNumber(1))
    .option("--continue", "verify: sample continuations from the proposals too")
    .option("--wait", "wait until it has ended; exit status 1 when it failed or was cancelled")
    .option("--json", "print one JSON document")
    .action((recipe: string, options: Options) =>
      withDeps(async (deps, { env, running, signal }) => {
        const { wait, json, attempts, with: how, samples, maxAttempts: limit, continue: goOn, ...rest } = options;
        const { attempt, every, bisect, trainSet: train, testSets: test, seeds, model, problemSet, maxProblems, bareAnswers, from, arms, study, ...training } = rest;
        const names = { study, model, problemSet, maxProblems, bareAnswers, from, arms };
        const verify = { attempts, with: how, samples, limit, continue: goOn };
        if (wait && !running && !env.databaseUrl) {
          const message =
            'Nothing runs on this data folder, so there is nothing to wait for: "npm start" first, or leave out --wait.';
          throw new InterveneError("bad_input", message);
        }
        const baseUrl = env.inferenceUrl ?? running?.inferenceUrl;
        const inference = baseUrl ? { baseUrl, server: env.inferenceServer, apiKey: env.inferenceApiKey } : null;
        const { startRecipe } = await import("@/server/usecases/start-recipe");
        const asked = { recipe, ...names, samples, verify, training, table: { train, test, seeds }, value: { attempt, every, bisect }, inference };
        const { pipelineId, also = [], leftOut } = await startRecipe(deps, asked);
        for (const { reason, attempts: n } of leftOut ?? []) note(`${counted(n, "attempt")} left out: ${reason}.`);
        const workers = await liveWorkers(deps.pool);
        if (workers.length === 0)
          note('No worker is at work; the run begins when there is one ("npm start", or "intervene worker").');
        const stages = wait ? await untilEnded(deps, [pipelineId, ...also], signal) : await stagesOf(deps, [pipelineId, ...also]);
        const runs = stages.map((s) => ({
          id: s.runId,
          stage: s.stage,
          state: s.state,
          total: s.total,
          done: s.done,
          failed: s.failed,
        }));
        if (json) await printJson({ study: options.study, recipe, pipeline: pipelineId, ...(also.length > 0 ? { also } : {}), runs });
        else
          await printLine(
            `${recipe} on study "${options.study}" ${wait ? `has ended: ${stagesText(stages)}` : "is started"}.`,
          );
        done(wait && stages.some((s) => s.state !== "done") ? 1 : 0);
      }),
    );
}
