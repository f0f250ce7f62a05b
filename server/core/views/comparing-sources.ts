/** The page that sets SFT sources side by side for one base model. */
import type { DatasetPageState } from "../datasets/view";
import type { Source } from "../datasets/sources";
import type { RunState } from "../run-state";
import type { RowPart } from "../scoring/row-parts";
import type { PassAtKPoint } from "../statistics/passAtKCurve";

/** A mean with its 95 % interval; null bounds where nothing is known of the spread (one problem, one training). */
export interface Bounded {
  value: number;
  low: number | null;
  high: number | null;
}

/** Negative log-likelihood of one part of a source's traces under the base model, in nats. */
export interface NllFigure {
  part: RowPart;
  traces: number;
  tokens: number;
  problems: number;
  /** Every token counts once: Σ NLL / Σ tokens. Bootstrap over problems. */
  perToken: Bounded;
  /** Every trace counts once: the mean of the traces' means. Bootstrap over problems. */
  perTrace: Bounded;
  /** Traces by their mean, and tokens, in the bins of server/core/scoring/bins.ts. */
  traceBins: number[];
  tokenBins: number[];
}

/** How far the scoring of a data set under the base model is. */
export interface ScoringState {
  pipelineId: string;
  state: RunState;
  done: number;
  total: number;
  failed: number;
  /** What it waits for, or why rows failed. */
  message: string;
}

/** A training on a source, and what was trained from what came out. */
export interface SourceTraining {
  id: string;
  kind: "sft" | "grpo";
  seed: number | null;
  trainer: string;
  state: RunState;
  step: number;
  steps: number;
  /** The model that came out; null before. */
  model: { id: string; name: string } | null;
  /** Next-token entropy (nats) at its first and last step that told one; null where none did. */
  firstEntropy: number | null;
  lastEntropy: number | null;
}

/** SFT on the source, then the RL trainings that began from its model. */
export interface SourceChain {
  sft: SourceTraining;
  rl: SourceTraining[];
}

/** A mean over trainings (seeds), each of which counts once. */
export interface OverTrainings extends Bounded {
  trainings: number;
}

export interface SourceRow {
  datasetId: string;
  dataset: string;
  source: Source;
  state: DatasetPageState;
  /** Progress of a build: candidates read. */
  build: { done: number; total: number } | null;
  rows: number;
  /** Of all completions; null where they were not counted. */
  tokens: number | null;
  /** What it leaves out or adds: "unfiltered", "with suffix"; "" for the source as the paper has it. */
  variant: string;
  /** Names of the problem sets that it has rows of. */
  trainedOn: string[];
  /** Parts in their order, the whole first; empty before anything is scored under the base. */
  nll: NllFigure[];
  scoring: ScoringState | null;
  chains: SourceChain[];
  entropy: SourceEntropy;
}

/** Next-token entropy in nats, as the trainers tell it. */
export interface SourceEntropy {
  /** Of the base on the source's own tokens: the first SFT step, before its update. */
  rowsBefore: OverTrainings | null;
  /** Of the tuned model on the source's own tokens: the last SFT step. */
  rowsAfter: OverTrainings | null;
  /** Of the tuned model on its own samples: the first RL step after SFT, before its update. */
  samples: OverTrainings | null;
}

export interface SourcesPage {
  studyId: string;
  study: string;
  models: { id: string; name: string; served: boolean }[];
  /** Null where the study has no model. */
  base: { id: string; name: string; served: boolean } | null;
  rows: SourceRow[];
  /** Sources of the paper that no data set of the study has. */
  missing: Source[];
  /** Entropy of the base on its own samples: the first step of RL trainings that begin from it. */
  baseEntropy: OverTrainings | null;
  /** Problem sets on which the base or a model of these sources was evaluated. */
  sets: EvaluatedSet[];
  workers: number;
}

export interface EvaluatedSet {
  name: string;
  /** The shown sources hold rows of its problems, or RL was on them. */
  trained: boolean;
  problems: number;
  /** Most samples of a problem: where curves end. */
  samples: number;
  /** Stages after which a model of these sources was evaluated on it. */
  stages: StageAfter[];
}

export const STAGES_AFTER = ["sft", "rl"] as const;
/** After SFT on the source, or after SFT and RL. */
export type StageAfter = (typeof STAGES_AFTER)[number];

/** pass@k of a model on a problem set. */
export interface ModelCurve {
  modelId: string;
  model: string;
  /** Evaluation runs that its samples are of. */
  runs: string[];
  /** Null for the base model, and for what came out of RL alone. */
  datasetId: string | null;
  /** Null for the base model. */
  stage: StageAfter | null;
  seed: number | null;
  problems: number;
  /** Fewest and most samples of a problem. */
  samples: { fewest: number; most: number };
  points: PassAtKPoint[];
}

export interface SetCurves {
  set: string;
  curves: ModelCurve[];
}

/** A source in the scatter of outcome over NLL. */
export interface RelationPoint {
  datasetId: string;
  dataset: string;
  source: Source;
  nll: Bounded & { traces: number; problems: number };
  /** Mean over the source's models (seeds) of mean pass@k over problems; bootstrap over problems. */
  outcome: Bounded & { models: { id: string; name: string; runs: string[] }[]; problems: number };
}

export interface SourcesRelation {
  set: string;
  k: number;
  stage: StageAfter;
  points: RelationPoint[];
  /** Sources that have one of the two alone, and which is missing. */
  without: { dataset: string; missing: "nll" | "outcome" | "both" }[];
  /** Null with fewer than two points, or where all are equal in one of the two. */
  spearman: { value: number; low: number; high: number; n: number } | null;
}

/** A scored row behind a bin. */
export interface RowBehind {
  ordinal: number;
  problem: string;
  tokens: number;
  /** Mean negative log-likelihood per token of the part. */
  mean: number;
  /** Its tokens in the bin; null where traces were asked for. */
  inBin: number | null;
}

export interface RowsBehind {
  rows: RowBehind[];
  /** More than are listed. */
  total: number;
}
