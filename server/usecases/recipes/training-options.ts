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

/** What the options say of all trainings of a chain. */
export function trainingPlace(t: TrainingOptions): Pick<ChainRequest, "threads" | "trainer" | "launcher" | "loraRank" | "holdOut"> {
  const { threads, trainer, launcher, loraRank, holdOut } = t;
  return { threads, trainer, launcher, loraRank, holdOut };
}
