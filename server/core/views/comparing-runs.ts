/** Trainings of a study side by side: which there are, by lineage. Their curves are read apart (views/training.ts). */
import type { RunState } from "../run-state";

export interface ComparedTraining {
  id: string;
  /** Name of what it makes. */
  name: string;
  /** "seed 2"; its name where it has none. */
  label: string;
  state: RunState;
  step: number;
  steps: number;
  /** RL: prompts of a step and samples of each, which every point is a mean of. Null for SFT. */
  perStep: { prompts: number; samples: number } | null;
  /** SFT: rows of a step. Null for RL. */
  batchRows: number | null;
  /** Model that came out; null before. */
  modelId: string | null;
}

/** Trainings that differ in nothing but their seeds. */
export interface ComparedLineage {
  /** As in the final table: "+ InT + RL". */
  label: string;
  kind: "sft" | "grpo";
  trainings: ComparedTraining[];
}

export interface ComparedRuns {
  study: string;
  studyId: string;
  lineages: ComparedLineage[];
}
