/**
 * The lab's small world: people who own things, told in order of dependency. The vocabulary is deliberately small
 * and every word is one token of the lab's tokenizer, so that a model of a few megabytes can spend itself on
 * arithmetic, look-ups and comparison, where its mistakes are the interesting ones.
 */

export const NAMES = ["Ann", "Ben", "Cal", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Joe", "Kim", "Leo"] as const;
export const OBJECTS = ["coins", "books", "cards", "shells", "stamps", "beads"] as const;

export type LabOp = "plus" | "minus" | "times" | "together";

/** One person defined from earlier ones: one step of the solution. */
export interface LabStep {
  readonly name: string;
  readonly op: LabOp;
  /** Names of the one (plus, minus, times) or two (together) earlier people, in the order of the sentence. */
  readonly from: readonly string[];
  /** The two numbers of the expression in the order the solver writes them, e.g. 3 and 22 in `$3\times22=66$`. */
  readonly operands: readonly [number, number];
  /** What this person owns. A positive integer. */
  readonly value: number;
}

/** What problems of a level look like. */
export interface LabSpec {
  /** Solution steps, lowest and highest (both included). */
  readonly steps: readonly [number, number];
  /** Largest value of any person. */
  readonly maxValue: number;
  /** Probability of a multiplication where one is possible. */
  readonly times: number;
  /** Probability that a person is defined from one who is two or three back, joined again in the next step. */
  readonly branch: number;
}

export interface LabProblem {
  /** `lab-<level>-<seed>-<index, 6 digits>`; the problem can be generated again from it. */
  readonly id: string;
  readonly problem: string;
  /** Final answer in decimal digits. */
  readonly answer: string;
  /** One paragraph a step, in another voice than the solver's; ends with \boxed{answer}. */
  readonly referenceSolution: string;
  readonly level: string;
  readonly start: { readonly name: string; readonly value: number };
  /** One per step of the solution, in order; the last one is the asked person. */
  readonly steps: readonly LabStep[];
}

/** The levels a study can ask for. The training mix has specs of its own (workers/lab), so these may be retuned. */
export const LAB_LEVELS = {
  easy: { steps: [2, 3], maxValue: 999, times: 0.15, branch: 0.1 },
  medium: { steps: [4, 6], maxValue: 9999, times: 0.3, branch: 0.15 },
  hard: { steps: [8, 9], maxValue: 9999, times: 0.4, branch: 0.2 },
} as const satisfies Record<string, LabSpec>;

export type LabLevel = keyof typeof LAB_LEVELS;

export function isLabLevel(text: string): text is LabLevel {
  return Object.hasOwn(LAB_LEVELS, text);
}
