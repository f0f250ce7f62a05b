import type { Command } from "commander";
import { note, print } from "../output";
import { userPath } from "../paths";

export function addGrade(program: Command, done: (status: 0 | 1) => void): void {
  program
    .command("grade")
    .description("compare answers: lines {gold, pred} in, lines {gold, pred, equal, reason} out")
    .requiredOption("--file <cases>", "JSON lines; - reads standard input")
    .action(async (options: { file: string }) => {
      const { gradeCases } = await import("@/server/usecases/grade-cases");
      let bad = 0;
      for await (const result of gradeCases(options.file === "-" ? process.stdin : userPath(options.file))) {
        if ("bad" in result) {
          bad += 1;
          note(`line ${result.line}: ${result.bad}`);
        } else await print(`${JSON.stringify(result.graded)}\n`);
      }
      done(bad > 0 ? 1 : 0);
    });
}
