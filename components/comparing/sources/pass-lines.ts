import type { ModelCurve, SetCurves, SourceRow } from "@/server/core/views/comparing-sources";
import type { ChartTable } from "../../charts/table";
import { COLOURS, type Look, lookOf } from "../../charts/look";

/** A curve with its look. */
export interface PassLine {
  key: string;
  name: string;
  look: Look;
  curve: ModelCurve;
}

/** The base in ink, RL alone faint, each source in a colour of its own; its seeds differ by dash and marker. */
export function passLines({ curves }: SetCurves, rows: readonly SourceRow[]): PassLine[] {
  const seen = new Map<string, number>();
  return curves.map((curve) => {
    const group = curve.datasetId ?? (curve.stage === null ? "base" : "rl");
    const nth = seen.get(group) ?? 0;
    seen.set(group, nth + 1);
    return { key: curve.modelId, name: curve.model, look: curveLook(curve, rows, nth), curve };
  });
}

function curveLook({ datasetId, stage }: ModelCurve, rows: readonly SourceRow[], nth: number): Look {
  if (datasetId !== null) return sourceLook(datasetId, rows, nth);
  const colour = stage === null ? 0 : COLOURS.length - 1;
  return lookOf(colour, colour + nth);
}

/**
 * A source's look in every chart: by its place among those that are shown; ink and faint are the base's and that of RL alone. There
 * are fewer colours than sources: those of one colour differ by dash and marker.
 */
export function sourceLook(datasetId: string, rows: readonly Pick<SourceRow, "datasetId">[], nth = 0): Look {
  const at = Math.max(0, rows.findIndex((r) => r.datasetId === datasetId));
  return lookOf(1 + (at % (COLOURS.length - 2)), 1 + at + nth);
}

/** One row for each k; a line without a value there has none. `band KEY`: low and high. */
export function passRows(lines: readonly PassLine[]): Record<string, number | [number, number]>[] {
  const ks = [...new Set(lines.flatMap((l) => l.curve.points.map((p) => p.k)))].sort((a, b) => a - b);
  return ks.map((k) => {
    const row: Record<string, number | [number, number]> = { k };
    for (const { key, curve } of lines) {
      const point = curve.points.find((p) => p.k === k);
      if (point === undefined || point.value === null) continue;
      row[key] = point.value;
      if (point.low !== null && point.high !== null) row[`band ${key}`] = [point.low, point.high];
    }
    return row;
  });
}

/** The curves as a table: a row for each model and k, which leads to the model's attempts. */
export function passTable(lines: readonly PassLine[], hrefOf: (runs: readonly string[]) => string): ChartTable {
  return {
    columns: [
      { key: "model", label: "Model" },
      { key: "k", label: "k", kind: "count" },
      { key: "value", label: "pass@k", kind: "percent" },
      { key: "low", label: "low 95 %", kind: "percent" },
      { key: "high", label: "high 95 %", kind: "percent" },
      { key: "problems", label: "Problems", kind: "count" },
      { key: "leftOut", label: "Left out", kind: "count" },
    ],
    rows: lines.flatMap(({ name, curve }) =>
      curve.points.map(({ k, value, low, high, problems, leftOut }) => ({
        model: { value: name, href: hrefOf(curve.runs) },
        k,
        value,
        low,
        high,
        problems,
        leftOut,
      })),
    ),
  };
}
