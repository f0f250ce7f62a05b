import type { LauncherSettings } from "../../core/training/launcher";

/** What single recipes take beside what all of them know (recipe.ts). Apart from the recipes, which import that file. */

/** What "value" alone takes. */
export interface ValueOptions {
  attempt?: string | undefined;
  every?: number | undefined;
  bisect?: boolean | undefined;
}

/** What the recipes of training take beside the names. */
export interface TrainingOptions {
  /** Name of the data set of the fine-tuning. */
  dataset?: string | undefined;
  /** Name of the model that comes out. */
  name?: string | undefined;
  /** Problem sets to evaluate on; not set: none after a training, the study's only one for "evaluate". */
  evaluate?: readonly string[] | undefined;
  seed?: number | undefined;
  threads?: number | undefined;
  epochs?: number | undefined;
  steps?: number | undefined;
  /** Of the recipe's last training. */
  learningRate?: number | undefined;
  /** Of the fine-tuning that comes before RL. */
  sftLearningRate?: number | undefined;
  /** What trains; not set: the embedded trainer. */
  trainer?: "embedded" | "trl" | undefined;
  /** Where trainers run; not set: this machine. */
  launcher?: LauncherSettings | undefined;
  /** Rank of the adapters that are trained (TRL alone); not set: all weights. */
  loraRank?: number | undefined;
  /** Share of the problems whose rows fine-tuning leaves out, to measure their loss. */
  holdOut?: number | undefined;
}

/** What "final-table" alone takes. */
export interface TableOptions {
  /** Problem set to train on; not set: the lab's own. */
  train?: string | undefined;
  /** Problem sets that training does not see; not set: the lab's own. */
  test?: readonly string[] | undefined;
  /** How many seeds, counted from the training's seed. Default 1. */
  seeds?: number | undefined;
}
