import type { Line } from "./curves-prepare";

const COLOURS = ["var(--ink)", "var(--intervention)", "var(--uncertainty)", "var(--success)", "var(--error)", "var(--faint)"];
/** Lines differ as well as colours. */
const DASHES = [undefined, "6 3", "2 3", "8 3 2 3", "1 4", "10 4"];

/** A training's look in every chart and in the legend. */
export function lookOf(line: Pick<Line, "look">): { stroke: string; dash: string | undefined } {
  return { stroke: COLOURS[line.look % COLOURS.length] ?? "var(--ink)", dash: DASHES[line.look % DASHES.length] };
}
