import type { OptimizerSettings } from "./spec";

/** The learning rate of a step (from 0) of `steps`: a linear rise, then constant or a half cosine down to the floor. */
export function learningRate(o: OptimizerSettings, step: number, steps: number): number {
  const rise = Math.round(o.warmup * steps);
  if (step < rise) return (o.learningRate * (step + 1)) / rise;
  if (o.schedule === "constant") return o.learningRate;
  const along = (step - rise) / Math.max(1, steps - rise);
  return o.learningRate * (o.floor + (1 - o.floor) * 0.5 * (1 + Math.cos(Math.PI * along)));
}
