import path from "node:path";
import type { LauncherSettings } from "../../core/training/launcher";
import { parseEnv } from "../../env";
import { InterveneError } from "../../errors";
import type { Launcher } from "../../trainers/launcher";
import { localLauncher } from "../../trainers/local";
import { rayLauncher } from "../../trainers/ray";
import { slurmLauncher } from "../../trainers/slurm";

/** Where a training runs. One more kind: its file in server/trainers, its schema, and a line here. */
export function launcherOf(settings: LauncherSettings): Launcher {
  switch (settings.kind) {
    case "local":
      return localLauncher;
    case "slurm":
      return slurmLauncher(settings);
    case "ray":
      return rayLauncher(settings);
  }
}

/**
 * The command that runs a trainer on a spec file.
 * @throws InterveneError("bad_input") that says what is missing.
 */
export function trainerCommand(trainer: string, spec: string, lease: string | null): string[] {
  if (trainer === "embedded")
    return [process.execPath, "--import", "tsx", path.resolve("workers/trainer/main.ts"), spec, ...(lease === null ? [] : ["--lease", lease])];
  const python = parseEnv().trainerPython;
  if (trainer === "trl" && python === undefined)
    throw new InterveneError("bad_input", "The Python trainer needs TRAINER_PYTHON: the Python of an environment with TRL.");
  throw new InterveneError("bad_input", `There is no trainer "${trainer}"; there is embedded.`);
}
