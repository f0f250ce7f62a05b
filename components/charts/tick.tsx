import type { XAxisTickContentProps, YAxisTickContentProps } from "recharts";

/**
 * The words at a tick of a Recharts axis. Drawn here, because Recharts reads the computed style of its own ones once they are
 * drawn, and then draws the axis again.
 */
export function Tick({ x, y, textAnchor, verticalAnchor, payload, index, tickFormatter }: XAxisTickContentProps | YAxisTickContentProps) {
  const value: unknown = payload.value;
  return (
    <text x={x} y={y} dy={verticalAnchor === "middle" ? "0.355em" : "0.71em"} textAnchor={textAnchor} fill="var(--faint)" fontSize={12}>
      {tickFormatter === undefined ? String(value) : tickFormatter(value, index)}
    </text>
  );
}
