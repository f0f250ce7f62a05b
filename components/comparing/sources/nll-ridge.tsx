"use client";
import { binBounds, NLL_BINS } from "@/server/core/scoring/bins";
import type { RowPart } from "@/server/core/scoring/row-parts";
import type { Bounded } from "@/server/core/views/comparing-sources";
import { useWidth } from "../../charts/use-width";
import { figure } from "../../ui/format";

/** The histogram of one part of a source. */
export interface RidgeRow {
  label: string;
  dataset: string;
  part: RowPart;
  bins: readonly number[];
  mean: Bounded;
  colour: string;
}

const HEIGHT = 46;
const AXIS = 34;
const TENS = [0.001, 0.01, 0.1, 1, 10];
const FINE = TENS.flatMap((t) => [t, 2 * t, 5 * t].map((v) => Number(v.toPrecision(1))));

/**
 * Histograms of negative log-likelihood one below the other, on one logarithmic scale: each bar is a bin's share of its row. A
 * click on a bar opens the rows behind it; the chart's table has the same as links. A view.
 */
export function NllRidge(props: {
  rows: readonly RidgeRow[];
  /** "traces" or "tokens". */
  of: string;
  open: { dataset: string; part: RowPart; bin: number } | null;
  onOpen: (row: RidgeRow, bin: number) => void;
}) {
  const { rows } = props;
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const narrow = width < 520;
  const left = narrow ? 4 : Math.min(200, 20 + 7 * Math.max(...rows.map((r) => r.label.length)));
  const row = HEIGHT + (narrow ? 18 : 8);
  const [first, last] = usedBins(rows);
  const unit = (width - left - 8) / (last - first + 1);
  // Bins are equal steps of the scale; the first has no lower end on it.
  const x = (bin: number) => left + (bin - first) * unit;
  const place = (nll: number) => x(Math.min(last + 1, Math.max(first, nll > 0 ? 2 * (Math.log2(nll) + 10) + 1 : 0)));
  const bottom = rows.length * row + 4;
  // Two bins are an octave: on a scale of few octaves there is room for more ticks.
  const ticks = (last - first < 16 ? FINE : TENS).filter((t) => place(t) > x(first) && place(t) < x(last + 1));
  return (
    <div ref={ref}>
      <svg width={width} height={bottom + AXIS} fontSize={12} className="block max-w-full" aria-hidden>
        {ticks.map((t) => (
          <g key={t}>
            <line x1={place(t)} x2={place(t)} y1={4} y2={bottom} stroke="var(--rule)" />
            <text x={place(t)} y={bottom + 14} textAnchor="middle" fill="var(--faint)">
              {t}
            </text>
          </g>
        ))}
        <text x={width - 8} y={bottom + 29} textAnchor="end" fill="var(--faint)">
          nats a token
        </text>
        {rows.map((r, i) => {
          const base = (i + 1) * row;
          const total = r.bins.reduce((sum, n) => sum + n, 0);
          const most = Math.max(1, ...r.bins);
          return (
            <g key={r.label}>
              <text x={narrow ? left : left - 12} y={narrow ? base - HEIGHT - 2 : base - 5} textAnchor={narrow ? "start" : "end"} fill={r.part === "whole" ? "var(--ink)" : "var(--soft)"}>
                {r.label.length > 28 ? `${r.label.slice(0, 27)}…` : r.label}
              </text>
              <line x1={left} x2={width - 8} y1={base} y2={base} stroke="var(--edge)" />
              {r.bins.map((n, bin) => {
                if (n === 0) return null;
                const height = Math.max(2, (n / most) * (HEIGHT - 8));
                const opened = props.open?.dataset === r.dataset && props.open.part === r.part && props.open.bin === bin;
                return (
                  // biome-ignore lint/a11y/noStaticElementInteractions: a picture to a screen reader; the chart’s table has the same as links
                  <g key={bin} onClick={() => props.onOpen(r, bin)} className="cursor-pointer">
                    <title>{`${r.label}: ${n} of ${total} ${props.of}, ${binWords(bin)}`}</title>
                    {/* As high as its row, so that a low bar is as easy to hit as a high one. */}
                    <rect x={x(bin)} width={unit} y={base - HEIGHT} height={HEIGHT} fill="transparent" />
                    <rect x={x(bin) + 0.5} width={Math.max(1, unit - 1)} y={base - height} height={height} fill={r.colour} fillOpacity={opened ? 1 : 0.55} stroke={opened ? "var(--ink)" : "none"} />
                  </g>
                );
              })}
              {r.mean.low !== null && r.mean.high !== null && (
                <line x1={place(r.mean.low)} x2={place(r.mean.high)} y1={base - HEIGHT + 5} y2={base - HEIGHT + 5} stroke={r.colour} strokeWidth={2} />
              )}
              <path d={`M${place(r.mean.value)},${base - HEIGHT + 8}l-4,-7h8z`} fill={r.colour} />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** "between 0.354 and 0.5 nats". */
export function binWords(bin: number): string {
  const { from, to } = binBounds(bin);
  if (to === null) return `${figure(from)} nats and more`;
  return from === 0 ? `below ${figure(to)} nats` : `between ${figure(from)} and ${figure(to)} nats`;
}

/** The first and the last bin that any row uses, with one more on either side where there is one. */
function usedBins(rows: readonly RidgeRow[]): [number, number] {
  let [first, last] = [NLL_BINS - 1, 0];
  for (const { bins } of rows)
    for (const [i, n] of bins.entries())
      if (n > 0) {
        first = Math.min(first, i);
        last = Math.max(last, i);
      }
  return first > last ? [0, NLL_BINS - 1] : [Math.max(0, first - 1), Math.min(NLL_BINS - 1, last + 1)];
}
