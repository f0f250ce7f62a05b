import type { Interval } from "@/server/core/statistics/intervals";

/**
 * A dot with its interval on a scale shared by the rows of a table.
 *
 * @param max right end of the scale, in the unit of the interval.
 * @param tone the colour's meaning: intervention for that arm, ink for the others.
 */
export function Whisker(props: { of: Interval; max: number; tone: "ink" | "intervention" | "faint" }) {
  const x = (v: number) => 4 + 92 * Math.min(1, Math.max(0, v / props.max));
  const colour = `var(--${props.tone})`;
  return (
    <svg viewBox="0 0 100 16" preserveAspectRatio="none" className="h-4 w-full" aria-hidden>
      <line x1={4} x2={96} y1={8} y2={8} stroke="var(--rule)" strokeWidth={1} vectorEffect="non-scaling-stroke" />
      <line
        x1={x(props.of.low)}
        x2={x(props.of.high)}
        y1={8}
        y2={8}
        stroke={colour}
        strokeWidth={1.75}
        vectorEffect="non-scaling-stroke"
      />
      {[props.of.low, props.of.high].map((v, i) => (
        <line
          key={i}
          x1={x(v)}
          x2={x(v)}
          y1={4.5}
          y2={11.5}
          stroke={colour}
          strokeWidth={1.75}
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {/* A stroke of no length with round caps stays round however the drawing is stretched. */}
      <line
        x1={x(props.of.value)}
        x2={x(props.of.value)}
        y1={8}
        y2={8.001}
        stroke={colour}
        strokeWidth={8}
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** The right end of a scale that holds every interval: the next of 1, 2, 5 · 10^k. */
export function scaleEnd(intervals: readonly (Interval | null)[]): number {
  const most = Math.max(0, ...intervals.map((i) => i?.high ?? 0));
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return Math.min(1, [1, 2, 5, 10].map((m) => m * power).find((end) => end >= most) ?? 1);
}
