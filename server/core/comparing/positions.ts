/** Where first errors lie: in which step, and in which part of the attempt; beside what position alone would say. */
import { shareInterval } from "../statistics/shares";
import { type LabelledTrace, POSITION_BASELINES, type PositionBaseline, positionBaseline } from "../statistics/positionBaseline";
import type { Interval } from "../statistics/intervals";
import { type Bin, countIn, SHARE_BINS, shareBin, wholeBins } from "./bins";

/** Attempts of `steps` steps whose first error is at `step`. */
export interface PlaceCount {
  step: number;
  steps: number;
  count: number;
}

export interface PlacesBy {
  bins: readonly Bin[];
  /** The model's first errors in each bin. */
  model: number[];
  /** What would be expected if each step of each of these attempts were as likely. */
  uniform: number[];
  /** Known first errors, by source, in each bin. */
  known: Record<string, number[]>;
}

/** Histogram over step numbers. */
export function placesByStep(model: readonly PlaceCount[], known: ReadonlyMap<string, readonly PlaceCount[]>): PlacesBy {
  const all = [model, ...known.values()].flat();
  const bins = wholeBins(1, Math.max(0, ...all.map((p) => p.steps)), 30);
  const first = bins[0];
  // Bins of one step begin at 1; wider ones at 0, where no step is.
  const at = (places: readonly PlaceCount[]) => countIn(bins, places.map((p) => ({ value: p.step, count: p.count })));
  const expected: number[] = bins.map(() => 0);
  if (first !== undefined) {
    for (const { steps, count } of model) {
      for (const [i, bin] of bins.entries()) {
        const inside = Math.max(0, Math.min(steps, bin.below - 1) - Math.max(1, bin.from) + 1);
        expected[i] = (expected[i] ?? 0) + (count * inside) / steps;
      }
    }
  }
  return { bins, model: at(model), uniform: expected, known: mapOf(known, at) };
}

/** Histogram over ten parts of the attempt: step over steps. */
export function placesByShare(model: readonly PlaceCount[], known: ReadonlyMap<string, readonly PlaceCount[]>): PlacesBy {
  const at = (places: readonly PlaceCount[]) => {
    const counts = SHARE_BINS.map(() => 0);
    for (const { step, steps, count } of places) {
      const i = shareBin(step, steps);
      counts[i] = (counts[i] ?? 0) + count;
    }
    return counts;
  };
  const uniform: number[] = SHARE_BINS.map(() => 0);
  const bySteps = new Map<number, number>();
  for (const { steps, count } of model) bySteps.set(steps, (bySteps.get(steps) ?? 0) + count);
  for (const [steps, count] of bySteps) {
    for (let step = 1; step <= steps; step++) {
      const i = shareBin(step, steps);
      uniform[i] = (uniform[i] ?? 0) + count / steps;
    }
  }
  return { bins: SHARE_BINS, model: at(model), uniform, known: mapOf(known, at) };
}

function mapOf(
  known: ReadonlyMap<string, readonly PlaceCount[]>,
  at: (places: readonly PlaceCount[]) => number[],
): Record<string, number[]> {
  return Object.fromEntries([...known].map(([source, places]) => [source, at(places)]));
}

/** An attempt whose first error is known, with the step that the model names. */
export interface KnownPlace {
  /** 1-based. */
  label: number;
  steps: number;
  /** Null where the model proposes nothing. */
  said: number | null;
}

/** How often the model names the known step, beside what position alone would. */
export interface PlaceAgreement {
  source: string;
  n: number;
  model: Interval | null;
  baselines: { kind: PositionBaseline; of: Interval | null }[];
}

/**
 * Share of attempts with a known first error whose step is named exactly, by the model and by the position-only baselines
 * (statistics/positionBaseline.ts), with intervals by bootstrap over attempts. Attempts without an error are not among them.
 */
export function placeAgreement(source: string, places: readonly KnownPlace[]): PlaceAgreement {
  const traces: LabelledTrace[] = places.map(({ label, steps }) => ({ label, steps }));
  return {
    source,
    n: places.length,
    model: shareInterval(places.map((p) => Number(p.said === p.label))),
    baselines: POSITION_BASELINES.map((kind) => ({
      kind,
      of: shareInterval(positionBaseline(traces, kind).map((t) => t.exact)),
    })),
  };
}
