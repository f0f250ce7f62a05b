import { type Command, Option } from "commander";
import { generateProblem } from "@/server/core/lab/generate";
import { LAB_LEVELS } from "@/server/core/lab/world";
import { wholeNumber } from "../options";
import { print } from "../output";

export function addLab(program: Command): void {
  const lab = program.command("lab").description("the small world that comes with the project");
  lab
    .command("problems")
    .description("write fresh problems as JSON lines; the same arguments give the same problems everywhere")
    .requiredOption("--n <number>", "how many", wholeNumber(1))
    .requiredOption("--seed <number>", "seed (the model was trained on seeds from 900000 on)", wholeNumber(0))
    .addOption(new Option("--level <level>", "how hard").choices(Object.keys(LAB_LEVELS)).default("hard"))
    .action(async (options: { n: number; seed: number; level: string }) => {
      for (let i = 0; i < options.n; i++) {
        const p = generateProblem(options.level, options.seed, i);
        // The field names that `intervene import` reads.
        const line = {
          id: p.id,
          problem: p.problem,
          answer: p.answer,
          reference_solution: p.referenceSolution,
          reference_solution_source: "generator",
          difficulty: p.level,
        };
        await print(`${JSON.stringify(line)}\n`);
      }
    });
}
