import type { FinalRow } from "@/server/core/views/comparing-table";
import { points } from "../charts/table";
import { cellsOf } from "./final-figures";

const LEFT = 210;
const ROW = 26;
const TOP = 8;

/** Differences of one column to the baseline with their intervals, around a line at 0. A view: it decides nothing. */
export function DifferenceChart({ rows, column }: { rows: readonly FinalRow[]; column: number }) {
  const drawn = rows.flatMap((row) => {
    const cell = cellsOf(row)[column];
    return row.baseline || cell?.kind !== "value" || cell.against === null ? [] : [{ label: row.label, of: cell.against.difference }];
  });
  const reach = niceReach(Math.max(0.001, ...drawn.flatMap(({ of }) => [Math.abs(of.low), Math.abs(of.high)])));
  const [width, height] = [640, TOP + drawn.length * ROW + 30];
  const x = (v: number) => LEFT + ((v + reach) / (2 * reach)) * (width - LEFT - 16);
  const ticks = [-reach, -reach / 2, 0, reach / 2, reach];
  const bottom = TOP + drawn.length * ROW + 4;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className="h-auto w-full max-w-[52rem]" fontSize={12} aria-hidden>
      {ticks.map((t) => (
        <g key={t}>
          <line x1={x(t)} x2={x(t)} y1={TOP - 4} y2={bottom} stroke={t === 0 ? "var(--edge)" : "var(--rule)"} strokeWidth={1} />
          <text x={x(t)} y={bottom + 16} textAnchor="middle" fill="var(--faint)">
            {points(t)}
          </text>
        </g>
      ))}
      {drawn.map(({ label, of }, i) => {
        const y = TOP + i * ROW + ROW / 2;
        const sure = of.low > 0 || of.high < 0;
        const stroke = sure ? "var(--intervention)" : "var(--soft)";
        return (
          <g key={label}>
            <text x={LEFT - 12} y={y + 4} textAnchor="end" fill="var(--ink)">
              {label.length > 32 ? `${label.slice(0, 31)}…` : label}
            </text>
            <line x1={x(of.low)} x2={x(of.high)} y1={y} y2={y} stroke={stroke} strokeWidth={1.75} />
            {[of.low, of.high].map((v, end) => (
              <line key={end} x1={x(v)} x2={x(v)} y1={y - 4} y2={y + 4} stroke={stroke} strokeWidth={1.75} />
            ))}
            <circle cx={x(of.value)} cy={y} r={4.5} fill={sure ? stroke : "var(--paper)"} stroke={stroke} strokeWidth={1.75} />
          </g>
        );
      })}
    </svg>
  );
}

/** The next of 1, 2, 5 · 10^k that holds it. */
function niceReach(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((m) => m * power).find((end) => end >= most) ?? 1;
}
