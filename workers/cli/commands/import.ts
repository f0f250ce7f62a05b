import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { FORMAT_IDS } from "@/server/core/importing/formats";
import { parseMapping } from "@/server/core/importing/mapping";
import { hubOf } from "@/server/core/importing/settings";
import { type ColumnMapping, IMPORT_KINDS, type ImportKind } from "@/server/core/importing/record";
import type { ImportReport } from "@/server/core/importing/report";
import { count, counted, note, printJson, printLine } from "../output";
import { userPath } from "../paths";
import { withDatabase } from "../with-database";

interface Options {
  study: string;
  as?: ImportKind;
  format: string;
  problemSet?: string;
  map: ColumnMapping;
  json?: boolean;
}

export function addImport(program: Command, done: (status: 0 | 1) => void): void {
  program
    .command("import")
    .description("read problems, attempts or labelled traces from a file into a study")
    .argument("<file>", "JSON lines, JSON, CSV, TSV or Parquet (also with gzip or zstd), or an Inspect AI log; or hub:NAME[:CONFIGURATION[:SPLIT]], a dataset of the Hugging Face hub")
    .requiredOption("--study <name>", "study to fill; made when there is none of this name")
    .addOption(new Option("--as <kind>", "take only this (default: all that the file holds)").choices(IMPORT_KINDS))
    .addOption(
      new Option("--format <format>", "what the file is")
        .choices(["auto", ...FORMAT_IDS])
        .default("auto"),
    )
    .option("--problem-set <name>", "problem set to fill (default: named after the file)")
    .addOption(
      new Option("--map <field=column>", 'read one of our fields from a column (a path with dots), or set it for all rows: field="text"')
        .argParser(addToMapping)
        .default({}, "none"),
    )
    .option("--json", "print the report as one JSON document")
    .action(async (file: string, options: Options) => {
      // A wrong name is told before a database is started for it.
      const hub = file.startsWith("hub:") ? hubOf(file.slice("hub:".length)) : null;
      if (!hub) {
        const { openRows } = await import("@/server/usecases/importing/open");
        await openRows(userPath(file));
      }
      const report = await withDatabase(async (db, env, signal) => {
        const { importFile, importRows } = await import("@/server/usecases/importing/import-file");
        let told = Date.now();
        const tell = (text: string) => {
          if (text === "" || Date.now() - told < 2_000) return;
          told = Date.now();
          note(text);
        };
        const deps = {
          pool: db.pool,
          reports: path.join(env.home, "reports"),
          signal,
          onProgress: (rows: number) => tell(`${count(rows)} rows read …`),
        };
        const wish = { ...options, mapping: options.map };
        if (!hub) return importFile(deps, { ...wish, file: userPath(file) });
        const { hubFolder, openSource } = await import("@/server/usecases/importing/source");
        const runId = randomUUID();
        try {
          const files = { home: env.home, hub: { endpoint: env.hfEndpoint, token: env.hfToken } };
          const source = await openSource(files, { hub }, { runId, signal, onFetch: async (text) => tell(text) });
          return await importRows(deps, { ...wish, ...source });
        } finally {
          await rm(hubFolder(env.home, runId), { recursive: true, force: true });
        }
      });
      if (options.json) await printJson(report);
      else await printReport(report);
      // Nothing of the file could be used: the work failed, however clear the report is.
      done(report.rows.used > 0 ? 0 : 1);
    });
}

function addToMapping(text: string, before: ColumnMapping): ColumnMapping {
  const parsed = parseMapping(text);
  if (typeof parsed === "string") throw new InvalidArgumentError(`${parsed}.`);
  return { ...before, [parsed.target]: parsed.source };
}

async function printReport(r: ImportReport): Promise<void> {
  const changed = r.problems.added + r.attempts.added + r.labels + r.verifications + r.proposals;
  await printLine(r.detected);
  const parts = [
    `${counted(r.problems.added, "problem")} added (${count(r.problems.present)} ${r.problems.present === 1 ? "row" : "rows"} met one already there)`,
  ];
  if (r.attempts.added + r.attempts.present > 0) {
    parts.push(`${counted(r.attempts.added, "attempt")} added (${count(r.attempts.present)} already there)`);
  }
  if (r.labels > 0) parts.push(`${counted(r.labels, "label")} of the first error`);
  if (r.verifications > 0) parts.push(counted(r.verifications, "verification"));
  if (r.proposals > 0) parts.push(counted(r.proposals, "proposal"));
  await printLine(`Study "${r.study}", problem set "${r.problemSet}": ${parts.join(", ")}.`);
  if (changed === 0 && r.rows.used > 0) await printLine("Everything was there already; nothing was changed.");
  const { right, wrong, sameAsFile, otherThanFile } = r.grades;
  if (right + wrong > 0) {
    const compared =
      sameAsFile + otherThanFile > 0
        ? `; ${count(sameAsFile)} of ${counted(sameAsFile + otherThanFile, "verdict")} of the file are the grader's too`
        : "";
    await printLine(`Graded: ${count(right)} right, ${count(wrong)} wrong${compared}.`);
  }
  if (r.grades.none > 0) await printLine(`${counted(r.grades.none, "attempt")} not graded: the problem's answer is not known.`);
  for (const d of r.differences) {
    const ours = d.ours ? "right" : "wrong";
    const got = d.extracted === null ? "no answer" : `"${d.extracted}"`;
    await printLine(
      `  row ${d.row}, ${d.model}: ${got} for "${d.gold}" is ${ours} here (${d.reason}), not in the file`,
    );
  }
  if (otherThanFile > r.differences.length)
    await printLine(`  and ${count(otherThanFile - r.differences.length)} more`);
  if (r.notKept.length > 0) await printLine(`Not kept: ${r.notKept.join(", ")}.`);
  for (const b of r.repairedRows) await printLine(`  row ${b.row}: repaired ${b.reason}`);
  if (r.rows.bad > 0) {
    await printLine(`${counted(r.rows.bad, "row")} of ${count(r.rows.read)} could not be used:`);
    for (const b of r.badRows) await printLine(`  row ${b.row}, ${b.field}: ${b.reason}`);
    if (r.rows.bad > r.badRows.length) await printLine(`  and ${count(r.rows.bad - r.badRows.length)} more`);
  }
  if (r.reportFile) await printLine(`All of them: ${r.reportFile}`);
  const rate = r.rows.read / r.seconds;
  const megabytes = r.bytes / 1e6 / r.seconds;
  await printLine(
    `${counted(r.rows.read, "row")} in ${r.seconds.toFixed(1)} s (${count(Math.round(rate))} rows/s, ${megabytes.toFixed(1)} MB/s).`,
  );
}
