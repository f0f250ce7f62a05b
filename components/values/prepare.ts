import type { Drop, ValuePoint } from "@/server/core/branching/values";
import type { AttemptView } from "@/server/core/views/attempt";

/** One step of the chart; nothing is drawn where nothing was sampled. */
export interface ChartStep {
  step: number;
  value: number | null;
  /** From the value down to the lower bound, and up to the upper one. */
  interval: [number, number] | null;
  n: number;
}

/** Every step, those without samples as gaps. */
export function chartSteps(points: readonly ValuePoint[], steps: number): ChartStep[] {
  const byStep = new Map(points.map((p) => [p.step, p]));
  return Array.from({ length: steps + 1 }, (_, step) => {
    const p = byStep.get(step);
    if (!p) return { step, value: null, interval: null, n: 0 };
    return { step, value: p.value, interval: [p.value - p.interval.low, p.interval.high - p.value], n: p.n };
  });
}

/** A first error that somebody located. */
export interface Located {
  by: string;
  kind: "people" | "model";
  step: number;
}

/** First errors by people (labels) and by the model (the verification that is looked at). */
export function locatedErrors(attempt: Pick<AttemptView, "labels">, model: number | null): Located[] {
  const people = attempt.labels.flatMap((l): Located[] =>
    l.firstError === null ? [] : [{ by: l.source, kind: "people", step: l.firstError }],
  );
  return model === null ? people : [...people, { by: "the model", kind: "model", step: model }];
}

/** Where the value falls most, in words. */
export function dropWords(drop: Drop | null): string {
  if (drop === null) return "The value falls nowhere between the steps that were sampled.";
  const size = drop.size.toFixed(2);
  return drop.to - drop.from === 1
    ? `The largest drop, by ${size}, is at step ${drop.to}.`
    : `The largest drop, by ${size}, lies between steps ${drop.from + 1} and ${drop.to}: what is between was not sampled.`;
}

/** How a located error stands to the drop. */
export function againstDrop(error: Located, drop: Drop): string {
  if (error.step > drop.from && error.step <= drop.to)
    return drop.to - drop.from === 1 ? "where the value drops" : "inside the drop";
  const away = error.step <= drop.from ? drop.from + 1 - error.step : error.step - drop.to;
  return `${away} ${away === 1 ? "step" : "steps"} ${error.step <= drop.from ? "before" : "after"} the drop`;
}
