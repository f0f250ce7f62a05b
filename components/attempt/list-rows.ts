import type { ReactNode } from "react";
import type { Row } from "./prepare";

/** What both lists of rows (whole, windowed) take. */
export interface ListProps {
  rows: readonly Row[];
  /** How many steps the attempt has. */
  steps: number;
  /** Place of the row to go to; -1: none. */
  at: number;
  /** Grows when it is to be gone to. */
  goes: number;
  draw: (row: Row) => ReactNode;
}

/** Attributes by which rows are found: by tests, by links, by the search. */
export function rowAttributes(row: Row) {
  return row.kind === "thought"
    ? { "data-thought": row.range.from }
    : { id: `step-${row.step.n}`, "data-step": row.step.n, "data-first-error": row.step.firstError || undefined };
}

/** Where the free part of the window begins: below the header and whatever sticks there. */
export function topOfText(): number {
  let top = 0;
  for (const bar of document.querySelectorAll<HTMLElement>("[data-sticks]")) {
    if (getComputedStyle(bar).position !== "sticky") continue;
    top = Math.max(top, Number.parseFloat(getComputedStyle(bar).top) + bar.offsetHeight);
  }
  return top + 10;
}
