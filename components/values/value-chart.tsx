"use client";
import {
  CartesianGrid,
  ErrorBar,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  XAxis,
  YAxis,
} from "recharts";
import type { Drop } from "@/server/core/branching/values";
import { AXIS, CHART, GRID } from "../charts/axes";
import { Plot } from "../charts/plot";
import type { ChartStep, Located } from "./prepare";

/** V(t) over the steps, with its intervals, the largest drop and the located first errors. A view: it decides nothing. */
export default function ValueChart(props: {
  steps: readonly ChartStep[];
  drop: Drop | null;
  located: readonly Located[];
  label: string;
}) {
  const last = props.steps.at(-1)?.step ?? 0;
  return (
    <Plot role="img" aria-label={props.label} className="h-56 w-full" data-testid="value-chart">
      <LineChart data={[...props.steps]} margin={{ top: 8, right: 16, bottom: 4, left: -20 }} {...CHART}>
        <CartesianGrid {...GRID} />
        <XAxis
          dataKey="step"
          type="number"
          domain={[0, last]}
          allowDecimals={false}
          {...AXIS}
        />
        <YAxis domain={[0, 1]} ticks={[0, 0.25, 0.5, 0.75, 1]} {...AXIS} />
        {props.drop !== null && (
          <ReferenceArea x1={props.drop.from} x2={props.drop.to} fill="var(--error)" fillOpacity={0.14} />
        )}
        {props.located.map((e) => (
          <ReferenceLine
            key={`${e.by}-${e.step}`}
            x={e.step}
            stroke={e.kind === "model" ? "var(--error)" : "var(--ink)"}
            strokeDasharray={e.kind === "model" ? "4 3" : undefined}
            strokeWidth={1.5}
          />
        ))}
        <Line
          dataKey="value"
          connectNulls={false}
          isAnimationActive={false}
          stroke="var(--ink)"
          strokeWidth={1.5}
          dot={props.steps.length > 120 ? { r: 2, fill: "var(--ink)" } : { r: 3, fill: "var(--ink)" }}
        >
          <ErrorBar dataKey="interval" width={4} stroke="var(--uncertainty)" strokeWidth={1.5} direction="y" />
        </Line>
      </LineChart>
    </Plot>
  );
}
