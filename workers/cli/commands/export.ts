import { type Command, Option } from "commander";
import { ARMS } from "@/server/core/arms";
import { FILE_KINDS } from "@/server/core/exporting/format";
import type { ExportManifest } from "@/server/core/exporting/manifest";
import { FORMATS } from "@/server/core/exporting/registry";
import { type Filters, LABEL_SOURCES } from "@/server/core/exporting/request";
import { TABLES } from "@/server/core/exporting/shapes";
import type { Env } from "@/server/env";
import { InterveneError } from "@/server/errors";
import { count, counted, note, printJson, printLine } from "../output";
import { userPath } from "../paths";
import { withDatabase } from "../with-database";

interface Options {
  study: string;
  dataset?: string;
  table?: (typeof TABLES)[number];
  format: string;
  out: string;
  file?: (typeof FILE_KINDS)[number];
  names?: boolean;
  openBlindQueue?: string[];
  tokenizer?: string;
  push?: string;
  public?: boolean;
  json?: boolean;
  run?: string;
  problemSet?: string;
  model?: string;
  reward?: "0" | "1";
  chosen?: boolean;
  kept?: boolean;
  withoutLeaks?: boolean;
  arm?: (typeof ARMS)[number];
  subject?: string;
  queue?: string;
  labels?: string[];
}

export function addExport(program: Command): void {
  program
    .command("export")
    .description("write a data set or a table of a study into a folder, with its manifest and card")
    .requiredOption("--study <name>", "which study")
    .option("--dataset <name>", "the data set to write")
    .addOption(new Option("--table <table>", "or a whole table").choices(TABLES))
    .addOption(
      new Option("--format <format>", `what it is written as: ${FORMATS.map((f) => f.id).join(", ")}`).makeOptionMandatory(),
    )
    .requiredOption("--out <folder>", "where to: a folder that does not exist, or is empty")
    .addOption(new Option("--file <kind>", "kind of data file (default: the format's first)").choices(FILE_KINDS))
    .option("--run <id>", "only rows of this run")
    .option("--problem-set <name>", "only problems of this set")
    .option("--model <name>", "only rows of this model")
    .addOption(new Option("--reward <reward>", "only right (1) or wrong (0) ones").choices(["0", "1"]))
    .option("--chosen", "only proposals that were continued")
    .option("--kept", "only proposals with a right continuation")
    .option("--without-leaks", "only proposals that do not state the answer")
    .addOption(new Option("--arm <arm>", "only continuations of this arm").choices(ARMS))
    .option("--subject <subject>", "only scores of this subject")
    .option("--queue <name>", "only decisions of this queue")
    .addOption(new Option("--labels <who...>", "whose first errors count, best first").choices(LABEL_SOURCES))
    .option("--names", "judges' names instead of pseudonyms")
    .option("--open-blind-queue <name...>", "also decisions of these queues, which are blind and still open")
    .option("--tokenizer <folder>", "tokenizer of the base model (default: asked of the inference server)")
    .option("--push <owner/name>", "push it to this dataset repository of the Hugging Face hub, with HF_TOKEN")
    .option("--public", "make that repository public (default: private)")
    .option("--json", "print the manifest as one JSON document")
    .action(async (options: Options) => {
      if ((options.dataset === undefined) === (options.table === undefined))
        throw new InterveneError("bad_input", "Name what to write: --dataset NAME or --table TABLE.");
      const folder = userPath(options.out);
      const { manifest, pushed } = await write(options, folder);
      if (options.json) await printJson({ ...manifest, folder, pushed });
      else await print(manifest, folder, pushed);
    });
}

