import { CommanderError } from "commander";
import { type ErrorKind, InterveneError } from "@/server/errors";

/** 0 done, 1 the work failed, 2 wrong use. */
export type ExitStatus = 0 | 1 | 2;

/** The one place that turns kinds of failure into exit statuses. */
const STATUS: Record<ErrorKind, ExitStatus> = {
  bad_input: 2,
  not_found: 2,
  conflict: 2,
  cannot_start: 2,
  unavailable: 1,
  backend: 1,
};

/**
 * Tell a failure on standard error and return its exit status: one sentence for what is expected to fail now and then, the
 * stack for a bug.
 */
export function tellFailure(error: unknown): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has told it
  if (error instanceof InterveneError) {
    process.stderr.write(`${error.message}\n`);
    return STATUS[error.kind];
  }
  process.stderr.write(`This is a bug in Intervene: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
