/** The problem generator: a pure function of (level or spec, seed, index). */
import { createRandom, type Random } from "./random";
import { question, referenceSolution, startSentence, stepSentence } from "./text";
import {
  isLabLevel,
  LAB_LEVELS,
  type LabOp,
  type LabProblem,
  type LabSpec,
  type LabStep,
  NAMES,
  OBJECTS,
} from "./world";

interface Person {
  readonly name: string;
  readonly value: number;
}

/** A number of one to `digits` digits (no leading zero), every length likely in proportion 1:2:3. */
function constant(rng: Random, low: number, high: number): number {
  const lengths = [1, 2, 2, 3, 3, 3].filter((d) => 10 ** (d - 1) <= high && 10 ** d - 1 >= low);
  const d = lengths.length > 0 ? rng.pick(lengths) : String(high).length;
  return rng.int(Math.max(low, 10 ** (d - 1)), Math.min(high, 10 ** d - 1));
}

/** Define `name` from one earlier person. */
function unaryStep(rng: Random, name: string, from: Person, spec: LabSpec): LabStep {
  const v = from.value;
  const make = (op: LabOp, operands: readonly [number, number], value: number): LabStep => ({
    name,
    op,
    from: [from.name],
    operands,
    value,
  });
  const top = Math.min(9, Math.floor(spec.maxValue / v));
  if (top >= 2 && rng.chance(spec.times)) {
    const k = rng.int(2, top);
    return make("times", [k, v], k * v);
  }
  // Large values are brought back below a tenth of the ceiling often enough that multiplications stay possible.
  const large = v > spec.maxValue / 9;
  const canAdd = v + 9 <= spec.maxValue;
  const minus = v > 20 && (!canAdd || rng.chance(large ? 0.8 : 0.35));
  if (minus) {
    const low = large ? Math.max(1, v - Math.floor(spec.maxValue / 10)) : 2;
    const high = v - 11;
    const c = large && low <= high ? rng.int(low, high) : constant(rng, Math.min(2, high), high);
    return make("minus", [v, c], v - c);
  }
  const c = constant(rng, 2, Math.min(999, Math.max(2, spec.maxValue - v)));
  return make("plus", [v, c], v + c);
}

/**
 * Build one problem. Every person but the last is used by a later one, so every wrong value matters for the answer.
 *
 * @param id what the random stream is seeded with, and the problem's id.
 */
export function generateFromSpec(spec: LabSpec, id: string, level: string): LabProblem {
  const rng = createRandom(id);
  const n = rng.int(spec.steps[0], spec.steps[1]);
  const names = rng.shuffle(NAMES).slice(0, n + 1);
  const object = rng.pick(OBJECTS);
  const people: Person[] = [{ name: names[0]!, value: rng.int(11, Math.min(299, Math.floor(spec.maxValue / 3))) }];
  const steps: LabStep[] = [];
  let waiting: Person | null = null; // a person no one has used yet, besides the newest
  for (let i = 1; i <= n; i++) {
    const name = names[i]!;
    const last = people[i - 1]!;
    let step: LabStep;
    if (waiting) {
      const [a, b]: readonly [Person, Person] = rng.chance(0.5) ? [waiting, last] : [last, waiting];
      step = {
        name,
        op: "together",
        from: [a.name, b.name],
        operands: [a.value, b.value],
        value: a.value + b.value,
      };
      waiting = null;
    } else {
      const back = people[Math.max(0, i - rng.int(2, 3))]!;
      const branches = i >= 2 && i < n && back !== last && rng.chance(spec.branch);
      const together = i >= 2 && back !== last && last.value + back.value <= spec.maxValue && rng.chance(spec.branch);
      if (branches) {
        step = unaryStep(rng, name, back, spec);
        // Both unused values are added in the next step; skip the branch where their sum would be too large.
        if (step.value + last.value <= spec.maxValue) waiting = last;
        else step = unaryStep(rng, name, last, spec);
      } else if (together) {
        const [a, b]: readonly [Person, Person] = rng.chance(0.5) ? [back, last] : [last, back];
        step = { name, op: "together", from: [a.name, b.name], operands: [a.value, b.value], value: a.value + b.value };
      } else {
        step = unaryStep(rng, name, last, spec);
      }
    }
    steps.push(step);
    people.push({ name, value: step.value });
  }
  const start = people[0]!;
  const asked = people[n]!;
  return {
    id,
    problem: [
      startSentence(start.name, start.value, object),
      ...steps.map(stepSentence),
      question(asked.name, object),
    ].join(" "),
    answer: String(asked.value),
    referenceSolution: referenceSolution(steps),
    level,
    start,
    steps,
  };
}

/**
 * `n` problems of a level. The same arguments give the same problems on every platform, and the first m of n are
 * the first m of any larger n.
 *
 * @param seed a non-negative integer. Seeds from 900000 on are the training set's.
 * @throws RangeError on an unknown level or a seed that is not a non-negative integer.
 */
export function generateProblems(args: { n: number; seed: number; level: string }): LabProblem[] {
  const { n, seed, level } = args;
  return Array.from({ length: n }, (_, index) => generateProblem(level, seed, index));
}

/** One problem of a level by its index. Throws as {@link generateProblems}. */
export function generateProblem(level: string, seed: number, index: number): LabProblem {
  if (!isLabLevel(level)) throw new RangeError(`unknown lab level "${level}": ${Object.keys(LAB_LEVELS).join(", ")}`);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`lab seed ${seed} is not a non-negative integer`);
  const id = `lab-${level}-${seed}-${String(index).padStart(6, "0")}`;
  return generateFromSpec(LAB_LEVELS[level], id, level);
}

/** The problem an id names, or null where the id is not one of this generator's. */
export function labProblemFromId(id: string): LabProblem | null {
  const m = /^lab-([a-z]+)-(\d+)-(\d{6,})$/.exec(id);
  if (!m || !isLabLevel(m[1]!)) return null;
  return generateProblem(m[1], Number(m[2]), Number(m[3]));
}
