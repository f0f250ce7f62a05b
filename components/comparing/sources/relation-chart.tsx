"use client";
import type { Bounded, RelationPoint, SourceRow } from "@/server/core/views/comparing-sources";
import { Mark } from "../../charts/mark";
import { useWidth } from "../../charts/use-width";
import { figure, percent } from "../../ui/format";
import { sourceLook } from "./pass-lines";
import { tickPercent } from "./words";

const HEIGHT = 340;
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 16, 12, 44];

/** What followed over how likely the source was, each point with both of its intervals. A click opens the models' attempts. A view. */
export function RelationChart(props: { points: readonly RelationPoint[]; rows: readonly SourceRow[]; onOpen: (point: RelationPoint) => void }) {
  const { points } = props;
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const [xEnd, xTicks] = scaleTo(Math.max(...points.map((p) => high(p.nll))));
  const [yEnd, yTicks] = scaleTo(Math.min(1, Math.max(0.001, ...points.map((p) => high(p.outcome)))));
  const x = (v: number) => LEFT + (v / xEnd) * (width - LEFT - RIGHT);
  const y = (v: number) => HEIGHT - BOTTOM - (v / yEnd) * (HEIGHT - TOP - BOTTOM);
  return (
    <div ref={ref} className="max-w-[52rem]">
      <svg width={width} height={HEIGHT} fontSize={12} className="block max-w-full" aria-hidden>
        {yTicks.map((t) => (
          <g key={t}>
            <line x1={LEFT} x2={width - RIGHT} y1={y(t)} y2={y(t)} stroke={t === 0 ? "var(--edge)" : "var(--rule)"} />
            <text x={LEFT - 8} y={y(t) + 4} textAnchor="end" fill="var(--faint)">
              {tickPercent(t, yEnd)}
            </text>
          </g>
        ))}
        {xTicks.map((t) => (
          <text key={t} x={x(t)} y={HEIGHT - BOTTOM + 16} textAnchor="middle" fill="var(--faint)">
            {figure(t)}
          </text>
        ))}
        <text x={width - RIGHT} y={HEIGHT - 8} textAnchor="end" fill="var(--faint)">
          mean NLL per token of the source, nats
        </text>
        {points.map((p) => {
          const look = sourceLook(p.datasetId, props.rows);
          const [cx, cy] = [x(p.nll.value), y(p.outcome.value)];
          const toLeft = cx > width - 120;
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: a picture to a screen reader; the chart’s table has the same as links
            <g key={p.datasetId} onClick={() => props.onOpen(p)} className="cursor-pointer">
              <title>{`${p.dataset}: NLL ${figure(p.nll.value)}, outcome ${percent(p.outcome.value)}`}</title>
              {p.nll.low !== null && p.nll.high !== null && <line x1={x(p.nll.low)} x2={x(p.nll.high)} y1={cy} y2={cy} stroke={look.stroke} strokeWidth={1.5} />}
              {p.outcome.low !== null && p.outcome.high !== null && <line x1={cx} x2={cx} y1={y(p.outcome.low)} y2={y(Math.min(yEnd, p.outcome.high))} stroke={look.stroke} strokeWidth={1.5} />}
              <circle cx={cx} cy={cy} r={12} fill="transparent" />
              <Mark x={cx} y={cy} r={5} look={look} />
              <text x={cx + (toLeft ? -10 : 10)} y={cy - 8} textAnchor={toLeft ? "end" : "start"} fill="var(--ink)">
                {p.dataset.length > 28 ? `${p.dataset.slice(0, 27)}…` : p.dataset}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

const high = (of: Bounded) => of.high ?? of.value;

/** The end of a scale from 0 that holds `most`, and its ticks. */
function scaleTo(most: number): [number, number[]] {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const steps = Math.ceil(most / step - 1e-9);
  return [steps * step, Array.from({ length: steps + 1 }, (_, i) => i * step)];
}
