/** Branches of an attempt as its page shows them. */
import type { Outcome } from "../arms";
import type { BranchKind, BranchPurpose } from "../branching/point";
import type { RunState } from "../run-state";
import type { Sampling } from "../settings";

export interface BranchView {
  id: string;
  attemptId: string;
  pipelineId: string;
  purpose: BranchPurpose;
  kind: BranchKind;
  step: number;
  content: string;
  samples: number;
  seed: number;
  sampling: Sampling;
  model: string;
  /** Who asked for it; null: nobody who gave a name. */
  author: string | null;
  /** Shown to its author alone. */
  hidden: boolean;
  createdAt: Date;
  state: RunState;
  /** What it waits for, or why it failed; for people. */
  message: string;
  /** Samples that are kept, and those of them that are right. */
  done: number;
  correct: number;
}

export interface BranchSampleView {
  id: string;
  index: number;
  seed: number;
  /** Only what was sampled, without what it goes on from. */
  text: string;
  finishReason: string;
  tokens: number;
  outcome: Outcome;
  reward: number;
  extracted: string | null;
  reason: string;
}

/** One branch, opened. */
export interface OpenBranch extends BranchView {
  /** The samples that are kept, by index. */
  rows: BranchSampleView[];
  /** Workers at work just now; with none, nothing is sampled until one comes. */
  workers: number;
}

/** What a branch at an attempt starts from unless something else is chosen. */
export interface BranchDefaults {
  models: { id: string; name: string }[];
  /** The model that is sampled unless another is named; null where the study has none that a server serves. */
  model: string | null;
  sampling: Sampling;
  samples: number;
  seed: number;
}
