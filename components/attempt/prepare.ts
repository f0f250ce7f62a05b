/** From what the server knows of an attempt to what each step looks like. Pure. */

import type { Verdict } from "@/server/core/verification";
import type { AttemptView, ProposalView, VerificationView } from "@/server/core/views/attempt";
import { type ThinkRange, thinkRanges } from "../text/think";

export interface StepLook {
  /** 1-based. */
  n: number;
  text: string;
  /** By the chosen verification sample; null where its log is silent. */
  verdict: Verdict | null;
  note: string;
  /** The first critical error, as that sample names it. */
  firstError: boolean;
  /** The proposal stands here in place of the step. */
  replaced: boolean;
  /** Comes after the replaced step: dropped in the guided attempt. */
  dropped: boolean;
  /** Who located the first error here. */
  people: string[];
  /** Lies inside a block of thinking. */
  thought: boolean;
}

export interface Look {
  verification: VerificationView | null;
  /** The proposal of that verification sample; without verifications the chosen one. */
  proposal: ProposalView | null;
  steps: StepLook[];
  /** Steps that `n` jumps to, ascending. */
  marks: number[];
  /** Blocks of thinking, ascending; folded unless the reader unfolds them. */
  thoughts: ThinkRange[];
}

/** A row of the list of steps: a step, or the title of a block of thinking (in whose place its steps are when folded). */
export type Row = { kind: "step"; step: StepLook } | { kind: "thought"; range: ThinkRange };

/** The rows that are shown. */
export function rowsOf(look: Pick<Look, "steps" | "thoughts">, unfolded: boolean): Row[] {
  return look.steps.flatMap((step): Row[] => {
    const range = look.thoughts.find((t) => t.from <= step.n && step.n <= t.to);
    const row = { kind: "step" as const, step };
    if (range === undefined) return [row];
    const title = step.n === range.from ? [{ kind: "thought" as const, range }] : [];
    return unfolded ? [...title, row] : title;
  });
}

/**
 * @param sample which verification sample to show: its place in the list (0-based); by default the one whose proposal was
 * chosen, else the first that proposes something, else the first.
 */
export function lookOf(attempt: AttemptView, sample: number | null): Look {
  const chosen = attempt.proposals.find((p) => p.chosen) ?? null;
  const verification =
    (sample === null ? undefined : attempt.verifications[sample]) ??
    attempt.verifications.find((v) => v.id === chosen?.verificationId) ??
    attempt.verifications.find((v) => v.outcome === "proposed") ??
    attempt.verifications[0] ??
    null;
  const proposal =
    verification === null ? chosen : (attempt.proposals.find((p) => p.verificationId === verification.id) ?? null);
  const thoughts = thinkRanges(attempt.steps);
  const verdicts = new Map(verification?.verdicts.map((v) => [v.step, v]));
  const steps = attempt.steps.map((text, i): StepLook => {
    const n = i + 1;
    const said = verdicts.get(n);
    return {
      n,
      text,
      verdict: said?.verdict ?? null,
      // Logs say "Substep 3, Hal: …"; the step's number stands beside it already.
      note: (said?.note ?? "").replace(/^[\s,:;.–-]+/, ""),
      firstError: verification?.firstError === n,
      replaced: proposal?.location === n,
      dropped: proposal !== null && n > proposal.location,
      people: attempt.labels.filter((l) => l.firstError === n).map((l) => l.source),
      thought: thoughts.some((t) => t.from <= n && n <= t.to),
    };
  });
  const marks = steps
    .filter(
      (s) => s.firstError || s.replaced || s.people.length > 0 || s.verdict === "incorrect" || s.verdict === "unclear",
    )
    .map((s) => s.n);
  return { verification, proposal, steps, marks, thoughts };
}

/** Where `n` (forward) or `N` goes from a step; round at the ends. Null without marks. */
export function nextMark(marks: readonly number[], from: number | null, forward: boolean): number | null {
  const ahead = forward
    ? marks.find((m) => m > (from ?? 0))
    : marks.findLast((m) => m < (from ?? Number.POSITIVE_INFINITY));
  return ahead ?? (forward ? marks[0] : marks.at(-1)) ?? null;
}

/** A verification sample in a word or two. */
export function outcomeWords(v: Pick<VerificationView, "outcome" | "firstError">): string {
  switch (v.outcome) {
    case "proposed":
    case "located":
      return `step ${v.firstError ?? "?"}`;
    case "no_error":
      return "no error";
    case "unparsed":
      return "unparsed";
    case "out_of_range":
      return "out of range";
    case "cut_off":
      return "cut off";
  }
}
