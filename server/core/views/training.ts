/** The page of trainings: chains, their curves, and evaluations of what came out. */
import type { RunState } from "../run-state";
import type { Interval } from "../statistics/intervals";

/** One training of a chain. */
export interface TrainingView {
  id: string;
  kind: "sft" | "grpo";
  /** Name of the model it starts from; null until an earlier training has made it. */
  base: string | null;
  /** Name of the model that came out; null before. */
  model: string | null;
  dataset: string | null;
  problemSet: string | null;
  trainer: string;
  launcher: string;
  /** Of its adapters; null: all weights are trained. */
  loraRank: number | null;
  step: number;
  steps: number;
  /** What the trainer said of its data. */
  note: string;
  /** What it was given, of one that has failed; null for the others. */
  spec: unknown;
}

export interface ChainRun {
  runId: string;
  stage: string;
  state: RunState;
  done: number;
  total: number;
  message: string;
  /** Problem set of an evaluation's stages; null for the others. */
  problemSet: string | null;
  /** Name of the model that it samples; null until an earlier training has made it, and for trainings. */
  model: string | null;
  training: TrainingView | null;
}

/** Trainings one after the other, and the evaluations at their end. */
export interface ChainView {
  pipelineId: string;
  recipe: string;
  createdAt: Date;
  state: RunState;
  runs: ChainRun[];
}

/** pass@k of a model on a problem set, over all samples that its evaluations made. */
export interface EvaluationView {
  modelId: string;
  model: string;
  problemSet: string;
  problems: number;
  samples: number;
  /** Samples per problem: the fewest of any, which bounds k. */
  perProblem: number;
  /** Problems without any right sample. */
  unsolved: number;
  /** Evaluations that are still sampling. */
  running: boolean;
  /** k = 1, 2, 4, …, perProblem; mean over problems, 95 % interval by bootstrap over problems. */
  passAt: { k: number; of: Interval }[];
  /** Run whose attempts they are (the newest), for a link. */
  runId: string;
}

export interface TrainingPage {
  studyId: string;
  chains: ChainView[];
  evaluations: EvaluationView[];
}

/** What a new chain can be made of. */
export interface TrainingChoices {
  studyId: string;
  /** lab: it is the lab's model or was trained from it, so that the lab's settings are its defaults. */
  models: { id: string; name: string; served: boolean; lab: boolean }[];
  datasets: { name: string; source: string; state: string; rows: number }[];
  problemSets: { name: string; problems: number }[];
}

/** Whether the Python trainer (TRL) can be used where this server runs; "" when it can, else what is missing. */
export interface TrainerChoices {
  trlMissing: string;
}

/** Metrics of one training; a metric that a step lacks is not in its point. */
export interface TrainingCurve {
  trainingId: string;
  points: { step: number; values: Record<string, number> }[];
}
