import { type Command, Option } from "commander";
import { BASELINE_WORDS } from "@/server/core/statistics/positionBaseline";
import { ANSWER_BY, type AnswerBy, type LocalisationView } from "@/server/core/views/localisation";
import { counted, note, printJson, printLine, table } from "../output";
import { userPath } from "../paths";
import { withDatabase } from "../with-database";

/** localisation prints what its page shows; import-answers brings in answers of models that ran elsewhere. */
export function addLocalisation(program: Command, done: (status: 0 | 1) => void): void {
  program
    .command("localisation")
    .description("how well first errors are located, against labels, beside position-only baselines")
    .requiredOption("--study <name>", "which study")
    .addOption(new Option("--by <what>", "what counts as the model's answer").choices(ANSWER_BY).default("majority"))
    .option("--json", "print one JSON document")
    .action(async (options: { study: string; by: AnswerBy; json?: boolean }) => {
      const view = await withDatabase(async ({ pool }) => {
        const { readLocalisation } = await import("@/server/usecases/pages/localisation");
        return readLocalisation({ pool }, { study: options.study, query: { by: options.by } });
      });
      if (options.json) return printJson(view);
      await printLine(viewText(view));
    });
  program
    .command("import-answers")
    .description("first errors that a model located elsewhere: JSON lines {attempt | problem [+ sample], first_error | prediction}")
    .argument("<file>", "JSON lines; several lines about one attempt are several samples")
    .requiredOption("--study <name>", "which study")
    .requiredOption("--model <name>", "name of the model that gave the answers")
    .option("--json", "print one JSON document")
    .action(async (file: string, options: { study: string; model: string; json?: boolean }) => {
      const report = await withDatabase(async ({ pool }) => {
        const { importAnswers } = await import("@/server/usecases/localisation/import-answers");
        return importAnswers({ pool }, { file: userPath(file), study: options.study, model: options.model });
      });
      // As an import: bad rows are reported, and the work has failed when nothing of the file could be used.
      done(report.added + report.present > 0 ? 0 : 1);
      if (options.json) return printJson(report);
      await printLine(
        `${counted(report.added, "answer")} of ${report.model} added to study "${report.study}", ${report.present} were there already` +
          `${report.outOfRange > 0 ? `, ${report.outOfRange} name a step that is not there` : ""}.`,
      );
      for (const { row, field, reason } of report.bad.slice(0, 20)) note(`row ${row}: ${field} ${reason}`);
      if (report.bad.length > 20) note(`and ${report.bad.length - 20} more bad rows`);
    });
}

const share = (of: { value: number; low: number; high: number } | null) =>
  of === null ? "–" : `${(100 * of.value).toFixed(1)} % (${(100 * of.low).toFixed(1)}–${(100 * of.high).toFixed(1)})`;

function viewText(view: LocalisationView): string {
  if (view.sources.length === 0)
    return `No attempt of study "${view.study}" has a label: import labelled traces, or settle some in a queue.`;
  return view.sources
    .map((s) => {
      const head = `labels by ${s.source}: ${counted(s.labelled, "attempt")}, ${s.withError} with an error`;
      if (s.locators.length === 0) return `${head}\n  no model has verified them yet: intervene run verify --study ${view.study} --model MODEL`;
      const rows = s.locators.flatMap((l) => [
        [`  ${l.model}, ${l.template || l.file}`, String(l.score.traces), share(l.score.f1), share(l.score.withError.accuracy), share(l.score.withoutError.accuracy), share(l.score.exact), share(l.score.withinOne), String(l.relations.unparsed)],
        ...l.baselines.map((b) => [`    position alone: ${BASELINE_WORDS[b.kind]}`, "", share(b.score.f1), share(b.score.withError.accuracy), share(b.score.withoutError.accuracy), share(b.score.exact), share(b.score.withinOne), ""]),
      ]);
      return `${head}\n${table([["  located by", "attempts", "F1", "with an error", "without", "same answer", "within one step", "unread"], ...rows])}`;
    })
    .join("\n\n");
}
