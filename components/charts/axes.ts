import type { CSSProperties } from "react";

/** What every Recharts drawing of the house has in common: spread these over its parts. */
export const TICK = { fill: "var(--faint)", fontSize: 12 };
export const AXIS = { tick: TICK, stroke: "var(--edge)", tickLine: false } as const;
export const GRID = { stroke: "var(--rule)", vertical: false } as const;
/** A chart is no keyboard widget of Recharts' own: its table is what a keyboard reads. */
export const CHART = { accessibilityLayer: false } as const;
export const TOOLTIP: { isAnimationActive: false; contentStyle: CSSProperties; labelStyle: CSSProperties } = {
  isAnimationActive: false,
  contentStyle: { background: "var(--raised)", border: "1px solid var(--edge)", borderRadius: 2, fontSize: 12, padding: "4px 8px" },
  labelStyle: { color: "var(--soft)" },
};
