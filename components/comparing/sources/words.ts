import type { Bounded, SourceRow } from "@/server/core/views/comparing-sources";
import type { RowPart } from "@/server/core/scoring/row-parts";
import { figure, percent, roughPercent } from "../../ui/format";

/** The data sets that are shown: those that are named, all where none is. */
export function shownRows(rows: readonly SourceRow[], names: readonly string[] | null): SourceRow[] {
  const shown = names === null ? [] : rows.filter((r) => names.includes(r.dataset));
  return shown.length > 0 ? shown : [...rows];
}

/** "0.43 (0.31 to 0.55)"; without an interval "0.43, no interval". */
export function withBounds(of: Bounded): string {
  return of.low === null || of.high === null ? `${figure(of.value)}, no interval` : `${figure(of.value)} (${figure(of.low)} to ${figure(of.high)})`;
}

/** A part's colour: the intervention's is its own everywhere. */
export const PART_COLOUR: Record<RowPart, string> = {
  whole: "var(--ink)",
  prefix: "var(--faint)",
  intervention: "var(--intervention)",
  suffix: "var(--uncertainty)",
};

/** "int", "int: prefix". */
export const partName = (dataset: string, part: RowPart) => (part === "whole" ? dataset : `${dataset}: ${part}`);

/** A name as a shell takes it. */
export const quoted = (name: string) => (/^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);

/** A tick of an axis of shares that ends at `end`: whole per cent where they tell the ticks apart. */
export const tickPercent = (share: number, end: number) => (end >= 0.1 ? roughPercent(share) : percent(share));
