import { setTimeout as sleep } from "node:timers/promises";
import { type Command, Option } from "commander";
import { isOver } from "@/server/core/run-state";
import { InterveneError } from "@/server/errors";
import { liveWorkers } from "@/server/store/read/workers";
import { listStages, type StageRow } from "@/server/store/views/stages";
import { VERIFIABLE, type Verifiable } from "@/server/store/read/verifiable";
import type { Deps } from "@/server/usecases/deps";
import { VERIFY_WITH, type VerifyWith } from "@/server/core/verifying/how";
import { wholeNumber } from "../options";
import { count, counted, note, printJson, printLine } from "../output";
import { withDeps } from "../with-deps";

interface Options {
  study: string;
  model?: string;
  problemSet?: string;
  maxProblems?: number;
  bareAnswers?: boolean;
  attempts?: Verifiable;
  with?: VerifyWith;
  samples?: number;
  maxAttempts?: number;
  continue?: boolean;
  wait?: boolean;
  json?: boolean;
}

export function addRun(program: Command, done: (status: 0 | 1) => void): void {
  program
    .command("run")
    .description(
      'start a recipe on a study: "int" runs intervention training\'s loop, "verify" verifies attempts that are there',
    )
    .argument("<recipe>", "int, verify")
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
    .option("--samples <number>", "verify: samples per attempt", wholeNumber(1))
    .option("--max-attempts <number>", "verify: at most so many attempts", wholeNumber(0))
    .option("--continue", "verify: sample continuations from the proposals too")
    .option("--wait", "wait until it has ended; exit status 1 when it failed or was cancelled")
    .option("--json", "print one JSON document")
    .action((recipe: string, options: Options) =>
      withDeps(async (deps, { env, running, signal }) => {
        const { wait, json, attempts, with: how, samples, maxAttempts: limit, continue: goOn, ...names } = options;
        const verify = { attempts, with: how, samples, limit, continue: goOn };
        if (wait && !running && !env.databaseUrl) {
          const message =
            'Nothing runs on this data folder, so there is nothing to wait for: "npm start" first, or leave out --wait.';
          throw new InterveneError("bad_input", message);
        }
        const baseUrl = env.inferenceUrl ?? running?.inferenceUrl;
        const inference = baseUrl ? { baseUrl, apiKey: env.inferenceApiKey } : null;
        const { startRecipe } = await import("@/server/usecases/start-recipe");
        const { pipelineId, leftOut } = await startRecipe(deps, { recipe, ...names, verify, inference });
        for (const { reason, attempts: n } of leftOut ?? []) note(`${counted(n, "attempt")} left out: ${reason}.`);
        const workers = await liveWorkers(deps.pool);
        if (workers.length === 0)
          note('No worker is at work; the run begins when there is one ("npm start", or "intervene worker").');
        const stages = wait ? await ended(deps, pipelineId, signal) : await listStages(deps.pool, pipelineId);
        const runs = stages.map((s) => ({
          id: s.runId,
          stage: s.stage,
          state: s.state,
          total: s.total,
          done: s.done,
          failed: s.failed,
        }));
        if (json) await printJson({ study: options.study, recipe, pipeline: pipelineId, runs });
        else
          await printLine(
            `${recipe} on study "${options.study}" ${wait ? `has ended: ${summary(stages)}` : "is started"}.`,
          );
        done(wait && stages.some((s) => s.state !== "done") ? 1 : 0);
      }),
    );
}

const POLL = 1_000;
const TELL_EVERY = 5_000;

const summary = (stages: readonly StageRow[]) =>
  stages
    .map(
      (s) =>
        `${s.stage} ${count(s.done)}/${count(s.total)}${s.failed > 0 ? ` (${count(s.failed)} failed)` : ""}${s.state === "done" || s.state === "running" ? "" : ` ${s.state}`}`,
    )
    .join(", ");

/** The stages once every run is over. @throws InterveneError("unavailable") when stopped by a signal; the run goes on. */
async function ended(deps: Deps, pipelineId: string, signal: AbortSignal): Promise<StageRow[]> {
  let told = "";
  for (let last = 0; ; ) {
    const stages = await listStages(deps.pool, pipelineId);
    if (stages.every((s) => isOver(s.state))) return stages;
    const line = summary(stages);
    if (Date.now() - last >= TELL_EVERY && line !== told) {
      last = Date.now();
      told = line;
      note(line);
    }
    await sleep(POLL, undefined, { signal }).catch(() => {});
    if (signal.aborted) throw new InterveneError("unavailable", "Not waiting any longer; the run goes on.");
  }
}
