/** Step values of an attempt as its page shows them. */
import type { ValuePlan, ValuePoint } from "../branching/values";
import type { RunState } from "../run-state";
import type { Sampling } from "../settings";

export interface ValueRunView {
  runId: string;
  pipelineId: string;
  model: string;
  plan: ValuePlan;
  every: number;
  samples: number;
  seed: number;
  author: string | null;
  state: RunState;
  total: number;
  done: number;
  failed: number;
  message: string;
  createdAt: Date;
}

export interface ValuesView {
  /** Ascending by step; 0 is the bare problem. Steps that nothing was sampled from are not there. */
  points: ValuePoint[];
  /** Under which model and parameters; null without points. Values under others are not mixed in. */
  model: string | null;
  sampling: Sampling | null;
  /** Newest first. */
  runs: ValueRunView[];
  workers: number;
}
