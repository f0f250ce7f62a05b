import { type Command, InvalidArgumentError, Option } from "commander";
import { DECISION_RULES, type DecisionRule, LEAK_RULES, type LeakRule } from "@/server/core/datasets/settings";
import { SOURCE_LABEL, SOURCES, type Source } from "@/server/core/datasets/sources";
import type { DatasetPreview, DatasetView } from "@/server/core/datasets/view";
import { InterveneError } from "@/server/errors";
import { liveWorkers } from "@/server/store/read/workers";
import type { Deps } from "@/server/usecases/deps";
import { wholeNumber } from "../options";
import { count, counted, note, printJson, printLine, table } from "../output";
import { untilEnded } from "../wait";
import { withDeps } from "../with-deps";

interface Options {
  study: string;
  name?: string;
  source?: Source;
  base?: string;
  problemSet?: string;
  from?: string[];
  matching?: string;
  perProblem?: number;
  perAttempt?: number;
  leak: LeakRule;
  decisions: DecisionRule;
  withoutPrefix?: boolean;
  withSuffix?: boolean;
  unfiltered?: boolean;
  anyAnswer?: boolean;
  hintShare?: number;
  hintMix?: number;
  seed?: number;
  preview?: boolean;
  wait?: boolean;
  json?: boolean;
}

const words = SOURCES.map((s) => `${s} (${SOURCE_LABEL[s]})`).join(", ");

export function addDataset(program: Command, done: (status: 0 | 1) => void): void {
  program
    .command("dataset")
    .description("build a data set of training rows, or list a study's data sets")
    .requiredOption("--study <name>", "which study")
    .option("--name <name>", "name of the new data set (left out: list what there is)")
    .addOption(new Option("--source <source>", `where its rows come from: ${words}`).choices(SOURCES))
    .option("--base <model>", "model that it is meant for (default: the study's only served one)")
    .option("--problem-set <name>", "only problems of this set")
    .option("--from <models...>", "only attempts by these models (default: the base model's own; for R1 all others)")
    .option("--matching <dataset>", "only problems that have a row in this data set")
    .option("--per-problem <number>", "at most so many rows of a problem", wholeNumber(0))
    .option("--per-attempt <number>", "self_reflection: at most so many rows of an attempt (1; 0: all)", wholeNumber(0))
    .addOption(
      new Option("--leak <rule>", "int: how interventions that give the answer away are told")
        .choices(LEAK_RULES)
        .default("equivalence"),
    )
    .addOption(
      new Option("--decisions <rule>", "int: people's decisions win, are the only ones taken, or are ignored")
        .choices(DECISION_RULES)
        .default("win"),
    )
    .option("--without-prefix", "int, ablation: the intervention alone")
    .option("--with-suffix", "int, ablation: with a right continuation after it")
    .option("--unfiltered", "int, ablation: every chosen intervention, with or without a success")
    .option("--any-answer", "R1 and self_reflection: wrong answers, too")
    .option("--hint-share <share>", "hint: leading share of the reference, 0 to 1 (0.5)", share)
    .option("--hint-mix <share>", "hint: share of prompts with a hint, 0 to 1 (0.5)", share)
    .option("--seed <number>", "hint: draws the prompts that carry one", wholeNumber(0))
    .option("--preview", "say how many rows there would be, and write none")
    .option("--wait", "wait until it is ready; exit status 1 when it failed or was cancelled")
    .option("--json", "print one JSON document")
    .action((o: Options) =>
      withDeps(async (deps, { env, running, signal }) => {
        const { studyOf } = await import("@/server/usecases/pages/find");
        const study = await studyOf(deps, o.study);
        if (o.source === undefined) {
          if (o.name === undefined && !o.preview) return list(deps, o);
          throw new InterveneError("bad_input", `A data set needs a --source: ${SOURCES.join(", ")}.`);
        }
        const request = { options: await optionsOf(o, o.source), base: o.base };
        if (o.preview) {
          const { previewDataset } = await import("@/server/usecases/datasets/preview");
          const preview = await previewDataset(deps, study, request, Number.POSITIVE_INFINITY);
          return o.json ? printJson(preview) : printLine(funnelText(preview));
        }
        if (o.name === undefined) throw new InterveneError("bad_input", "A new data set needs a --name.");
        if (o.wait && !running && !env.databaseUrl)
          throw new InterveneError(
            "bad_input",
            'Nothing runs on this data folder, so there is nothing to wait for: "npm start" first, or leave out --wait.',
          );
        const { startDataset } = await import("@/server/usecases/datasets/create");
        const made = await startDataset(deps, study, { ...request, name: o.name });
        if ((await liveWorkers(deps.pool)).length === 0)
          note('No worker is at work; it is built when there is one ("npm start", or "intervene worker").');
        if (o.wait) await untilEnded(deps, [made.pipelineId], signal);
        const { readDataset } = await import("@/server/usecases/datasets/pages");
        const dataset = await readDataset(deps, { study: study.name, dataset: made.name });
        if (o.json) await printJson(documentOf(dataset));
        else await printLine(await builtText(dataset));
        done(o.wait && dataset.state !== "ready" ? 1 : 0);
      }),
    );
}

