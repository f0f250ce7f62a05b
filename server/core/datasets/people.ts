/** What people said of one attempt, in the end, and what it means for a training row. */
import { SETTLE_ACTIONS, type SettleAction } from "../judging/labels";

/** Actions that a label can have. */
export const LABEL_ACTIONS = SETTLE_ACTIONS;

/** A label that stands: an item's settlement, or the decision on which all of its judges agree. */
export interface Label {
  action: SettleAction;
  /** The item's proposal; null where the item is about the attempt. */
  proposalId: string | null;
  /** The decision that was agreed on or followed; null for a settlement in words of its own. */
  decisionId: string | null;
  settlementId: string | null;
  /** 1-based. */
  firstError: number | null;
  /** The rewritten intervention. */
  content: string | null;
  location: number | null;
  /** Milliseconds. */
  at: number;
}

/** Labels of an attempt from all queues that it stands in, and whether an item of it waits to be settled. */
export interface People {
  labels: readonly Label[];
  /** Judges differ about it or flagged it, and nobody has settled it. */
  differ: boolean;
}

export const NOBODY: People = { labels: [], differ: false };

interface Base {
  proposalId: string | null;
  decisionId: string | null;
  settlementId: string | null;
}

export type Verdict =
  | { kind: "undecided" }
  | { kind: "differ" }
  | (Base & { kind: "accepted" })
  | (Base & { kind: "rejected" })
  | (Base & { kind: "no_error" })
  | (Base & { kind: "located"; firstError: number })
  | (Base & { kind: "edited"; content: string; location: number });

/** One verdict on an attempt: its newest label, should several queues have judged it; none says anything when it is "cannot tell". */
export function peopleSay(people: People): Verdict {
  const newest = [...people.labels].sort((a, b) => b.at - a.at)[0];
  if (!newest) return people.differ ? { kind: "differ" } : { kind: "undecided" };
  const { proposalId, decisionId, settlementId, firstError, content, location } = newest;
  const base: Base = { proposalId, decisionId, settlementId };
  switch (newest.action) {
    case "accept":
      return { ...base, kind: "accepted" };
    case "reject":
      return { ...base, kind: "rejected" };
    case "no_error":
      return { ...base, kind: "no_error" };
    case "locate":
      return firstError === null ? { kind: "undecided" } : { ...base, kind: "located", firstError };
    case "edit":
      return content === null || location === null ? { kind: "undecided" } : { ...base, kind: "edited", content, location };
    case "cannot_tell":
      return { kind: "undecided" };
  }
}
