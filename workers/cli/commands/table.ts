import { type Command, InvalidArgumentError, Option } from "commander";
import { finalTableMarkdown } from "@/server/core/comparing/markdown";
import { RESAMPLES } from "@/server/core/statistics/intervals";
import { note, print, printJson } from "../output";
import { withDatabase } from "../with-database";

/** table prints what the page of the final table shows. */
export function addTable(program: Command): void {
  program
    .command("table")
    .description("the final table: pass@k of every evaluated lineage, with intervals and paired differences to a baseline row")
    .requiredOption("--study <name>", "which study")
    .option("--k <numbers>", "pass@k for each of these, e.g. 1,8", wholeNumbers, [1])
    .option("--sets <names...>", "problem sets, in this order (all that something was evaluated on)")
    .option("--baseline <row>", 'the row that others are compared with (the first one, "base")')
    .addOption(new Option("--json", "print one JSON document").conflicts("markdown"))
    .option("--markdown", "print Markdown (this is what it does anyway)")
    .action(async (options: { study: string; k: number[]; sets?: string[]; baseline?: string; json?: boolean }) => {
      const table = await withDatabase(async ({ pool }) => {
        const { finalTable } = await import("@/server/usecases/comparing/final-table");
        const query = { ks: options.k, sets: options.sets, baseline: options.baseline };
        return finalTable({ pool }, { study: options.study, query, resamples: RESAMPLES });
      });
      if (options.json) return printJson(table);
      if (table.rows.some((row) => row.atWork)) note("Some evaluations are still at work: their figures are provisional.");
      await print(finalTableMarkdown(table));
    });
}

function wholeNumbers(text: string): number[] {
  const ks = text.split(",").map((part) => Number(part.trim()));
  if (ks.some((k) => !Number.isInteger(k) || k < 1 || k > 100_000)) throw new InvalidArgumentError("It must be whole numbers from 1 on, like 1,8.");
  return ks;
}
