import { affordableResamples, bootstrapItems } from "../statistics/bootstrap";
import { armTable } from "../statistics/armTable";
import type { Interval } from "../statistics/intervals";
import { wilsonInterval } from "../statistics/intervals";
import type { PeopleArm } from "../views/judging";

/** One problem's samples from interventions: the model's, and with people's versions in their place. */
export interface ProblemPair {
  id: string;
  before: { samples: number; correct: number };
  after: { samples: number; correct: number };
}

export interface Effect {
  before: PeopleArm;
  after: PeopleArm;
  coverageDifference: Interval | null;
  accuracyDifference: Interval | null;
}

/**
 * What people's versions did to the arm "+ prefix + intervention": both sides over the same problems (a problem without
 * samples on one side is not covered there), the difference with its 95 % interval by bootstrap over problems, paired.
 * Null without problems.
 */
export function effectOf(problems: readonly ProblemPair[]): Effect | null {
  if (problems.length === 0) return null;
  const side = (of: "before" | "after"): PeopleArm => {
    const table = armTable(problems.map((p) => ({ problemId: p.id, n: p[of].samples, c: p[of].correct })));
    const covered = problems.filter((p) => p[of].correct > 0).length;
    return { ...table, problems: problems.length, covered, coverage: wilsonInterval(covered, problems.length) };
  };
  const options = { resamples: affordableResamples(problems.length), range: [-1, 1] as const };
  const covers = problems.map((p) => Number(p.after.correct > 0) - Number(p.before.correct > 0));
  const rate = (times: Int32Array, of: "before" | "after") => {
    let n = 0;
    let c = 0;
    for (const [i, p] of problems.entries()) {
      n += (times[i] ?? 0) * p[of].samples;
      c += (times[i] ?? 0) * p[of].correct;
    }
    return n === 0 ? null : c / n;
  };
  return {
    before: side("before"),
    after: side("after"),
    coverageDifference: bootstrapItems(
      problems.length,
      (times) => covers.reduce((sum, d, i) => sum + d * (times[i] ?? 0), 0) / problems.length,
      options,
    ),
    accuracyDifference: bootstrapItems(
      problems.length,
      (times) => {
        const [a, b] = [rate(times, "before"), rate(times, "after")];
        return a === null || b === null ? null : b - a;
      },
      options,
    ),
  };
}
