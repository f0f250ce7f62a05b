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
  /**
   * Places of rows, ascending, that stay in the document wherever the window is: what is named, and what is written in. A field
   * that left it with its row would lose the focus, and Tab could not come back to it.
   */
  keeps: readonly number[];
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
  let top = document.querySelector<HTMLElement>("header")?.offsetHeight ?? 0;
  for (const bar of document.querySelectorAll<HTMLElement>("[data-sticks]")) {
    if (getComputedStyle(bar).position !== "sticky") continue;
    top = Math.max(top, Number.parseFloat(getComputedStyle(bar).top) + bar.offsetHeight);
  }
  return top + 10;
}

/** For this long (ms) after a jump, what grows above its target (fonts, formulas) must not push it away. */
const SETTLING = 1_200;

/**
 * Scroll so that a row stands at the top of the text, and keep it there while the page settles; the reader's own hand ends
 * that at once. Returns a function that ends it too.
 *
 * @param row the row, once it is in the document. @param jump brings it there, roughly.
 */
export function goAndStay(row: () => Element | null | undefined, jump: () => void): () => void {
  const ends = performance.now() + SETTLING;
  const hands = ["wheel", "touchstart", "pointerdown", "keydown"];
  let frame = 0;
  const stop = () => {
    cancelAnimationFrame(frame);
    for (const hand of hands) window.removeEventListener(hand, stop, { capture: true });
  };
  const align = () => {
    const element = row();
    const away = element == null ? 0 : element.getBoundingClientRect().top - topOfText();
    if (element == null) jump();
    else if (Math.abs(away) > 1) window.scrollBy({ top: away });
    if (performance.now() < ends) frame = requestAnimationFrame(align);
    else stop();
  };
  for (const hand of hands) window.addEventListener(hand, stop, { capture: true, passive: true });
  jump();
  align();
  return stop;
}
