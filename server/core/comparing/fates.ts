/**
 * The funnel from the problems of a run to training rows: each attempt has exactly one fate, and each loss is counted once. The
 * order is that in which the pipeline asks (method.md, "The pipeline").
 */

/** What became of an attempt in a run; the same words are those of the SQL (server/store/views/comparing-fates.ts). */
export const FATES = [
  "ungraded",
  "right",
  "no_reference",
  "not_verified",
  "unreadable",
  "no_error",
  "not_proposed",
  "leaks",
  "elsewhere",
  "not_sampled",
  "no_success",
  "kept",
] as const;
export type Fate = (typeof FATES)[number];

/** The end of "12 attempts: …". */
export const FATE_SAYS: Record<Fate, string> = {
  ungraded: "not graded yet",
  right: "the answer is right: there is nothing to correct",
  no_reference: "their problem has no reference solution to compare with",
  not_verified: "not verified yet, or the verification failed",
  unreadable: "no sample of the verification can be used: unparsed, cut off, or a step that is not there",
  no_error: "the verification finds no error",
  not_proposed: "the first error is named, and no intervention is written",
  leaks: "every intervention gives the answer away",
  elsewhere: "another run's intervention at the same attempt goes on",
  not_sampled: "continuations of the intervention are not there yet",
  no_success: "no continuation of the intervention is right",
  kept: "kept: at least one continuation of the intervention is right",
};

/** A step of the funnel: what is left, and what was lost before it. */
export const FUNNEL_STEPS = [
  { id: "attempts", label: "attempts", losses: [] },
  { id: "failed", label: "failed attempts", losses: ["ungraded", "right"] },
  { id: "verified", label: "verified", losses: ["no_reference", "not_verified"] },
  { id: "parsed", label: "verification can be read", losses: ["unreadable"] },
  { id: "located", label: "first error located", losses: ["no_error"] },
  { id: "proposed", label: "intervention proposed", losses: ["not_proposed"] },
  { id: "fit", label: "does not give the answer away", losses: ["leaks"] },
  { id: "chosen", label: "chosen to go on", losses: ["elsewhere"] },
  { id: "sampled", label: "continuations sampled", losses: ["not_sampled"] },
  { id: "kept", label: "kept: at least one success", losses: ["no_success"] },
] as const satisfies readonly { id: string; label: string; losses: readonly Fate[] }[];
export type FunnelStepId = (typeof FUNNEL_STEPS)[number]["id"];

/** What became of a problem before any of its attempts could be verified. */
export const PROBLEM_FATES = ["no_attempt", "ungraded", "all_right", "failed"] as const;
export type ProblemFate = (typeof PROBLEM_FATES)[number];
export const PROBLEM_FATE_SAYS: Record<ProblemFate, string> = {
  no_attempt: "no attempt is there yet",
  ungraded: "no attempt is graded yet",
  all_right: "every graded attempt is right: not hard for this model",
  failed: "with a failed attempt",
};

/** Why a kept attempt has no row in a data set. */
export const UNUSED = ["rejected", "found_right", "other_step", "rewritten", "judges_differ", "left_out"] as const;
export type Unused = (typeof UNUSED)[number];
export const UNUSED_SAYS: Record<Unused, string> = {
  rejected: "a person rejected the intervention",
  found_right: "a person found no error in the attempt",
  other_step: "a person found the first error at another step",
  rewritten: "a person rewrote the intervention, and that version has no success (or is not sampled yet)",
  judges_differ: "judges differ, or one flagged it, and nobody has settled it",
  left_out: "left out by the data set's own options, or kept after it was built",
};

/** Where a data set's rows come from, as this run sees them. */
export const ROW_ORIGINS = ["kept", "person", "another", "other_runs"] as const;
export type RowOrigin = (typeof ROW_ORIGINS)[number];
export const ROW_ORIGIN_SAYS: Record<RowOrigin, string> = {
  kept: "from interventions kept in this run",
  person: "from versions that people wrote, at attempts whose own intervention was not kept",
  another: "from other interventions at attempts of this run: without a success, or of another run",
  other_runs: "from attempts of other runs",
};

/** Attempts and problems of one fate. */
export interface FateCount {
  fate: Fate;
  attempts: number;
}

/** Problems whose best attempt came so far: the fate of that attempt. */
export interface DepthCount {
  fate: Fate;
  problems: number;
}

export interface FunnelStep {
  id: FunnelStepId;
  label: string;
  /** What is left here, in attempts and in different problems. */
  attempts: number;
  problems: number;
  /** What was lost on the way here, each attempt once. */
  losses: { fate: Fate; says: string; attempts: number }[];
}

/**
 * The steps with what is left at each: attempts minus all losses up to there. `depths` counts every problem once, by the fate of
 * the attempt that came furthest.
 */
export function funnelSteps(counts: readonly FateCount[], depths: readonly DepthCount[]): FunnelStep[] {
  const of = new Map(counts.map((c) => [c.fate, c.attempts]));
  const problemsOf = new Map(depths.map((d) => [d.fate, d.problems]));
  let attempts = counts.reduce((sum, c) => sum + c.attempts, 0);
  let problems = depths.reduce((sum, d) => sum + d.problems, 0);
  return FUNNEL_STEPS.map(({ id, label, losses }) => {
    const lost = losses.map((fate) => ({ fate, says: FATE_SAYS[fate], attempts: of.get(fate) ?? 0 }));
    for (const { fate, attempts: n } of lost) {
      attempts -= n;
      problems -= problemsOf.get(fate) ?? 0;
    }
    return { id, label, attempts, problems, losses: lost.filter((l) => l.attempts > 0) };
  });
}
