"use client";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { figure } from "../ui/format";
import type { ChartData, Line as Training } from "./curves-prepare";
import { lookOf } from "./look";

const TICK = { fill: "var(--faint)", fontSize: 12 };
/** One metric over the steps, a line for each training; the raw values stay visible under a smoothed one. A view. */
export default function MetricChart({ data, lines, smooth }: { data: ChartData; lines: readonly Training[]; smooth: boolean }) {
  const { metric, rows } = data;
  return (
    <div className="h-52 w-full" role="img" aria-label={`${metric.label} over the steps: ${metric.about}`}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 208 }}>
        <LineChart data={rows} margin={{ top: 8, right: 8, bottom: 0, left: -12 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--rule)" vertical={false} />
          <XAxis dataKey="step" type="number" domain={["dataMin", "dataMax"]} allowDecimals={false} tick={TICK} stroke="var(--edge)" tickLine={false} />
          <YAxis domain={metric.share ? [0, 1] : ["auto", "auto"]} tick={TICK} stroke="var(--edge)" tickLine={false} tickFormatter={(v: number) => figure(v)} />
          <Tooltip
            isAnimationActive={false}
            contentStyle={{ background: "var(--raised)", border: "1px solid var(--edge)", borderRadius: 2, fontSize: 12 }}
            labelFormatter={(step) => `step ${step}`}
            formatter={(value, name) => [figure(Number(value)), name]}
          />
          {smooth &&
            lines.map((line) => (
              <Line
                key={`raw ${line.id}`}
                dataKey={`raw ${line.id}`}
                name={`${line.name}, raw`}
                stroke={lookOf(line).stroke}
                strokeOpacity={0.35}
                strokeWidth={1}
                dot={false}
                connectNulls={false}
                isAnimationActive={false}
              />
            ))}
          {lines.map((line) => (
            <Line
              key={line.id}
              dataKey={line.id}
              name={line.name}
              stroke={lookOf(line).stroke}
              strokeDasharray={lookOf(line).dash}
              strokeWidth={1.75}
              dot={rows.length < 3 ? { r: 3 } : false}
              connectNulls={false}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
