import path from "node:path";
import { parseEnv } from "../../env";
import { InterveneError } from "../../errors";
import type { Launcher } from "../../trainers/launcher";
import { localLauncher } from "../../trainers/local";

/** Where trainers can run. One more: its file in server/trainers, and a line here. */
const LAUNCHERS: Record<string, Launcher> = { local: localLauncher };

/** @throws InterveneError("bad_input") for one that is not there. */
export function launcherOf(kind: string): Launcher {
  const launcher = LAUNCHERS[kind];
  if (launcher === undefined)
    throw new InterveneError("bad_input", `There is no launcher "${kind}"; there is ${Object.keys(LAUNCHERS).join(", ")}.`);
  return launcher;
}

/**
 * The command that runs a trainer on a spec file.
 * @throws InterveneError("bad_input") that says what is missing.
 */
export function trainerCommand(trainer: string, spec: string, lease: string): string[] {
  if (trainer === "embedded")
    return [process.execPath, "--import", "tsx", path.resolve("workers/trainer/main.ts"), spec, "--lease", lease];
  const python = parseEnv().trainerPython;
  if (trainer === "trl" && python === undefined)
    throw new InterveneError("bad_input", "The Python trainer needs TRAINER_PYTHON: the Python of an environment with TRL.");
  throw new InterveneError("bad_input", `There is no trainer "${trainer}"; there is embedded.`);
}
