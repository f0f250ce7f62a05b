/** The arms of a run side by side, and in pairs on the same problems. */
import type { Arm } from "../arms";
import type { ProblemCount } from "../statistics/armTable";
import { holmAdjusted } from "../statistics/holm";
import { alignByProblem, type PairedDifference } from "../statistics/pairedBootstrap";

/** Samples and successes of one problem. */
export interface Counted {
  n: number;
  c: number;
}

/** One problem under the arms that have samples of it. */
export interface ArmProblem {
  problemId: string;
  arms: Partial<Record<Arm, Counted>>;
}

/** A difference with its test. */
export interface Tested {
  /** Mean over the problems that both have; null without any. */
  difference: PairedDifference | null;
  /** Two-sided sign-flip test; null without problems. */
  p: number | null;
  /** p adjusted by Holm over the pairs of the table. */
  holm: number | null;
  /** Problems on which the two differ. */
  differing: number;
}

/** Two arms on the problems that have samples of both. */
export interface ArmPair {
  a: Arm;
  b: Arm;
  problems: number;
  /** Share of problems with a success. */
  coverage: Tested;
  /** Mean over problems of a problem's share of right samples. */
  accuracy: Tested;
}

/** Pairs of the conditioning table: what an intervention adds to each other arm, and what the wrong step does. */
export const CONDITIONING_PAIRS = [
  ["intervention", "problem"],
  ["intervention", "prefix"],
  ["intervention", "original"],
  ["prefix", "problem"],
  ["original", "prefix"],
] as const satisfies readonly (readonly [Arm, Arm])[];

/** Arms of the table of hints against interventions (method.md, "What users compare"). */
export const HINT_ARMS = ["hint", "intervention", "hint_intervention"] as const satisfies readonly Arm[];

export const HINT_PAIRS = [
  ["intervention", "hint"],
  ["hint_intervention", "hint"],
  ["hint_intervention", "intervention"],
] as const satisfies readonly (readonly [Arm, Arm])[];

/** Samples of an arm, problem by problem; problems without any are left out. */
export function armRows(problems: readonly ArmProblem[], arm: Arm): ProblemCount[] {
  return problems.flatMap((p) => {
    const of = p.arms[arm];
    return of === undefined || of.n === 0 ? [] : [{ problemId: p.problemId, ...of }];
  });
}

/** Two columns of values of the same problems. */
export interface Columns {
  a: number[];
  b: number[];
}

/** What two rows have in common, for a paired test. */
export interface PairedValues {
  problems: number;
  /** 1 for a problem with a success, else 0. */
  coverage: Columns;
  /** Each problem's share of right samples. */
  accuracy: Columns;
}

/** Coverage and share of right samples on the problems that both have, in the order of their ids. */
export function pairedValues(one: readonly ProblemCount[], other: readonly ProblemCount[]): PairedValues {
  const { a, b } = alignByProblem(one, other);
  const covers = (rows: readonly ProblemCount[]) => rows.map((r) => Number(r.c > 0));
  const shares = (rows: readonly ProblemCount[]) => rows.map((r) => r.c / r.n);
  return { problems: a.length, coverage: { a: covers(a), b: covers(b) }, accuracy: { a: shares(a), b: shares(b) } };
}

/** Holm's correction over the tests of one table, written into them. */
export function adjust(tests: readonly Tested[]): void {
  const adjusted = holmAdjusted(tests.map((t) => t.p));
  for (const [i, test] of tests.entries()) test.holm = adjusted[i] ?? null;
}

/** Problems that have samples of all the arms: what can be compared arm by arm on equal ground. */
export function withAll(problems: readonly ArmProblem[], arms: readonly Arm[]): ArmProblem[] {
  return problems.filter((p) => arms.every((arm) => (p.arms[arm]?.n ?? 0) > 0));
}
