/** Ground truth: where an attempt first goes wrong, by the generator's own values and not by any model. */
import { splitSteps } from "../steps";
import type { LabProblem } from "./world";

/** What one step of an attempt states. */
export interface StatedStep {
  /** The person at the step's beginning. */
  readonly name: string;
  /** The value it ends with: the last integer of the step. */
  readonly value: number;
  /** Whether the value is offered as the final answer. */
  readonly boxed: boolean;
}

/** Read a step such as `Cal: $3\times22=66$`; null where it names no person or holds no number. */
export function readStep(step: string): StatedStep | null {
  const name = /^\W*([A-Z][a-z]+)/.exec(step)?.[1];
  const numbers = step.match(/\d+/g);
  if (!name || !numbers) return null;
  return { name, value: Number(numbers.at(-1)), boxed: step.includes("\\boxed") };
}

/**
 * The 1-based number of the first wrong step of an attempt, or null where no step is wrong.
 *
 * Step i is right when it is about the i-th person of the solution and ends with that person's value. A step that
 * boxes an answer before the last person, and any step after the last person's, is wrong too. Every person's value
 * matters for the answer, so the first wrong value is the first critical error unless two errors cancel.
 */
export function firstWrongStep(problem: LabProblem, attemptText: string): number | null {
  const steps = splitSteps(attemptText);
  for (let i = 0; i < steps.length; i++) {
    const want = problem.steps[i];
    const got = readStep(steps[i]!);
    if (!want || !got || got.name !== want.name || got.value !== want.value) return i + 1;
    if (got.boxed && i < problem.steps.length - 1) return i + 1;
  }
  return null;
}
