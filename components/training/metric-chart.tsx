"use client";
import { Area, CartesianGrid, ComposedChart, Line, Tooltip, XAxis, YAxis } from "recharts";
import { AXIS, CHART, GRID, TOOLTIP } from "../charts/axes";
import { Mark } from "../charts/mark";
import { Plot } from "../charts/plot";
import { figure } from "../ui/format";
import type { ChartData, Line as Training } from "./curves-prepare";

/**
 * One metric over the steps, a line for each training; the raw values stay visible under a smoothed one. A view.
 *
 * @param band the data hold `band ID`, from a lower to an upper value, around a line.
 * @param marks put the line's marker on it every now and then.
 */
export default function MetricChart(props: { data: ChartData; lines: readonly Training[]; band?: boolean; marks?: boolean }) {
  const { metric, rows, smoothed } = props.data;
  const every = Math.max(1, Math.ceil(rows.length / 7));
  return (
    <Plot className="h-52 w-full">
      <ComposedChart data={rows} margin={{ top: 8, right: 16, bottom: 0, left: -12 }} {...CHART}>
        <CartesianGrid {...GRID} />
        <XAxis dataKey="step" type="number" domain={["dataMin", "dataMax"]} allowDecimals={false} {...AXIS} />
        <YAxis domain={metric.share ? [0, shareEnd] : ["auto", "auto"]} tickFormatter={(v: number) => figure(v)} {...AXIS} />
        <Tooltip
          {...TOOLTIP}
          labelFormatter={(step) => `step ${step}`}
          formatter={(value, name) => [Array.isArray(value) ? value.map((v) => figure(Number(v))).join(" to ") : figure(Number(value)), name]}
        />
        {props.band === true &&
          props.lines.map((line) => (
            <Area
              key={`band ${line.id}`}
              dataKey={`band ${line.id}`}
              name={`${line.name}, seeds`}
              stroke="none"
              fill={line.look.stroke}
              fillOpacity={0.12}
              connectNulls={false}
              isAnimationActive={false}
              activeDot={false}
            />
          ))}
        {smoothed &&
          props.lines.map((line) => (
            <Line
              key={`raw ${line.id}`}
              dataKey={`raw ${line.id}`}
              name={`${line.name}, raw`}
              tooltipType="none"
              stroke={line.look.stroke}
              strokeOpacity={0.35}
              strokeWidth={1}
              dot={false}
              connectNulls={false}
              isAnimationActive={false}
            />
          ))}
        {props.lines.map((line, nth) => (
          <Line
            key={line.id}
            dataKey={line.id}
            name={line.name}
            stroke={line.look.stroke}
            strokeDasharray={line.look.dash}
            strokeWidth={1.75}
            dot={
              rows.length < 3 || (metric.sparse === true && props.marks !== true)
                ? { r: 3 }
                : props.marks === true &&
                  // Lines that lie on each other bear their markers in other places.
                  (({ cx, cy, index, key }: { cx?: number; cy?: number; index?: number; key?: React.Key | null }) =>
                    typeof cx === "number" && typeof cy === "number" && (metric.sparse === true || ((index ?? 0) + nth * 2) % every === 0) ? (
                      <Mark key={key} x={cx} y={cy} r={3} look={line.look} />
                    ) : (
                      <g key={key} />
                    ))
            }
            connectNulls={metric.sparse === true}
            isAnimationActive={false}
          />
        ))}
      </ComposedChart>
    </Plot>
  );
}

/** The end of a share's axis above its highest value, so that its quarters are round. */
const shareEnd = (most: number) => [0.1, 0.2, 0.4, 0.6, 0.8].find((end) => most <= end) ?? 1;
