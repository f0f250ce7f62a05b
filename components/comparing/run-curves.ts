/** What the charts of trainings side by side show. Pure. */
import { COMPARED_METRICS } from "@/server/core/comparing/compared-metrics";
import { ema } from "@/server/core/statistics/ema";
import { tInterval } from "@/server/core/statistics/tInterval";
import type { ComparedLineage, ComparedTraining } from "@/server/core/views/comparing-runs";
import type { TrainingCurve } from "@/server/core/views/training";
import { lookOf } from "../charts/look";
import type { ChartTable } from "../charts/table";
import { type ChartData, chartsOf, chartTable, type Line, METRICS, type Metric, valuesOf } from "../training/curves-prepare";

/** Metrics that are compared, in order. */
export function metricsOf(kind: ComparedLineage["kind"]): Metric[] {
  return COMPARED_METRICS[kind].flatMap((key) => METRICS.filter((m) => m.key === key));
}

export interface Drawn {
  data: ChartData;
  lines: Line[];
  /** Made when it is asked for. */
  table: () => ChartTable;
}

/** A training with the look of its line: its lineage's colour, its seed's dash and marker. */
export interface LookedTraining {
  training: ComparedTraining;
  lineage: string;
  /** The lineage's place among its kind's. */
  group: number;
  line: Line;
}

/** Looks of every training of a kind, chosen or not: a choice changes no line's look. */
export function looksOf(lineages: readonly ComparedLineage[]): LookedTraining[] {
  return lineages.flatMap((lineage, colour) =>
    lineage.trainings.map((training, seed) => ({
      training,
      lineage: lineage.label,
      group: colour,
      // A seventh lineage has the first one's colour, and other dashes.
      line: { id: training.id, name: `${lineage.label}, ${training.label}`, look: lookOf(colour, seed + Math.floor(colour / 6)) },
    })),
  );
}

/** A chart for each metric with a line for each training: smoothed by an EMA, the raw values beneath. */
export function seedCharts(trainings: readonly LookedTraining[], curves: readonly TrainingCurve[], metrics: readonly Metric[], weight: number): Drawn[] {
  const chosen = curves.filter((c) => trainings.some((t) => t.training.id === c.trainingId));
  const smooth = weight > 0 ? (values: readonly number[]) => ema(values, weight) : null;
  return chartsOf(chosen, smooth, metrics).map((data) => {
    const lines = trainings.map((t) => t.line).filter((line) => data.rows.some((row) => row[line.id] !== undefined));
    return { data, lines, table: () => chartTable(data, lines) };
  });
}

/**
 * A chart for each metric with a line for each lineage: the mean over its seeds at each step that all of them have reached, in
 * a band: the 95 % t-interval over seeds from three on, from lowest to highest of two. Smoothed as each seed is; the raw mean
 * stays beneath.
 */
export function meanCharts(trainings: readonly LookedTraining[], curves: readonly TrainingCurve[], metrics: readonly Metric[], weight: number): Drawn[] {
  const groups = new Map<string, LookedTraining[]>();
  for (const t of trainings) groups.set(t.lineage, [...(groups.get(t.lineage) ?? []), t]);
  const byId = new Map(curves.map((c) => [c.trainingId, c]));
  return metrics.flatMap((metric) => {
    const rows = new Map<number, ChartData["rows"][number]>();
    const smoothed = weight > 0 && metric.sparse !== true;
    const lines: Line[] = [];
    for (const [lineage, members] of groups) {
      const [first] = members;
      if (first === undefined) continue;
      const series = members.map((m) => {
        const curve = byId.get(m.training.id);
        const raw = curve === undefined ? [] : valuesOf(curve, metric);
        const smooth = ema(raw.map((p) => p.value), smoothed ? weight : 0);
        return new Map(raw.map((p, i) => [p.step, { raw: p.value, smooth: smooth[i] ?? p.value }]));
      });
      const steps = [...(series[0]?.keys() ?? [])].filter((step) => series.every((s) => s.has(step)));
      if (steps.length === 0) continue;
      lines.push({ id: lineage, name: `${lineage} (n = ${members.length})`, look: lookOf(first.group) });
      for (const step of steps) {
        const at = series.flatMap((s) => s.get(step) ?? []);
        const row = rows.get(step) ?? { step };
        const smooth = at.map((v) => v.smooth);
        row[lineage] = mean(smooth);
        if (smoothed) row[`raw ${lineage}`] = mean(at.map((v) => v.raw));
        const band = bandOf(smooth, metric.share);
        if (band !== null) row[`band ${lineage}`] = band;
        rows.set(step, row);
      }
    }
    if (rows.size === 0) return [];
    const data = { metric, smoothed, rows: [...rows.values()].sort((a, b) => Number(a.step) - Number(b.step)) };
    return [{ data, lines, table: () => meanTable(data, lines) }];
  });
}

function bandOf(values: readonly number[], share: boolean): [number, number] | null {
  if (values.length < 2) return null;
  const t = tInterval(values);
  const [low, high] = t === null ? [Math.min(...values), Math.max(...values)] : [t.low, t.high];
  return share ? [Math.max(0, low), Math.min(1, high)] : [low, high];
}

function meanTable(data: ChartData, lines: readonly Line[]): ChartTable {
  const plain = chartTable(data, lines);
  const bands = lines.filter((line) => data.rows.some((row) => row[`band ${line.id}`] !== undefined));
  return {
    columns: [
      ...plain.columns,
      ...bands.flatMap((line) => [
        { key: `low ${line.id}`, label: `${line.name}, low`, kind: "figure" as const },
        { key: `high ${line.id}`, label: `${line.name}, high`, kind: "figure" as const },
      ]),
    ],
    rows: plain.rows.map((row, i) => {
      const more = bands.flatMap((line) => {
        const band = data.rows[i]?.[`band ${line.id}`];
        return Array.isArray(band) ? [[`low ${line.id}`, band[0]], [`high ${line.id}`, band[1]]] : [];
      });
      return { ...row, ...(Object.fromEntries(more) as Record<string, number>) };
    }),
  };
}

/** What a point is a mean of, in words. */
export function pointWords(trainings: readonly LookedTraining[]): string {
  const words = new Set(
    trainings.map(({ training: { perStep, batchRows } }) =>
      perStep !== null ? `${perStep.prompts} prompts × ${perStep.samples} samples` : batchRows !== null ? `${batchRows} rows` : "one batch",
    ),
  );
  return `a point is one step: ${[...words].join(" or ")}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
