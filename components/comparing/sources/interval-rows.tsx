"use client";
import { useWidth } from "../../charts/use-width";
import { figure } from "../../ui/format";
import type { Bounded } from "@/server/core/views/comparing-sources";

/** A mean on its line. */
export interface IntervalRow {
  label: string;
  of: Bounded;
  colour: string;
  /** Not the main figure of its group: set in. */
  minor?: boolean;
  /** Begins a group: a little apart from what stands above. */
  apart?: boolean;
}

const ROW = 24;
const GAP = 8;
const AXIS = 26;

/** Means with their intervals on one scale from 0, one below the other. A mean without an interval is a hollow dot. A view. */
export function IntervalRows({ rows, unit }: { rows: readonly IntervalRow[]; unit: string }) {
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const narrow = width < 480;
  const left = narrow ? 8 : Math.min(220, 16 + 7 * Math.max(...rows.map((r) => r.label.length)));
  const step = narrow ? ROW + 16 : ROW;
  const most = Math.max(1e-6, ...rows.map(({ of }) => of.high ?? of.value));
  const ticks = ticksTo(most);
  const end = Math.max(most, ticks.at(-1) ?? 0);
  const x = (v: number) => left + (v / end) * (width - left - 60);
  let y = 4;
  const placed = rows.map((row) => {
    y += (row.apart ? GAP : 0) + step;
    return { ...row, y: y - ROW / 2 };
  });
  const bottom = y + 4;
  return (
    <div ref={ref} className="max-w-[52rem]">
      <svg width={width} height={bottom + AXIS} fontSize={12} className="block max-w-full" aria-hidden>
        {ticks.map((t) => (
          <g key={t}>
            <line x1={x(t)} x2={x(t)} y1={4} y2={bottom} stroke={t === 0 ? "var(--edge)" : "var(--rule)"} />
            <text x={x(t)} y={bottom + 15} textAnchor="middle" fill="var(--faint)">
              {figure(t)}
            </text>
          </g>
        ))}
        <text x={width - 4} y={bottom + 15} textAnchor="end" fill="var(--faint)">
          {unit}
        </text>
        {placed.map(({ label, of, colour, minor, y: at }) => (
          <g key={label}>
            <title>{`${label}: ${figure(of.value)}${of.low === null || of.high === null ? ", no interval" : `, ${figure(of.low)} to ${figure(of.high)}`}`}</title>
            <text x={narrow ? left : left - 12} y={narrow ? at - 11 : at + 4} textAnchor={narrow ? "start" : "end"} fill={minor ? "var(--soft)" : "var(--ink)"}>
              {label.length > 32 ? `${label.slice(0, 31)}…` : label}
            </text>
            {of.low !== null && of.high !== null && (
              <>
                <line x1={x(of.low)} x2={x(of.high)} y1={at} y2={at} stroke={colour} strokeWidth={1.75} />
                {[of.low, of.high].map((v, i) => (
                  <line key={i} x1={x(v)} x2={x(v)} y1={at - 4} y2={at + 4} stroke={colour} strokeWidth={1.75} />
                ))}
              </>
            )}
            <circle cx={x(of.value)} cy={at} r={4} fill={of.low === null ? "var(--paper)" : colour} stroke={colour} strokeWidth={1.75} />
            <text x={x(of.high ?? of.value) + 9} y={at + 4} fill="var(--soft)">
              {figure(of.value)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** 0 and four or five round numbers up to about `most`. */
function ticksTo(most: number): number[] {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step);
}
