import type { CSSProperties } from "react";
import { Tick } from "./tick";

/**
 * What every Recharts drawing of the house has in common: spread these over its parts. Every tick of an axis is written: to leave
 * some out (`interval`, for axes of many categories), Recharts measures each in the document, a layout of the whole page at a time.
 */
export const AXIS = { tick: Tick, interval: 0, stroke: "var(--edge)", tickLine: false } as const;
export const GRID = { stroke: "var(--rule)", vertical: false } as const;
/** A chart is no keyboard widget of Recharts' own: its table is what a keyboard reads. */
export const CHART = { accessibilityLayer: false } as const;
export const TOOLTIP: { isAnimationActive: false; contentStyle: CSSProperties; labelStyle: CSSProperties } = {
  isAnimationActive: false,
  contentStyle: { background: "var(--raised)", border: "1px solid var(--edge)", borderRadius: 2, fontSize: 12, padding: "4px 8px" },
  labelStyle: { color: "var(--soft)" },
};
