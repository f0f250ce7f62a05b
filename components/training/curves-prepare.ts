import type { Look } from "../charts/look";
import type { ChartTable } from "../charts/table";
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
  /** Measured at some steps alone: a line goes over those between, its points are marked, and nothing is smoothed. */
  sparse?: boolean;
}

/** The metrics that are drawn, in order; every other one stands in the table and the raw events. */
export const METRICS: readonly Metric[] = [
  { key: "reward", label: "Mean reward", about: "share of a step’s samples that are right", share: true },
  { key: "frac_no_success", label: "No success", about: "share of the step’s prompts without a right sample", share: true },
  { key: "frac_zero_advantage", label: "Zero advantage", about: "share of prompts whose samples are all right or all wrong", share: true },
  { key: "loss", label: "Loss", about: "of the step", share: false },
  { key: "eval_loss", label: "Held-out loss", about: "of a token of rows that are not trained, in nats", share: false, sparse: true },
  { key: "entropy", label: "Entropy", about: "of the next token, in nats", share: false },
  { key: "completions/mean_length", label: "Length", about: "tokens of a sample, mean", share: false },
  { key: "clip_ratio", label: "Clipped", about: "share of tokens whose ratio was clipped", share: true },
  { key: "grad_norm", label: "Gradient norm", about: "before clipping", share: false },
];

/** One training's line. */
export interface Line {
  id: string;
  name: string;
  look: Look;
}

/**
 * Steps as rows, a column for each training; what a training has no value for is left out: a gap, not a zero. Where lines are
 * smoothed, the raw values stay beside them under `raw ID`.
 */
export interface ChartData {
  metric: Metric;
  smoothed: boolean;
  rows: Record<string, number | [number, number]>[];
}

/** What a line is smoothed by; null: it is drawn as it is. */
export type Smoother = ((values: readonly number[]) => readonly number[]) | null;

/** The mean of the last `window` values. */
export function runningMean(window: number): Smoother {
  if (window <= 1) return null;
  return (values) =>
    values.map((_, i) => {
      const last = values.slice(Math.max(0, i - window + 1), i + 1);
      return last.reduce((sum, v) => sum + v, 0) / last.length;
    });
}

/** A training's values of one metric by step, in order. */
export function valuesOf(curve: TrainingCurve, metric: Metric): { step: number; value: number }[] {
  return curve.points.flatMap(({ step, values }) => {
    const value = values[metric.key];
    return value === undefined ? [] : [{ step, value }];
  });
}

/** Data of each chart that has something to show. */
export function chartsOf(curves: readonly TrainingCurve[], smooth: Smoother, metrics: readonly Metric[] = METRICS): ChartData[] {
  return metrics.flatMap((metric) => {
    const rows = new Map<number, ChartData["rows"][number]>();
    const smoothed = smooth !== null && metric.sparse !== true;
    for (const curve of curves) {
      const mine = valuesOf(curve, metric);
      const drawn = smoothed ? smooth(mine.map((p) => p.value)) : null;
      for (const [i, { step, value }] of mine.entries()) {
        const row = rows.get(step) ?? { step };
        row[curve.trainingId] = drawn?.[i] ?? value;
        if (drawn !== null) row[`raw ${curve.trainingId}`] = value;
        rows.set(step, row);
      }
    }
    if (rows.size === 0) return [];
    return [{ metric, smoothed, rows: [...rows.values()].sort((a, b) => Number(a.step) - Number(b.step)) }];
  });
}

/** A chart's data for its table and CSV: raw values, and the smoothed ones that are drawn. */
export function chartTable({ rows, smoothed }: ChartData, lines: readonly Line[]): ChartTable {
  return {
    columns: [
      { key: "step", label: "Step", kind: "count" },
      ...lines.flatMap((line) => [
        { key: smoothed ? `raw ${line.id}` : line.id, label: line.name, kind: "figure" as const },
        ...(smoothed ? [{ key: line.id, label: `${line.name}, smoothed`, kind: "figure" as const }] : []),
      ]),
    ],
    rows: rows.map((row) => Object.fromEntries(Object.entries(row).filter((entry): entry is [string, number] => typeof entry[1] === "number"))),
  };
}

/** A training's name in a legend: what it makes. */
export function nameOf(training: TrainingView, chain: ChainView): string {
  return training.model ?? `${training.base ?? "…"} + ${training.kind === "sft" ? "SFT" : "RL"} (${chain.recipe})`;
}
