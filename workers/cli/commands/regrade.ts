import type { Command } from "commander";
import { InterveneError } from "@/server/errors";
import { findStudy } from "@/server/store/views/studies";
import { counted, printJson, printLine } from "../output";
import { withDatabase } from "../with-database";

export function addRegrade(program: Command): void {
  program
    .command("regrade")
    .description("grade a study's answers with this version of the grader; earlier grades stay")
    .requiredOption("--study <name>", "which study")
    .option("--json", "print one JSON document")
    .action((options: { study: string; json?: boolean }) =>
      withDatabase(async (db) => {
        const study = await findStudy(db.pool, options.study);
        if (!study)
          throw new InterveneError("not_found", `There is no study "${options.study}"; "intervene status" lists them all.`);
        const { regradeStudy } = await import("@/server/usecases/regrade");
        const runs = await regradeStudy(db, study.id);
        if (options.json) return printJson({ study: options.study, runs });
        const lines = runs.map(
          (r) => `${r.stage}: ${counted(r.added, "grade")} added, ${counted(r.changed, "reward")} changed${r.keptChanged > 0 ? `, ${counted(r.keptChanged, "proposal")} judged otherwise` : ""}`,
        );
        return printLine(lines.length > 0 ? lines.join("\n") : `Study "${options.study}" has no answers yet.`);
      }),
    );
}
