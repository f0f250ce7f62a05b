#!/usr/bin/env node
import { Command } from "commander";
import { version } from "../version";
import { addDoctor } from "./commands/doctor";
import { addGrade } from "./commands/grade";
import { addImport } from "./commands/import";
import { addLab } from "./commands/lab";
import { addStatus } from "./commands/status";
import { tellFailure } from "./exit";

// "intervene lab problems … | head" ends our output early; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

let status: 0 | 1 = 0;
/** Commands whose work can fail while they themselves end in order say so here. */
const done = (s: 0 | 1) => {
  status = s;
};

const program = new Command("intervene")
  .description("Intervention training: runs, imports and figures from the command line.")
  .version(version())
  .showHelpAfterError("(--help lists what there is)")
  .helpCommand(false)
  .exitOverride();

addImport(program, done);
addStatus(program);
addGrade(program, done);
addLab(program);
addDoctor(program, done);

try {
  await program.parseAsync(process.argv);
  process.exitCode = status;
} catch (error) {
  process.exitCode = tellFailure(error);
}