async function write(options: Options, folder: string) {
  return withDatabase(async (db, env, signal) => {
    const { parseWish, resolve } = await import("@/server/usecases/exports/source");
    const { writeExport } = await import("@/server/usecases/exports/write-export");
    const { toolName } = await import("@/server/usecases/exports/tool");
    const { studyOf } = await import("@/server/usecases/pages/find");
    const { checkPush } = await import("@/server/usecases/exports/start-export");
    const request = parseWish({
      what: options.dataset ? { kind: "dataset", name: options.dataset } : { kind: "table", table: options.table ?? "problems" },
      format: options.format,
      ...(options.file ? { file: options.file } : {}),
      filters: filtersOf(options),
      names: options.names ?? false,
      openBlindQueues: options.openBlindQueue ?? [],
    });
    const push = checkPush(options.push === undefined ? undefined : { repo: options.push, private: !options.public }, env.home);
    if (push && !env.hfToken) throw new InterveneError("bad_input", "Set HF_TOKEN to a token with write access to push.");
    const source = await resolve(db.pool, await studyOf(db, options.study), request);
    let told = Date.now();
    let close = async () => {};
    const encoder = encoderFor(options, env, (c) => {
      close = c;
    });
    const writing = writeExport({ pool: db.pool, encoder, tool: toolName() }, source, {
      folder,
      signal,
      onProgress: (done, total) => {
        if (Date.now() - told < 2_000) return;
        told = Date.now();
        note(`${count(done)} of ${counted(total, "row")} …`);
      },
    });
    const manifest = await writing.finally(() => close());
    if (!push || !env.hfToken) return { manifest, pushed: null };
    const { pushToHub } = await import("@/server/usecases/exports/push-to-hub");
    const summary = `${manifest.format.id}, ${manifest.counts.rows} rows (${manifest.tool})`;
    const pushed = await pushToHub({ endpoint: env.hfEndpoint, token: env.hfToken }, push, folder, { summary, signal });
    return { manifest, pushed };
  });
}

function filtersOf(o: Options): Filters {
  return {
    ...(o.run === undefined ? {} : { run: o.run }),
    ...(o.problemSet === undefined ? {} : { problemSet: o.problemSet }),
    ...(o.model === undefined ? {} : { model: o.model }),
    ...(o.reward === undefined ? {} : { reward: o.reward === "1" ? 1 : 0 }),
    ...(o.chosen ? { chosen: true } : {}),
    ...(o.kept ? { kept: true } : {}),
    ...(o.withoutLeaks ? { withoutLeaks: true } : {}),
    ...(o.arm === undefined ? {} : { arm: o.arm }),
    ...(o.subject === undefined ? {} : { subject: o.subject }),
    ...(o.queue === undefined ? {} : { queue: o.queue }),
    ...(o.labels === undefined ? {} : { labels: LABEL_SOURCES.filter((s) => o.labels?.includes(s)) }),
  };
}

/** The base model's tokenizer: a folder that was named, or what the inference server tells. */
function encoderFor(options: Options, env: Env, closeLater: (close: () => Promise<void>) => void) {
  return async (servedName: string) => {
    if (options.tokenizer !== undefined) {
      const { encoderOf } = await import("@/server/usecases/exports/encoder");
      const { loadChat } = await import("@/server/inference/chat");
      return encoderOf(await loadChat(userPath(options.tokenizer)));
    }
    const { readRuntime } = await import("@/server/home");
    const baseUrl = env.inferenceUrl ?? readRuntime(env.home)?.inferenceUrl;
    if (!baseUrl) {
      throw new InterveneError(
        "bad_input",
        `The format ${options.format} needs the tokenizer of "${servedName}", and no inference server is known: "npm start" first, set INFERENCE_URL, or give --tokenizer FOLDER.`,
      );
    }
    const { ServedEncoders } = await import("@/server/usecases/exports/served-encoder");
    const encoders = new ServedEncoders({ baseUrl, server: env.inferenceServer, apiKey: env.inferenceApiKey });
    closeLater(() => encoders.close()); // a server elsewhere tokenises row by row
    return encoders.get(servedName);
  };
}

async function print(manifest: ExportManifest, folder: string, pushed: { url: string; commit: string } | null): Promise<void> {
  const { counts, files } = manifest;
  const names = files.map((f) => `${f.name} (${(f.bytes / 1e6).toFixed(1)} MB)`).join(", ");
  await printLine(`${counted(counts.rows, "row")} as ${manifest.format.id} in ${folder}: ${names}, manifest.json, README.md.`);
  for (const { reason, count: n } of counts.skipped) await printLine(`Left out: ${counted(n, "row")}, ${reason}.`);
  if (counts.withheldDecisions > 0) {
    await printLine(
      `Held back: ${counted(counts.withheldDecisions, "decision")} of blind queues that are still open (--open-blind-queue NAME takes them).`,
    );
  }
  for (const line of manifest.notes) await printLine(line);
  await printLine(`Digest ${manifest.digest}.`);
  if (pushed) await printLine(`Pushed to ${pushed.url} (commit ${pushed.commit}).`);
}
