/** Which continuations a strip shows, and in which order. Pure. */
import { OUTCOMES, type Outcome } from "@/server/core/arms";
import type { ContinuationMark } from "@/server/core/views/attempt";

export const ORDERS = ["sample", "outcome", "length"] as const;
export type Order = (typeof ORDERS)[number];

export interface Sift {
  /** Those with one of these; empty: all. */
  outcomes: readonly Outcome[];
  order: Order;
  /** Bounds of their length in tokens, both included. */
  shortest: number | null;
  longest: number | null;
}

export const EVERYTHING: Sift = { outcomes: [], order: "sample", shortest: null, longest: null };

/** Whether anything is left out. */
export function leavesOut(sift: Sift): boolean {
  return sift.outcomes.length > 0 || sift.shortest !== null || sift.longest !== null;
}

/** The marks that pass, ordered; equal ones by their sample. */
export function siftMarks(marks: readonly ContinuationMark[], sift: Sift): ContinuationMark[] {
  const rank = (m: ContinuationMark) =>
    sift.order === "outcome" ? OUTCOMES.indexOf(m.outcome) : sift.order === "length" ? m.tokens : 0;
  return marks
    .filter(
      (m) =>
        (sift.outcomes.length === 0 || sift.outcomes.includes(m.outcome)) &&
        (sift.shortest === null || m.tokens >= sift.shortest) &&
        (sift.longest === null || m.tokens <= sift.longest),
    )
    .sort((a, b) => rank(a) - rank(b) || a.sampleIndex - b.sampleIndex);
}
