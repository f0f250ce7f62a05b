/**
 * Failed attempts of the kind the model itself makes, for the time before it can be sampled: one wrong step, and
 * everything after it worked out rightly from the wrong value.
 */
import { joinSteps } from "../steps";
import type { Random } from "./random";
import { solverStep } from "./text";
import type { LabProblem, LabStep } from "./world";

/** Change one digit, or slip a carry, or drop/double a digit: a positive integer other than `value`. */
function slip(rng: Random, value: number): number {
  const text = String(value);
  for (let round = 0; round < 20; round++) {
    const at = rng.int(0, text.length - 1);
    const unit = 10 ** (text.length - 1 - at);
    const digit = Number(text[at]);
    const other = rng.chance(0.5) ? rng.int(0, 9) : (digit + rng.pick([1, 9, 1, 9, 2, 8])) % 10;
    let got = value + (other - digit) * unit;
    if (rng.chance(0.25)) got = value + rng.pick([1, -1]) * 10 ** rng.int(0, text.length - 1);
    if (rng.chance(0.1)) got = value + rng.int(-99, 99);
    if (got > 0 && got !== value) return got;
  }
  return value + 1;
}

function evaluate(step: LabStep, operands: readonly [number, number]): number {
  const [a, b] = operands;
  if (step.op === "times") return a * b;
  return step.op === "minus" ? a - b : a + b;
}

/**
 * An attempt whose first wrong step is number `at` (1-based); with `at` null, the right solution.
 *
 * @param repeat probability that each later step slips as well.
 */
export function corruptedAttempt(problem: LabProblem, at: number | null, rng: Random, repeat = 0.1): string {
  const stated = new Map([[problem.start.name, problem.start.value]]);
  const lines: string[] = [];
  problem.steps.forEach((step, i) => {
    let operands = operandsFrom(step, stated);
    let value = Math.max(1, evaluate(step, operands));
    const here = at !== null && i + 1 === at;
    if (here && rng.chance(0.25)) {
      // A wrong person's value, or a constant read wrongly.
      const others = [...stated.values()].filter((v) => !operands.includes(v));
      const side = rng.int(0, 1);
      const swapped = side === 0 || others.length === 0 ? slip(rng, operands[1]) : rng.pick(others);
      operands = side === 0 || others.length === 0 ? [operands[0], swapped] : [swapped, operands[1]];
      value = Math.max(1, evaluate(step, operands));
    }
    if (here && value === step.value) value = slip(rng, value);
    if (at !== null && i + 1 > at && rng.chance(repeat)) value = slip(rng, value);
    stated.set(step.name, value);
    lines.push(solverStep({ ...step, operands, value }, i === problem.steps.length - 1));
  });
  return joinSteps(lines);
}

function operandsFrom(step: LabStep, stated: ReadonlyMap<string, number>): readonly [number, number] {
  const v = step.from.map((name) => stated.get(name) ?? 0);
  if (step.op === "together") return [v[0]!, v[1]!];
  return step.op === "times" ? [step.operands[0], v[0]!] : [v[0]!, step.operands[1]];
}
