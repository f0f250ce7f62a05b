"use client";
import { useRouter } from "next/navigation";
import { Bar, CartesianGrid, ComposedChart, Line, Tooltip, XAxis, YAxis } from "recharts";
import { AXIS, CHART, GRID, TOOLTIP } from "../../charts/axes";
import type { Look } from "../../charts/look";
import { Mark } from "../../charts/mark";
import { Plot } from "../../charts/plot";
import { count, figure, percent } from "../../ui/format";

/** One bar and what is drawn over it. */
export interface HistogramBin {
  label: string;
  /** Rows of the bin; what the bar leads to. */
  count: number;
  href: string | undefined;
  /** Heights of the bar, of its darker part, and of the lines, in the unit of the axis. */
  bar: number;
  part?: number | undefined;
  lines: Record<string, number | null>;
}

export interface HistogramLine {
  key: string;
  name: string;
  look: Look;
  /** Markers at the bins beside the line. */
  marks: boolean;
}

/** Bars of a histogram; a click on one opens its rows. A view: it decides nothing. */
export function Histogram(props: {
  bins: readonly HistogramBin[];
  lines?: readonly HistogramLine[];
  /** What the bars are, and their darker part. */
  name: string;
  partName?: string;
  unit: "share" | "count";
  axis: string;
}) {
  const router = useRouter();
  const { bins, lines = [], unit } = props;
  const written = (v: number) => (unit === "share" ? percent(v) : count(v));
  const data = bins.map((b) => ({ ...b, rest: b.bar - (b.part ?? 0), part: b.part ?? 0 }));
  // Of the bar itself: the chart knows the place of a click only after a move of the mouse.
  const open = (_: unknown, index: number) => {
    const href = bins[index]?.href;
    if (href !== undefined) router.push(href);
  };
  const withPart = props.partName !== undefined;
  return (
    <Plot className="h-56 w-full max-w-3xl" data-histogram>
      <ComposedChart data={data} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} {...CHART} barCategoryGap={1}>
        <CartesianGrid {...GRID} />
        <XAxis dataKey="label" {...AXIS} interval="preserveEnd" minTickGap={18} height={44} label={{ value: props.axis, position: "insideBottom", offset: 2, fill: "var(--faint)", fontSize: 12 }} />
        <YAxis {...AXIS} width={48} allowDecimals={unit === "share"} tickFormatter={(v: number) => (unit === "share" ? `${Math.round(v * 1000) / 10} %` : figure(v))} />
        <Tooltip {...TOOLTIP} cursor={{ fill: "var(--sunken)" }} formatter={(value, name) => [written(Number(value)), name]} />
        {withPart && <Bar dataKey="part" name={props.partName ?? ""} stackId="all" fill="var(--intervention)" isAnimationActive={false} onClick={open} className="cursor-pointer" />}
        <Bar
          dataKey="rest"
          name={withPart ? "others" : props.name}
          stackId="all"
          fill={withPart ? "var(--edge)" : "var(--intervention)"}
          fillOpacity={withPart ? 0.55 : 0.75}
          isAnimationActive={false}
          onClick={open}
          className="cursor-pointer"
        />
        {lines.map((line) => (
          <Line
            key={line.key}
            dataKey={(bin: HistogramBin) => bin.lines[line.key] ?? null}
            name={line.name}
            stroke={line.look.stroke}
            strokeDasharray={line.look.dash}
            strokeWidth={1.75}
            type="linear"
            connectNulls={false}
            isAnimationActive={false}
            dot={line.marks ? ({ key, cx, cy }) => (typeof cx === "number" && typeof cy === "number" ? <Mark key={String(key)} x={cx} y={cy} look={line.look} /> : <g key={String(key)} />) : false}
          />
        ))}
      </ComposedChart>
    </Plot>
  );
}
