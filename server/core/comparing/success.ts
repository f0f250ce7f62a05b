/** Success of guided continuations, by what the interventions have in common. */
import type { ArmSummary, ProblemCount } from "../statistics/armTable";
import type { ArmProblem } from "./conditioning";

interface Group {
  /** Unique in its table. */
  key: string;
  label: string;
  /** Different interventions that were sampled; null where they are not counted. */
  interventions: number | null;
}

/** Interventions with something in common, and what became of their continuations. */
export interface SuccessGroup extends Group, ArmSummary {}

/** A group before its intervals are computed: the samples of each problem (a problem may stand there several times). */
export interface CountedGroup extends Group {
  rows: ProblemCount[];
}

/** Continuations of one proposal. */
export interface ProposalOutcome {
  proposalId: string;
  problemId: string;
  group: string;
  n: number;
  c: number;
}

/** One group per value of `group`, in the order of their first appearance. */
export function groupsOf(rows: readonly ProposalOutcome[], label: (group: string) => string): CountedGroup[] {
  const groups = new Map<string, ProposalOutcome[]>();
  for (const row of rows) {
    const of = groups.get(row.group);
    if (of) of.push(row);
    else groups.set(row.group, [row]);
  }
  return [...groups].map(([key, of]) => ({
    key,
    label: label(key),
    interventions: new Set(of.map((r) => r.proposalId)).size,
    rows: of.map(({ problemId, n, c }) => ({ problemId, n, c })),
  }));
}

/** Bins of the bare problem's rate: those without any success apart, then growing ones; the last holds 1. */
export const RATE_BINS = [
  { key: "0", label: "0", from: 0, below: 0 },
  { key: "1/16", label: "above 0, below 1/16", from: 0, below: 1 / 16 },
  { key: "1/8", label: "1/16 to below 1/8", from: 1 / 16, below: 1 / 8 },
  { key: "1/4", label: "1/8 to below 1/4", from: 1 / 8, below: 1 / 4 },
  { key: "1/2", label: "1/4 to below 1/2", from: 1 / 4, below: 1 / 2 },
  { key: "1", label: "1/2 to 1", from: 1 / 2, below: 2 },
] as const;

/** Whether a rate lies in a bin. The first one holds 0 alone, which the second leaves out. */
export function inRateBin(rate: number, bin: { from: number; below: number }): boolean {
  if (bin.below === 0) return rate === 0;
  return (bin.from === 0 ? rate > 0 : rate >= bin.from) && rate < bin.below;
}

/**
 * Guided continuations by the rate of the bare problem (its fresh samples, arm "problem"). Problems without such samples are in no
 * bin; `unknown` says how many there are.
 */
export function successByRate(problems: readonly ArmProblem[]): { groups: CountedGroup[]; unknown: number } {
  const guided = problems.filter((p) => (p.arms.intervention?.n ?? 0) > 0);
  const rate = (p: ArmProblem) => {
    const bare = p.arms.problem;
    return bare === undefined || bare.n === 0 ? null : bare.c / bare.n;
  };
  const groups = RATE_BINS.map((bin) => {
    const rows = guided.flatMap((p): ProblemCount[] => {
      const r = rate(p);
      return r !== null && inRateBin(r, bin) && p.arms.intervention ? [{ problemId: p.problemId, ...p.arms.intervention }] : [];
    });
    return { key: bin.key, label: bin.label, interventions: null, rows };
  });
  return { groups, unknown: guided.filter((p) => rate(p) === null).length };
}
