/**
 * Step values (method.md, "Definitions"): V(t) is the mean reward of K fresh continuations of an attempt's first t
 * steps. Which t are worth sampling, and where the largest drop is. Pure.
 */
import { z } from "zod";
import { type Interval, wilsonInterval } from "../statistics/intervals";
import { branchSettingsSchema } from "./point";

export const VALUE_PLANS = ["all", "every", "bisect"] as const;
/** all: every step · every: each k-th · bisect: a few, then midpoints around the largest drop. */
export type ValuePlan = (typeof VALUE_PLANS)[number];

/** Settings of the stage "value", frozen into its run. */
export const valueSettingsSchema = branchSettingsSchema.extend({
  /** K. */
  samples: z.number().int().min(1),
  seed: z.number().int(),
  plan: z.enum(VALUE_PLANS),
  /** Steps between points, for "every"; otherwise 1. */
  every: z.number().int().min(1),
});
export type ValueSettings = z.infer<typeof valueSettingsSchema>;

/** What was sampled after one step. */
export interface ValueCount {
  step: number;
  n: number;
  correct: number;
}

export interface ValuePoint extends ValueCount {
  value: number;
  /** Wilson 95 %. */
  interval: Interval;
}

export function valuePoint(c: ValueCount): ValuePoint {
  const interval = wilsonInterval(c.correct, c.n);
  return { ...c, value: interval.value, interval };
}

/** Points that a bisection begins with: both ends and the quarters between. */
const BISECT_BEGINS = 4;

/** The points to begin with, of an attempt with so many steps: 0 is the bare problem, `steps` the whole attempt. */
export function firstPoints(steps: number, plan: ValuePlan, every = 1): number[] {
  const gap = plan === "all" ? 1 : plan === "every" ? every : steps / BISECT_BEGINS;
  const points = new Set<number>();
  for (let at = 0; at < steps; at += Math.max(gap, 1)) points.add(Math.round(at));
  points.add(steps);
  return [...points].sort((a, b) => a - b);
}

/** How many points a plan takes, at most: a bisection halves one gap again and again. */
export function mostPoints(steps: number, plan: ValuePlan, every = 1): number {
  const first = firstPoints(steps, plan, every);
  if (plan !== "bisect") return first.length;
  const gap = Math.max(1, ...first.slice(1).map((p, i) => p - (first[i] ?? 0)));
  return Math.min(steps + 1, first.length + 2 * Math.ceil(Math.log2(gap)));
}

export interface Drop {
  /** V(from) and V(to) are neighbouring points; the value falls between them. */
  from: number;
  to: number;
  /** V(from) − V(to), positive. */
  size: number;
}

/**
 * The largest fall between neighbouring points; null when the value falls nowhere. Of equal ones the wider, which may
 * hold more than is seen, then the earlier.
 */
export function largestDrop(points: readonly { step: number; value: number }[]): Drop | null {
  const sorted = [...points].sort((a, b) => a.step - b.step);
  let best: Drop | null = null;
  for (let i = 1; i < sorted.length; i++) {
    const [a, b] = [sorted[i - 1], sorted[i]];
    if (!a || !b) continue;
    const size = a.value - b.value;
    const wider = best !== null && size === best.size && b.step - a.step > best.to - best.from;
    if (size > 0 && (best === null || size > best.size || wider)) best = { from: a.step, to: b.step, size };
  }
  return best;
}

/**
 * The next point of a bisection: the middle of the largest drop; null when that lies between two steps in a row (found),
 * nothing falls, or `most` points are there.
 */
export function nextMidpoint(points: readonly { step: number; value: number }[], most: number): number | null {
  const drop = largestDrop(points);
  if (drop === null || points.length >= most || drop.to - drop.from <= 1) return null;
  return Math.floor((drop.from + drop.to) / 2);
}
