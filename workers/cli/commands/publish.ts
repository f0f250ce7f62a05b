import { type Command, Option } from "commander";
import type { PublicationManifest } from "@/server/core/publishing/manifest";
import { ATTEMPT_CHOICES, type PublishWish } from "@/server/core/publishing/request";
import { InterveneError } from "@/server/errors";
import { count, counted, note, printJson, printLine } from "../output";
import { userPath } from "../paths";
import { withDatabase } from "../with-database";

interface Options {
  study: string;
  out: string;
  attempts: string;
  seed: string;
  anonymous?: boolean;
  withDecisions?: boolean;
  names?: boolean;
  json?: boolean;
}

export function addPublish(program: Command): void {
  program
    .command("publish")
    .description("write a study as a folder of static, read-only pages that open from files or any web server")
    .requiredOption("--study <name>", "which study")
    .requiredOption("--out <folder>", "where to: a folder that does not exist, or is empty")
    .addOption(new Option("--attempts <which>", `${ATTEMPT_CHOICES.join(", ")}, or so many drawn from all`).default("all"))
    .addOption(new Option("--seed <n>", "decides which ones a number draws").default("0"))
    .option("--anonymous", "for review without names: no names of the study and its models, no notes, no times of day")
    .option("--with-decisions", 'also what people decided and rewrote, as "judge 1", "judge 2", …')
    .option("--names", "judges by name")
    .option("--json", "print the manifest as one JSON document")
    .action(async (options: Options) => {
      const folder = userPath(options.out);
      const manifest = await publish(options, folder);
      if (options.json) await printJson({ ...manifest, folder });
      else await print(manifest, folder);
    });
}

function wishOf(o: Options): PublishWish {
  const word = ATTEMPT_CHOICES.find((choice) => choice === o.attempts);
  if (word === undefined && !/^[1-9]\d{0,6}$/.test(o.attempts))
    throw new InterveneError("bad_input", `--attempts is ${ATTEMPT_CHOICES.join(", ")} or a number, not "${o.attempts}".`);
  if (!/^\d{1,9}$/.test(o.seed)) throw new InterveneError("bad_input", `--seed is a whole number, not "${o.seed}".`);
  return {
    attempts: word ?? Number(o.attempts),
    seed: Number(o.seed),
    anonymous: o.anonymous === true,
    decisions: o.withDecisions === true,
    names: o.names === true,
  };
}

async function publish(options: Options, folder: string): Promise<PublicationManifest> {
  const wish = wishOf(options);
  return withDatabase(async (db, _, signal) => {
    const { parsePublishWish } = await import("@/server/usecases/publishing/start");
    const { writePublication } = await import("@/server/usecases/publishing/write-publication");
    const { toolName } = await import("@/server/usecases/exports/tool");
    const { studyOf } = await import("@/server/usecases/pages/find");
    const request = parsePublishWish(wish);
    let told = Date.now();
    return writePublication({ pool: db.pool, tool: toolName() }, await studyOf(db, options.study), request, {
      folder,
      signal,
      onProgress: (done, total) => {
        if (Date.now() - told < 2_000) return;
        told = Date.now();
        note(`${count(done)} of ${counted(total, "attempt")} …`);
      },
    });
  });
}

async function print({ counts, files, bytes, digest }: PublicationManifest, folder: string): Promise<void> {
  await printLine(
    `${counted(counts.attempts, "attempt")} at ${counted(counts.problems, "problem")} with ${counted(counts.continuations, "continuation")} in ${folder}: open index.html (${count(files)} files, ${(bytes / 1e6).toFixed(1)} MB).`,
  );
  if (counts.decisions > 0) await printLine(`With ${counted(counts.decisions, "decision")} of people.`);
  if (counts.withheldDecisions > 0)
    await printLine(`Held back: ${counted(counts.withheldDecisions, "decision")} of blind queues that are still open.`);
  await printLine(`Digest ${digest}.`);
}
