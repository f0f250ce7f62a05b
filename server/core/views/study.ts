/** What the pages of a study show: types alone, shared by the use cases that read them and the components that draw them. */
import type { Arm, Stage } from "../arms";
import type { RunState } from "../run-state";
import type { Interval } from "../statistics/intervals";

/** A study in the list of studies. */
export interface StudyCard {
  id: string;
  name: string;
  /** "lab" for the built-in world, "user" otherwise. */
  kind: string;
  note: string;
  createdAt: Date;
  problems: number;
  /** Rows made by rollout and import runs. */
  attempts: number;
  /** Recipes started, newest first. */
  pipelines: PipelineCard[];
}

export interface PipelineCard {
  id: string;
  recipe: string;
  createdAt: Date;
  state: RunState;
  /** Rows done and known so far, over all its stages. */
  done: number;
  total: number;
}

/** One stage of a pipeline, as it stands now. Counts are rows (samples, grades, …), not jobs. */
export interface StageView {
  runId: string;
  stage: Stage | (string & {});
  state: RunState;
  total: number;
  done: number;
  failed: number;
  /** An earlier stage is still making items for this one: `total` will grow. */
  provisional: boolean;
  /** Rows per second over the last minute; null when nothing was made in it. */
  rate: number | null;
  /** Estimated seconds to the end of what is known so far; null when there is no rate to go by. */
  secondsLeft: number | null;
  /** Why it stands still or failed, for people; "" when all is well. */
  message: string;
  /** Its rows by arm (stage continue); empty for the others. */
  arms: ArmProgress[];
  /** Of the judged interventions, those with a success after them (stage keep); null for the others. */
  kept: number | null;
}

/** How far one arm's continuations are. */
export interface ArmProgress {
  arm: Arm;
  total: number;
  done: number;
}

export interface PipelineView {
  id: string;
  recipe: string;
  createdAt: Date;
  state: RunState;
  stages: StageView[];
  /** Settings frozen into its runs. */
  settings: unknown;
}

export interface WorkerView {
  id: string;
  host: string;
  pid: number;
  /** What it waits for; "" when all is well. */
  waitsFor: string;
  inFlight: number;
  limit: number;
  /** Seconds since it was last seen. */
  silentFor: number;
}

/** The head of the study page. */
export interface StudyView {
  id: string;
  name: string;
  kind: string;
  note: string;
  problems: number;
  attempts: number;
  models: string[];
  pipelines: PipelineCard[];
  /** The chosen pipeline, or null when the study has none. */
  pipeline: PipelineView | null;
  workers: WorkerView[];
}

/** One row of the conditioning table (method.md, "What users compare"). */
export interface ArmView {
  arm: Arm;
  problems: number;
  /** Problems with at least one success. */
  covered: number;
  samples: number;
  correct: number;
  /** Share of problems covered, 0..1; null before the first sample. */
  coverage: Interval | null;
  /** Share of right samples, 0..1; null before the first sample. */
  accuracy: Interval | null;
}

/** What became of the verify stage's samples. */
export interface ProposalCounts {
  /** Attempts that were given to verification. */
  attempts: number;
  verifications: number;
  proposed: number;
  /** The first error is named, and no intervention was asked for. */
  located: number;
  noError: number;
  unparsed: number;
  outOfRange: number;
  cutOff: number;
  /** Proposals whose content gives the answer away: by equivalence, by the paper's substring rule, by both. */
  leakedEquivalent: number;
  leakedSubstring: number;
  leakedBoth: number;
  chosen: number;
  /** Chosen proposals judged so far, and those with at least one success. */
  judged: number;
  kept: number;
}

/** A failed item of a run, for the list beside "try again". */
export interface FailedItem {
  id: string;
  stage: string;
  arm: string;
  targetId: string;
  units: number;
  error: string;
}
