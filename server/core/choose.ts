/** What the choice looks at: one proposal of an attempt. */
export interface ProposalCandidate {
  sampleIndex: number;
  content: string;
  /** 1-based step that it replaces. */
  location: number;
  /** It gives the answer away (server/core/leakage.ts, `equivalent`). */
  leakEquivalent: boolean;
}

/**
 * The one proposal of an attempt that goes on to continuations (method.md, "The pipeline", 5), as its sampleIndex; null
 * when none is fit. Proposals that give the answer away or have no content are out. Among the rest the location on
 * which most samples agree wins, and a tie goes to the earlier step: an error that is not the first would leave
 * the first one in the prefix. Of the proposals at that location the lowest sampleIndex is taken, so that the
 * choice depends on the samples alone.
 */
export function chooseProposal(candidates: readonly ProposalCandidate[]): number | null {
  const fit = candidates.filter((c) => !c.leakEquivalent && c.content.trim() !== "");
  const votes = new Map<number, number>();
  for (const c of fit) votes.set(c.location, (votes.get(c.location) ?? 0) + 1);
  const best = [...fit].sort(
    (a, b) =>
      (votes.get(b.location) ?? 0) - (votes.get(a.location) ?? 0) ||
      a.location - b.location ||
      a.sampleIndex - b.sampleIndex,
  )[0];
  return best ? best.sampleIndex : null;
}
