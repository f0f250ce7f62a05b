import { type LauncherSettings, parseLauncher } from "../../core/training/launcher";
import { InterveneError } from "../../errors";
import type { ChainRequest } from "../training/start";
import type { TrainingOptions } from "./options";

/** What the options change of a chain's trainings. The learning rate is that of the last one. */
export function trainingChanges(t: TrainingOptions, plan: { rl: boolean }): NonNullable<ChainRequest["change"]> {
  const rate = t.learningRate === undefined ? {} : { learningRate: t.learningRate };
  const sftRate = t.sftLearningRate === undefined ? {} : { learningRate: t.sftLearningRate };
  return {
    sft: { ...(t.epochs === undefined ? {} : { epochs: t.epochs }), ...(plan.rl ? sftRate : { ...rate, ...sftRate }) },
    rl: { ...(t.steps === undefined ? {} : { steps: t.steps }), ...rate },
  };
}

/** Where trainings run; undefined: this machine. @throws InterveneError("bad_input") for a text that is no launcher. */
export function trainingLauncher(t: TrainingOptions): LauncherSettings | undefined {
  if (t.launcher === undefined) return undefined;
  const settings = parseLauncher(t.launcher);
  if (settings === null)
    throw new InterveneError(
      "bad_input",
      `"${t.launcher}" is no launcher: it is local, slurm or ray with its options, e.g. slurm:partition=gpu,gres=gpu:4 or ray:address=http://127.0.0.1:8265.`,
    );
  return settings;
}