function share(text: string): number {
  const n = Number(text);
  if (text.trim() === "" || !(n >= 0 && n <= 1)) throw new InvalidArgumentError("It must be a number from 0 to 1.");
  return n;
}

/** What was said on the command line; the rest takes the schema's defaults. */
async function optionsOf(o: Options, source: Source) {
  const { datasetOptionsSchema } = await import("@/server/core/datasets/settings");
  return datasetOptionsSchema.parse({
    source,
    problemSet: o.problemSet,
    from: o.from,
    matching: o.matching,
    perProblem: o.perProblem,
    perAttempt: o.perAttempt,
    leak: o.leak,
    decisions: o.decisions,
    withoutPrefix: o.withoutPrefix,
    withSuffix: o.withSuffix,
    unfiltered: o.unfiltered,
    onlyRight: o.anyAnswer ? false : undefined,
    hintShare: o.hintShare,
    hintMix: o.hintMix,
    seed: o.seed,
  });
}

const documentOf = (d: DatasetView) => ({
  name: d.name,
  source: d.source,
  state: d.state,
  rows: d.rows,
  tokens: d.tokens,
  base: d.base,
  digest: d.digest,
  message: d.message,
  manifest: d.manifest,
});

function funnelText(p: Pick<DatasetPreview, "of" | "candidates" | "rows" | "dropped">): string {
  const losses = p.dropped.map((d) => [`  ${d.says}`, `−${count(d.count)}`]);
  return [`${count(p.candidates)} ${p.of} → ${counted(p.rows, "row")}`, table(losses)].filter((t) => t !== "").join("\n");
}

async function builtText(d: DatasetView): Promise<string> {
  if (!d.manifest)
    return d.state === "building"
      ? `Data set "${d.name}" is to be built.`
      : `Data set "${d.name}" ${d.state === "failed" ? "failed" : "was cancelled"}${d.message === "" ? "." : `: ${d.message}`}`;
  const { counts, tokens, digest } = d.manifest;
  return [
    `Data set "${d.name}" is ready.`,
    funnelText(counts),
    `${counted(counts.problems, "problem")}; ${tokens.counted ? `${counted(tokens.total, "token")}, ${tokens.mean.toFixed(1)} a row` : tokens.note}`,
    `sha256 ${digest.value}`,
  ].join("\n");
}

async function list(deps: Deps, o: Options): Promise<void> {
  const { readDatasets } = await import("@/server/usecases/datasets/pages");
  const datasets = await readDatasets(deps, { study: o.study });
  if (o.json)
    return printJson(datasets.map(({ build: _, ...d }) => ({ ...d, createdAt: d.createdAt.toISOString() })));
  if (datasets.length === 0)
    return printLine(`Study "${o.study}" has no data set yet: name one with --name and say its --source.`);
  await printLine(
    table([
      ["name", "source", "state", "rows", "tokens", "base model", "digest"],
      ...datasets.map((d) => [
        d.name,
        SOURCE_LABEL[d.source],
        d.state,
        count(d.rows),
        d.tokens === null ? "" : count(d.tokens),
        d.base ?? "",
        d.digest.slice(0, 12),
      ]),
    ]),
  );
}
