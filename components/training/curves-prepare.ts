import type { ChainView, TrainingCurve, TrainingView } from "@/server/core/views/training";

/** One metric that a chart shows. */
export interface Metric {
  /** Name in the points; the trainer's own. */
  key: string;
  label: string;
  /** What it means, for people. */
  about: string;
  /** A share: the axis ends at 0 and 1. */
  share: boolean;
}

/** The metrics that are drawn, in order; every other one stands in the table and the raw events. */
export const METRICS: readonly Metric[] = [
  { key: "reward", label: "Mean reward", about: "share of a step’s samples that are right", share: true },
  { key: "frac_no_success", label: "No success", about: "share of the step’s prompts without a right sample", share: true },
  { key: "frac_zero_advantage", label: "Zero advantage", about: "share of prompts whose samples are all right or all wrong", share: true },
  { key: "loss", label: "Loss", about: "of the step", share: false },
  { key: "entropy", label: "Entropy", about: "of the next token, in nats", share: false },
  { key: "completions/mean_length", label: "Length", about: "tokens of a sample, mean", share: false },
  { key: "clip_ratio", label: "Clipped", about: "share of tokens whose ratio was clipped", share: true },
  { key: "grad_norm", label: "Gradient norm", about: "before clipping", share: false },
];

/** One training's line. */
export interface Line {
  id: string;
  name: string;
  /** Index of its look (dash and colour). */
  look: number;
}

/** Steps as rows, a column for each training; what a training has no value for is left out: a gap, not a zero. */
export interface ChartData {
  metric: Metric;
  rows: Record<string, number>[];
}

/**
 * Data of each chart that has something to show.
 * @param smooth window of the running mean in steps (1 = none); the raw values stay beside it under `raw ID`.
 */
export function chartsOf(curves: readonly TrainingCurve[], smooth: number): ChartData[] {
  return METRICS.flatMap((metric) => {
    const rows = new Map<number, Record<string, number>>();
    for (const { trainingId, points } of curves) {
      const mine = points.flatMap(({ step, values }) => {
        const value = values[metric.key];
        return value === undefined ? [] : [{ step, value }];
      });
      for (const [i, { step, value }] of mine.entries()) {
        const row = rows.get(step) ?? { step };
        const window = mine.slice(Math.max(0, i - smooth + 1), i + 1);
        row[trainingId] = window.reduce((sum, p) => sum + p.value, 0) / window.length;
        if (smooth > 1) row[`raw ${trainingId}`] = value;
        rows.set(step, row);
      }
    }
    if (rows.size === 0) return [];
    return [{ metric, rows: [...rows.values()].sort((a, b) => (a.step ?? 0) - (b.step ?? 0)) }];
  });
}

/** A training's name in a legend: what it makes. */
export function nameOf(training: TrainingView, chain: ChainView): string {
  return training.model ?? `${training.base ?? "…"} + ${training.kind === "sft" ? "SFT" : "RL"} (${chain.recipe})`;
}
