/** What people decided about one attempt, out of the decisions and settlements of its queue items. */

/** Decisions that say something. Skips, flags and what was undone never get here. */
export const VOTE_ACTIONS = ["accept", "reject", "edit", "no_error", "cannot_tell"] as const;
export type VoteAction = (typeof VOTE_ACTIONS)[number];

/** The newest valid decision of one person about one item, or the settlement of an item. */
export interface Vote {
  action: VoteAction;
  /** The item's proposal; null where the item is about the attempt. */
  proposalId: string | null;
  /** Null for a settlement. */
  decisionId: string | null;
  settlementId: string | null;
  /** The rewritten intervention; null where only its place was moved. */
  content: string | null;
  location: number | null;
  /** Milliseconds; the newest settlement wins. */
  at: number;
}

interface Base {
  proposalId: string | null;
  decisionId: string | null;
  settlementId: string | null;
}

export type Verdict =
  | { kind: "undecided" }
  | { kind: "differ" }
  | (Base & { kind: "accepted" | "rejected" | "no_error" })
  | (Base & { kind: "edited"; content: string | null; location: number | null });

/**
 * One verdict on an attempt. A settlement wins over all votes (the newest, should there be several). Without one all
 * votes must say the same, an edit also in its words and place; "cannot tell" abstains. Whatever else is a difference
 * that somebody has to settle.
 */
export function peopleSay(votes: readonly Vote[]): Verdict {
  const settled = votes.filter((v) => v.settlementId !== null).sort((a, b) => b.at - a.at)[0];
  if (settled) return verdictOf(settled, like(settled, votes));
  const said = votes.filter((v) => v.action !== "cannot_tell");
  const [first] = said;
  if (!first) return { kind: "undecided" };
  const same = said.every(
    (v) =>
      v.action === first.action &&
      (v.action !== "edit" || (v.content === first.content && v.location === first.location)) &&
      // Two proposals accepted are two opinions; a proposal and the attempt as a whole are one.
      (v.action !== "accept" || v.proposalId === null || first.proposalId === null || v.proposalId === first.proposalId),
  );
  if (!same) return { kind: "differ" };
  return verdictOf(said.find((v) => v.proposalId !== null) ?? first, first.decisionId);
}

/** The decision that says what the settlement says: its proposal row is that decision's. */
function like(settled: Vote, votes: readonly Vote[]): string | null {
  const decision = votes.find(
    (v) =>
      v.decisionId !== null &&
      v.action === settled.action &&
      (v.action !== "edit" || (v.content === settled.content && v.location === settled.location)),
  );
  return decision?.decisionId ?? null;
}

function verdictOf(vote: Vote, decisionId: string | null): Verdict {
  const base: Base = {
    proposalId: vote.proposalId,
    decisionId: vote.decisionId ?? decisionId,
    settlementId: vote.settlementId,
  };
  switch (vote.action) {
    case "accept":
      return { ...base, kind: "accepted" };
    case "reject":
      return { ...base, kind: "rejected" };
    case "no_error":
      return { ...base, kind: "no_error" };
    case "edit":
      return { ...base, kind: "edited", content: vote.content, location: vote.location };
    case "cannot_tell":
      return { kind: "undecided" };
  }
}
