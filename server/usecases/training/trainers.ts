import path from "node:path";
import type { LauncherSettings } from "../../core/training/launcher";
import { InterveneError } from "../../errors";
import type { Launcher } from "../../trainers/launcher";
import { localLauncher } from "../../trainers/local";
import { rayLauncher } from "../../trainers/ray";
import { slurmLauncher } from "../../trainers/slurm";
import { trainerPython } from "./python";

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
 * The command that runs a trainer on a spec file. @param lease file that ends the trainer when nobody touches it any more.
 * @throws InterveneError("bad_input") that says what is missing.
 */
export function trainerCommand(trainer: "embedded" | "trl", spec: string, lease: string | null): string[] {
  const until = lease === null ? [] : ["--lease", lease];
  if (trainer === "embedded") return [process.execPath, "--import", "tsx", path.resolve("workers/trainer/main.ts"), spec, ...until];
  const { python, message } = trainerPython();
  if (python === null) throw new InterveneError("bad_input", `The trainer "trl" cannot be started. ${message}`);
  // It asks the project's grader, which is a Node program.
  return [python, path.resolve("workers/trainer/trl/train.py"), spec, "--node", process.execPath, ...until];
}
