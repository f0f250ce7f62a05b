import { nllMeans } from "../../core/comparing/nll";
import { tableCells } from "../../core/comparing/final-table";
import { armTable } from "../../core/statistics/armTable";
import { bootstrapMeanInterval, bootstrapRatioInterval } from "../../core/statistics/intervals";
import { pairedDifference } from "../../core/statistics/pairedBootstrap";
import { passAtKCurve } from "../../core/statistics/passAtKCurve";
import { signFlipTest } from "../../core/statistics/permutation";
import { shareInterval } from "../../core/statistics/shares";
import { spearman } from "../../core/statistics/spearman";
import { weightedMean } from "../../core/statistics/weightedMeans";

/** What can be computed apart from the process that asks: pure functions of arguments that can be copied. */
export const TASKS = {
  armTable,
  bootstrapMeanInterval,
  bootstrapRatioInterval,
  nllMeans,
  pairedDifference,
  passAtKCurve,
  shareInterval,
  signFlipTest,
  spearman,
  tableCells,
  weightedMean,
};

export type TaskName = keyof typeof TASKS;
export type Arguments<K extends TaskName> = Parameters<(typeof TASKS)[K]>;
export type Result<K extends TaskName> = ReturnType<(typeof TASKS)[K]>;

/** To the thread. */
export interface Question {
  id: number;
  task: TaskName;
  args: unknown[];
}

/** From the thread: ready, or what came out of one task, or the RangeError it threw. */
export type Reply = { ready: true } | { id: number; result: unknown } | { id: number; error: Error };

/** Do a task here and now. */
export function perform(task: TaskName, args: unknown[]): unknown {
  const work = TASKS[task] as (...args: unknown[]) => unknown;
  return work(...args);
}
