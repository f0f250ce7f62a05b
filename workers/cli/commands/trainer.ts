import type { Command } from "commander";
import { parseEnv } from "@/server/env";
import { setUpTrainerPython, trainerPython } from "@/server/usecases/training/python";
import { note, printLine } from "../output";

export function addTrainer(program: Command): void {
  const trainer = program.command("trainer").description("the Python trainer (TRL); the embedded one needs nothing");
  trainer
    .command("setup")
    .description("make its environment in the data folder: python3 -m venv, then pip install of pinned versions")
    .action(async () => {
      const env = parseEnv();
      const found = trainerPython(env);
      if (found.python !== null) return printLine(`It is there: ${found.message}`);
      await printLine(`Ready: ${await setUpTrainerPython(env, note)}`);
    });
}
