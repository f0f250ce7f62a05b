import { type BootstrapOptions, bootstrapRatioInterval, type Interval, ruleOfThree, wilsonInterval } from "./intervals";

/** One problem under one arm: n samples, c of them right. Several rows of one problem are added up. */
export interface ProblemCount {
  problemId: string;
  n: number;
  c: number;
}

/** One line of the conditioning table. */
export interface ArmSummary {
  /** Problems with at least one sample. */
  problems: number;
  /** Problems with at least one success. */
  covered: number;
  samples: number;
  correct: number;
  /** covered / problems, Wilson's interval. Null without samples: missing is a gap, not a zero. */
  coverage: Interval | null;
  /** correct / samples (mean reward), bootstrap over problems. Null without samples. */
  accuracy: Interval | null;
}

/**
 * Coverage and mean accuracy of one arm with 95 % intervals. The problem is the unit, not the sample: samples of one
 * problem hang together. When no sample (or every one) is right the bootstrap sees no spread and would claim
 * certainty; the open side is then bounded by the rule of three over problems.
 */
export function armTable(rows: readonly ProblemCount[], o: BootstrapOptions = {}): ArmSummary {
  const byProblem = new Map<string, { n: number; c: number }>();
  for (const row of rows) {
    if (row.n <= 0) continue;
    const sum = byProblem.get(row.problemId) ?? { n: 0, c: 0 };
    byProblem.set(row.problemId, { n: sum.n + row.n, c: sum.c + row.c });
  }
  // Sorted, so that the interval does not depend on the order in which rows were read.
  const counts = [...byProblem].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
  const problems = counts.length;
  const covered = counts.filter((p) => p.c > 0).length;
  const samples = counts.reduce((sum, p) => sum + p.n, 0);
  const correct = counts.reduce((sum, p) => sum + p.c, 0);
  const summary = { problems, covered, samples, correct };
  if (problems === 0) return { ...summary, coverage: null, accuracy: null };

  const accuracy = bootstrapRatioInterval(
    counts.map((p) => p.c),
    counts.map((p) => p.n),
    o,
  );
  if (accuracy && correct === 0) accuracy.high = ruleOfThree(problems);
  if (accuracy && correct === samples) accuracy.low = 1 - ruleOfThree(problems);
  return { ...summary, coverage: wilsonInterval(covered, problems), accuracy };
}
