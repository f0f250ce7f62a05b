import type { LocatedTrace } from "./processBench";

/** A labelled trace of a certain length. */
export interface LabelledTrace {
  /** 1-based step, null when there is no error. */
  label: number | null;
  /** How many steps it has. */
  steps: number;
}

/**
 * What a locator scores that reads nothing but how many steps a trace has. It is leave-one-out: what it says about a
 * trace comes from the labels of all the others.
 *
 * - "constant": the label that most others have.
 * - "length": the label that most others of the same number of steps have.
 * - "drawn": a label drawn from those of the others of the same number of steps; scored by its expected value, so that
 *   it has no seed. It is the one to beat in F1, in which whoever always (or never) says "no error" scores 0.
 *
 * Where no other trace has the same number of steps, all others serve. A tie goes to the earlier step, "no error" last;
 * a step that a shorter trace does not have counts as wrong there, as any other wrong step.
 *
 * A majority that leaves its own trace out falls below chance where labels are balanced by design (BIG-Bench Mistake's
 * arithmetic has 60 of each: without its own, a label is never the commonest). "drawn" does not.
 */
export const POSITION_BASELINES = ["constant", "length", "drawn"] as const;
export type PositionBaseline = (typeof POSITION_BASELINES)[number];

/** What each baseline says, for people. */
export const BASELINE_WORDS: Record<PositionBaseline, string> = {
  constant: "always the commonest label",
  length: "the commonest label for the number of steps",
  drawn: "a label drawn for the number of steps",
};

/** @returns for each trace, in order, how far the baseline is right about it. With one trace there is nothing to go by: wrong. */
export function positionBaseline(traces: readonly LabelledTrace[], kind: PositionBaseline): LocatedTrace[] {
  const all = new Counts();
  const byLength = new Map<number, Counts>();
  for (const t of traces) {
    all.add(t.label, 1);
    const own = byLength.get(t.steps) ?? new Counts();
    own.add(t.label, 1);
    byLength.set(t.steps, own);
  }
  return traces.map(({ label, steps }) => {
    const own = byLength.get(steps);
    const from = kind !== "constant" && own !== undefined && own.total > 1 ? own : all;
    from.add(label, -1);
    const says = kind === "drawn" ? from.shares() : from.most();
    from.add(label, 1);
    let exact = 0;
    let withinOne = 0;
    for (const [said, share] of says) {
      if (said === label) exact += share;
      if (said === label || (said !== null && label !== null && Math.abs(said - label) === 1)) withinOne += share;
    }
    return { label, exact, withinOne };
  });
}

class Counts {
  readonly #of = new Map<number | null, number>();
  total = 0;

  add(label: number | null, n: number): void {
    this.#of.set(label, (this.#of.get(label) ?? 0) + n);
    this.total += n;
  }

  shares(): [number | null, number][] {
    return [...this.#of].filter(([, n]) => n > 0).map(([label, n]) => [label, n / this.total]);
  }

  most(): [number | null, number][] {
    const [best] = [...this.#of]
      .filter(([, n]) => n > 0)
      .sort(([a, x], [b, y]) => y - x || (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY));
    return best === undefined ? [] : [[best[0], 1]];
  }
}
