import { tellFailure } from "./exit";
import { runCommand } from "./program";

// "intervene lab problems … | head" ends our output early; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCommand(process.argv).catch(tellFailure);
