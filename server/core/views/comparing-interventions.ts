/** What the page of interventions shows (compare/interventions). */
import type { Arm } from "../arms";
import type { AblationOutcome, Variant } from "../comparing/ablation";
import type { Bin, Median } from "../comparing/bins";
import type { ArmPair } from "../comparing/conditioning";
import type { FunnelStep, ProblemFate, RowOrigin, Unused } from "../comparing/fates";
import type { PlaceAgreement, PlacesBy } from "../comparing/positions";
import type { SuccessGroup } from "../comparing/success";
import type { ArmView, PipelineCard } from "./study";

/** The runs of a pipeline that the lists filter by. */
export interface ComparedRuns {
  rollout: string | null;
  verify: string | null;
}

/** What can be chosen on the page. */
export interface InterventionsHead {
  study: string;
  studyId: string;
  /** Of the recipes that make interventions, newest first. */
  pipelines: PipelineCard[];
  /** The chosen one; null when the study has none. */
  pipeline: { id: string; state: string; runs: ComparedRuns } | null;
  /** Arms that it was asked for. */
  arms: Arm[];
  /** Its model is served and it has ended: further arms can be sampled. */
  canSample: boolean;
}

/** Coverage and accuracy of the arms, and success of guided continuations. */
export interface InterventionOutcomes {
  arms: ArmView[];
  pairs: ArmPair[];
  /** On the problems that all three have; empty arms have no row. */
  hints: { problems: number; arms: ArmView[]; pairs: ArmPair[] };
  /** Proposers: the run's own model, other models, people. */
  byProposer: ProposerGroup[];
  byRate: { groups: SuccessGroup[]; unknown: number };
  /** By the kind of error that people named; `labelled` of `of` attempts with a sampled intervention have one. */
  byType: { groups: SuccessGroup[]; labelled: number; of: number };
}

export interface ProposerGroup extends SuccessGroup {
  /** own: the run's · model: another run's (of whichever model) · person. */
  kind: "own" | "model" | "person";
  /** Name of the model; null for people. */
  model: string | null;
}

/** Problems in the plot of differences, by column: thousands of them travel with the page. */
export interface PairProblems {
  problemId: string[];
  ordinal: number[];
  /** Samples of the two arms, and right ones. */
  an: number[];
  ac: number[];
  bn: number[];
  bc: number[];
}

/** Differences of two arms, problem by problem. */
export interface PairView {
  a: Arm;
  b: Arm;
  /** Problems on which they differ, the largest difference first. */
  differing: PairProblems;
  more: number;
  less: number;
  same: number;
}

export interface PositionsView {
  /** Attempts with a chosen intervention. */
  n: number;
  byStep: PlacesBy;
  byShare: PlacesBy;
  /** Sources of known first errors, people's before the generator's. */
  sources: { source: string; n: number; people: boolean }[];
  agreement: PlaceAgreement[];
}

export interface LengthView {
  bins: Bin[];
  counts: number[];
  /** Of the interventions: those that were kept. */
  kept: number[];
  median: Median | null;
  medianKept: Median | null;
  /** Without a known length. */
  unknown: number;
}

export interface LengthsView {
  interventions: LengthView;
  attempts: LengthView;
}

export interface FunnelView {
  problems: { fate: ProblemFate; problems: number }[];
  steps: FunnelStep[];
  /** Data sets of interventions that are ready, newest first. */
  datasets: { id: string; name: string; rows: number }[];
  dataset: {
    id: string;
    name: string;
    rows: number;
    /** Kept attempts of this run without a row, by why. */
    unused: { why: Unused; attempts: number }[];
    /** Its rows by where they come from; together they are all its rows. */
    origins: { origin: RowOrigin; rows: number }[];
    /** The manifest's own count of candidates and losses, over all runs that it drew on. */
    candidates: number | null;
    /** Decisions by people that its rows and losses rest on. */
    people: { accepted: number; located: number; edited: number; rejected: number; noError: number; differ: number } | null;
  } | null;
}

export interface AblationRow extends AblationOutcome {
  variant: Variant;
  dataset: string;
  datasetId: string;
  rows: number;
  model: string;
  /** Rollout runs of its evaluations, newest first. */
  runs: string[];
}

export interface AblationView {
  /** Problem sets on which such models were evaluated. */
  sets: string[];
  set: string | null;
  rows: AblationRow[];
  /** The filtered model that the others are compared with; null where there is none. */
  baseline: string | null;
}
