/** How a series looks: colours are told apart by dash and marker as well. */
export interface Look {
  /** A token. */
  stroke: string;
  dash: string | undefined;
  marker: Marker;
}

export type Marker = "circle" | "square" | "triangle" | "diamond" | "cross" | "plus";

export const COLOURS = [
  "var(--ink)",
  "var(--intervention)",
  "var(--uncertainty)",
  "var(--success)",
  "var(--error)",
  "var(--faint)",
] as const;
const DASHES = [undefined, "6 3", "2 3", "8 3 2 3", "1 4", "10 4"] as const;
const MARKERS = ["circle", "square", "triangle", "diamond", "cross", "plus"] as const;

/**
 * The look of the n-th series.
 * @param colour index of the series, or of the group whose members share a colour.
 * @param line index of the dash and the marker; a group's members differ by it. Default: the colour's.
 */
export function lookOf(colour: number, line: number = colour): Look {
  return {
    stroke: COLOURS[colour % COLOURS.length] ?? "var(--ink)",
    dash: DASHES[line % DASHES.length],
    marker: MARKERS[line % MARKERS.length] ?? "circle",
  };
}

/** A marker's outline around (x, y) with radius r, as an SVG path. */
export function markerPath(marker: Marker, x: number, y: number, r: number): string {
  switch (marker) {
    case "circle":
      return `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
    case "square":
      return `M${x - r},${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`;
    case "triangle":
      return `M${x},${y - r * 1.15}L${x + r * 1.1},${y + r * 0.85}H${x - r * 1.1}Z`;
    case "diamond":
      return `M${x},${y - r * 1.3}L${x + r * 1.3},${y}L${x},${y + r * 1.3}L${x - r * 1.3},${y}Z`;
    case "cross":
      return `M${x - r},${y - r}L${x + r},${y + r}M${x - r},${y + r}L${x + r},${y - r}`;
    case "plus":
      return `M${x - r * 1.2},${y}H${x + r * 1.2}M${x},${y - r * 1.2}V${y + r * 1.2}`;
  }
}
