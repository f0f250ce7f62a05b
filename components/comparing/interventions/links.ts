import type { Arm } from "@/server/core/arms";
import { type AmongAttempts, amongText, type AmongProblems, type Covered, type Relation } from "@/server/core/comparing/among";
import type { Bin } from "@/server/core/comparing/bins";
import { type Fate, FATES, FUNNEL_STEPS, type FunnelStepId, type ProblemFate, type RowOrigin, type Unused } from "@/server/core/comparing/fates";
import type { ProposerGroup } from "@/server/core/views/comparing-interventions";

/** Where the page's figures lead: lists with the filters that each figure is made of. */
export interface Scope {
  /** Address of the study: "/studies/S". */
  base: string;
  pipeline: string;
  /** Its runs; null where it has none of the stage. */
  rollout: string | null;
  verify: string | null;
}

const list = (scope: Scope, name: string, search: Record<string, string | null | undefined>): string => {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) if (value !== null && value !== undefined) params.set(key, value);
  return `${scope.base}/${name}?${params.toString()}`;
};

type Unbound<T> = T extends { pipeline: string } ? Omit<T, "pipeline"> : never;

// Samples that the list of attempts would leave out by itself are named by their run.
export const attempts = (scope: Scope, among: Unbound<AmongAttempts>): string =>
  list(scope, "attempts", { run: scope.rollout, among: amongText({ ...among, pipeline: scope.pipeline } as AmongAttempts) });

export const problems = (scope: Scope, among: Unbound<AmongProblems>): string =>
  list(scope, "problems", { among: amongText({ ...among, pipeline: scope.pipeline } as AmongProblems) });

export const armProblems = (scope: Scope, arm: Arm, covered: Covered) => problems(scope, { kind: "arm", arm, covered });
export const threeProblems = (scope: Scope, arm: Arm, covered: Covered) => problems(scope, { kind: "three", arm, covered });
export const pairProblems = (scope: Scope, a: Arm, b: Arm, relation: Relation) => problems(scope, { kind: "pair", a, b, relation });
export const rateProblems = (scope: Scope, bin: Bin, covered: Covered) => problems(scope, { kind: "rate", ...bin, covered });
export const fateProblems = (scope: Scope, fate: ProblemFate) => problems(scope, { kind: "fate", fate });
export const became = (scope: Scope, fate: Fate) => attempts(scope, { kind: "became", fate });
export const typed = (scope: Scope, type: string) => attempts(scope, { kind: "type", type });
export const unused = (scope: Scope, dataset: string, why: Unused) => attempts(scope, { kind: "unused", why, dataset });

/** Attempts behind rows of a data set: its rows of other runs are of any run. */
export const rowAttempts = (scope: Scope, dataset: string, origin: RowOrigin) =>
  attempts(origin === "other_runs" ? { ...scope, rollout: null } : scope, { kind: "rows", origin, dataset });

/** Fates of what is left at a step of the funnel: those that are lost after it, and "kept". */
export function fatesFrom(step: FunnelStepId): Fate[] {
  const at = FUNNEL_STEPS.findIndex((s) => s.id === step);
  const lost = new Set<Fate>(FUNNEL_STEPS.slice(0, at + 1).flatMap((s): readonly Fate[] => s.losses));
  return FATES.filter((f) => !lost.has(f));
}

/** Attempts that came to a step of the funnel, and the problems that they are at. */
export const stepAttempts = (scope: Scope, step: FunnelStepId): string => attempts(scope, { kind: "came", fates: fatesFrom(step) });
export const stepProblems = (scope: Scope, step: FunnelStepId): string => problems(scope, { kind: "came", fates: fatesFrom(step) });

/** One end of a range as the lists write it: the upper end does not belong to it, unless it is the last. */
const range = (bin: Bin, last = false) => (last ? `${bin.from}..` : `${bin.from}..<${bin.below}`);

/** Chosen interventions whose step (or its share of the attempt) lies in a bin. */
export const placedProposals = (scope: Scope, by: "step" | "share", bin: Bin): string =>
  list(scope, "proposals", {
    run: scope.verify,
    chosen: "yes",
    [by === "step" ? "step" : "position"]: range(bin, by === "share" && bin.below >= 1),
  });

/** Attempts whose known first error lies in a bin. */
export const labelledAttempts = (scope: Scope, by: "step" | "share", bin: Bin, source: string): string =>
  attempts(scope, { kind: "label", by, from: bin.from, below: bin.below, source });

export const longProposals = (scope: Scope, bin: Bin, kept: boolean): string =>
  list(scope, "proposals", { run: scope.verify, chosen: "yes", tokens: range(bin), ...(kept ? { kept: "yes" } : {}) });
export const longAttempts = (scope: Scope, bin: Bin): string =>
  list(scope, "attempts", { run: scope.rollout, reward: "wrong", tokens: range(bin) });

/** Sampled interventions of a proposer at this run's attempts. */
export function proposerProposals(scope: Scope, of: Pick<ProposerGroup, "kind" | "model">, right = false): string {
  // "success=0.000001..": with at least one right continuation.
  const sampled = { samples: "1..", ...(right ? { success: "0.000001.." } : {}) };
  if (of.kind === "own") return list(scope, "proposals", { run: scope.verify, chosen: "yes", ...sampled });
  const at = { attemptRun: scope.rollout, ...sampled };
  if (of.kind === "person") return list(scope, "proposals", { author: "person", ...at });
  return list(scope, "proposals", { proposer: of.model ?? "none", author: "model", run: scope.verify === null ? null : `!${scope.verify}`, ...at });
}

/** Samples of an evaluation. */
export const evaluationAttempts = (base: string, runs: readonly string[], right: boolean): string =>
  `${base}/attempts?run=${runs.join(",")}${right ? "&reward=right" : ""}`;
