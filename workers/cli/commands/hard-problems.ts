import type { Command } from "commander";
import { counted, printJson, printLine } from "../output";
import { withDatabase } from "../with-database";

interface Options {
  study: string;
  problemSet: string;
  model: string;
  name?: string;
  json?: boolean;
}

export function addHardProblems(program: Command): void {
  program
    .command("hard-problems")
    .description("make a problem set of those that a model never solved in its evaluations (run evaluate)")
    .requiredOption("--study <name>", "which study")
    .requiredOption("--problem-set <name>", "the set that was evaluated")
    .requiredOption("--model <name>", "the model that was")
    .option("--name <name>", "name of the new set (default: the set, hard for the model)")
    .option("--json", "print one JSON document")
    .action(async ({ json, ...asked }: Options) => {
      const made = await withDatabase(async ({ pool }) => {
        const { makeHardSet } = await import("@/server/usecases/hard-set");
        return makeHardSet({ pool }, asked);
      });
      if (json) return printJson(made);
      await printLine(`Problem set "${made.name}" has the ${counted(made.problems, "problem")} of ${made.of} that ${asked.model} never solved in ${made.samples} samples.`);
    });
}
