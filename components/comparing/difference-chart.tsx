"use client";
import type { FinalRow } from "@/server/core/views/comparing-table";
import { points } from "../charts/table";
import { useWidth } from "../charts/use-width";
import { cellsOf } from "./final-figures";

const TOP = 10;
/** Below so many px the names stand above their lines. */
const NARROW = 560;

/** Differences of one column to the baseline with their intervals, around a line at 0. A view: it decides nothing. */
export function DifferenceChart({ rows, column }: { rows: readonly FinalRow[]; column: number }) {
  const [place, whole] = useWidth<HTMLDivElement>(800);
  const width = Math.min(whole, 960);
  const narrow = width < NARROW;
  const drawn = rows.flatMap((row) => {
    const cell = cellsOf(row)[column];
    return row.baseline || cell?.kind !== "value" || cell.against === null ? [] : [{ label: row.label, of: cell.against.difference }];
  });
  const ticks = ticksOf(Math.min(0, ...drawn.map(({ of }) => of.low)), Math.max(0, ...drawn.map(({ of }) => of.high)), narrow ? 4 : 8);
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const left = narrow ? 20 : 240;
  const step = narrow ? 42 : 28;
  const bottom = TOP + drawn.length * step + 4;
  const x = (v: number) => left + ((v - low) / (high - low)) * (width - left - 24);
  return (
    <div ref={place}>
      <svg width={width} height={bottom + 24} fontSize={12} aria-hidden className="block max-w-full">
        {ticks.map((t) => (
          <g key={t}>
            <line x1={x(t)} x2={x(t)} y1={TOP - 4} y2={bottom} stroke={t === 0 ? "var(--edge)" : "var(--rule)"} strokeWidth={t === 0 ? 1.5 : 1} />
            <text x={x(t)} y={bottom + 16} textAnchor="middle" fill="var(--faint)">
              {points(t)}
            </text>
          </g>
        ))}
        {drawn.map(({ label, of }, i) => {
          const y = TOP + (i + 1) * step - 14;
          const sure = of.low > 0 || of.high < 0;
          const stroke = sure ? "var(--intervention)" : "var(--soft)";
          const most = narrow ? 44 : 36;
          return (
            <g key={label}>
              <text x={narrow ? left : left - 16} y={narrow ? y - 13 : y + 4} textAnchor={narrow ? "start" : "end"} fill="var(--ink)">
                {label.length > most ? `${label.slice(0, most - 1)}…` : label}
              </text>
              <line x1={x(of.low)} x2={x(of.high)} y1={y} y2={y} stroke={stroke} strokeWidth={1.75} />
              {[of.low, of.high].map((v, end) => (
                <line key={end} x1={x(v)} x2={x(v)} y1={y - 4} y2={y + 4} stroke={stroke} strokeWidth={1.75} />
              ))}
              <circle cx={x(of.value)} cy={y} r={4} fill={sure ? stroke : "var(--paper)"} stroke={stroke} strokeWidth={1.75} />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** Round numbers from below `low` to above `high`, about `most` of them, 0 among them. */
function ticksOf(low: number, high: number, most: number): number[] {
  const rough = Math.max(1e-4, high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  const [from, to] = [Math.floor(low / step), Math.max(1, Math.ceil(high / step))];
  return Array.from({ length: to - from + 1 }, (_, i) => (from + i) * step);
}
