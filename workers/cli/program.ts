import { Command } from "commander";
import { version } from "../version";
import { addControl } from "./commands/control";
import { addDataset } from "./commands/dataset";
import { addDoctor } from "./commands/doctor";
import { addExport } from "./commands/export";
import { addGrade } from "./commands/grade";
import { addHardProblems } from "./commands/hard-problems";
import { addImport } from "./commands/import";
import { addKeys } from "./commands/keys";
import { addLab } from "./commands/lab";
import { addLocalisation } from "./commands/localisation";
import { addPublish } from "./commands/publish";
import { addRegrade } from "./commands/regrade";
import { addRun } from "./commands/run";
import { addStatus } from "./commands/status";
import { addTable } from "./commands/table";
import { addTrainer } from "./commands/trainer";
import { addWorker } from "./commands/worker";
import { type ExitStatus, tellFailure } from "./exit";

/** Run one command; its exit status. */
export async function runCommand(argv: readonly string[]): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  // Commands whose work can fail while they themselves end in order say so here.
  const done = (s: ExitStatus) => {
    status = s;
  };
  const program = new Command("intervene")
    .description("Intervention training: runs, imports and figures from the command line.")
    .version(version())
    .showHelpAfterError("(--help lists what there is)")
    .helpCommand(false)
    .exitOverride();
  addRun(program, done);
  addStatus(program);
  addControl(program);
  addImport(program, done);
  addHardProblems(program);
  addDataset(program, done);
  addExport(program);
  addPublish(program);
  addGrade(program, done);
  addRegrade(program);
  addLocalisation(program, done);
  addKeys(program);
  addLab(program);
  addTable(program);
  addTrainer(program);
  addWorker(program, done);
  addDoctor(program, done);
  try {
    await program.parseAsync(argv);
    return status;
  } catch (error) {
    return tellFailure(error);
  }
}
