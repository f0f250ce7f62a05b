"use client";
import { Area, CartesianGrid, ComposedChart, Line, Tooltip, XAxis, YAxis } from "recharts";
import { AXIS, CHART, GRID, TOOLTIP } from "../../charts/axes";
import { Plot } from "../../charts/plot";
import { percent } from "../../ui/format";
import { type PassLine, passRows } from "./pass-lines";
import { tickPercent } from "./words";

/** pass@k over k on a logarithmic axis, each line with its band. A view. */
export default function PassChart({ lines, onOpen }: { lines: readonly PassLine[]; onOpen: (line: PassLine) => void }) {
  const rows = passRows(lines);
  const most = Math.max(1, ...rows.map((r) => Number(r.k)));
  const top = Math.max(0, ...lines.flatMap(({ curve }) => curve.points.map((p) => p.high ?? p.value ?? 0)));
  const powers = Math.floor(Math.log2(most)) + 1;
  const apart = Math.ceil(powers / 9);
  const ticks = Array.from({ length: Math.ceil(powers / apart) }, (_, i) => 2 ** (i * apart));
  return (
    <Plot className="h-72 w-full">
      <ComposedChart data={rows} margin={{ top: 8, right: 12, bottom: 4, left: 0 }} {...CHART}>
        <CartesianGrid {...GRID} />
        {/* A logarithmic axis cannot end where it begins. */}
        <XAxis dataKey="k" type="number" scale="log" domain={[1, Math.max(2, most)]} ticks={ticks} {...AXIS} />
        <YAxis domain={[0, "auto"]} tickFormatter={(v: number) => tickPercent(v, top)} width={56} {...AXIS} />
        <Tooltip
          {...TOOLTIP}
          labelFormatter={(k) => `k = ${k}`}
          formatter={(value, name) => [Array.isArray(value) ? value.map((v) => percent(Number(v))).join(" to ") : percent(Number(value)), name]}
          itemSorter={(item) => -Number(Array.isArray(item.value) ? 0 : item.value)}
        />
        {lines.map(({ key, look }) => (
          <Area key={`band ${key}`} dataKey={`band ${key}`} stroke="none" fill={look.stroke} fillOpacity={0.09} activeDot={false} tooltipType="none" isAnimationActive={false} />
        ))}
        {lines.map((line) => (
          <Line
            key={line.key}
            dataKey={line.key}
            name={line.name}
            stroke={line.look.stroke}
            strokeDasharray={line.look.dash ?? "0"}
            strokeWidth={1.75}
            dot={rows.length < 3 ? { r: 3 } : false}
            connectNulls={false}
            isAnimationActive={false}
            onClick={() => onOpen(line)}
            className="cursor-pointer"
          />
        ))}
      </ComposedChart>
    </Plot>
  );
}
