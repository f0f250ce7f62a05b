import type { Interval } from "@/server/core/statistics/intervals";

/** V(t): the share of right answers among fresh continuations from after step t (0: the bare problem). */
export interface StepValue {
  step: number;
  value: number;
  /** Wilson 95 %. */
  interval: Interval;
}
