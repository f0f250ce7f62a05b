/** The sentences of the lab: problem, solver's voice, and the reference's other voice. One place for all words. */
import { joinSteps } from "../steps";
import type { LabStep } from "./world";

/** "Ann has 122 coins." */
export function startSentence(name: string, value: number, object: string): string {
  return `${name} has ${value} ${object}.`;
}

/** The sentence of the problem that defines a step's person. */
export function stepSentence(step: LabStep): string {
  const [first, second] = step.from;
  switch (step.op) {
    case "plus":
      return `${step.name} has ${step.operands[1]} more than ${first}.`;
    case "minus":
      return `${step.name} has ${step.operands[1]} fewer than ${first}.`;
    case "times":
      return `${step.name} has ${step.operands[0]} times as many as ${first}.`;
    case "together":
      return `${step.name} has as many as ${first} and ${second} together.`;
  }
}

/** "How many coins does Eve have?" */
export function question(name: string, object: string): string {
  return `How many ${object} does ${name} have?`;
}

const SIGN = { plus: "+", minus: "-", times: "\\times", together: "+" } as const;
const WORD = { plus: "plus", minus: "minus", times: "times", together: "plus" } as const;

/** A step as the solver writes it: `Cal: $3\times22=66$`, the last one with its value in \boxed{}. */
export function solverStep(step: LabStep, last: boolean): string {
  const [a, b] = step.operands;
  const value = last ? `\\boxed{${step.value}}` : String(step.value);
  return `${step.name}: $${a}${SIGN[step.op]}${b}=${value}$`;
}

/** The whole right solution in the solver's voice. */
export function solverSolution(steps: readonly LabStep[]): string {
  return joinSteps(steps.map((s, i) => solverStep(s, i === steps.length - 1)));
}

/** A step as the answer key writes it; the value stands right behind the name's "must have". */
export function referenceStep(step: LabStep, last: boolean): string {
  const [a, b] = step.operands;
  const line = `${step.name} must have ${step.value}: ${a} ${WORD[step.op]} ${b}.`;
  return last ? `${line} So the answer is \\boxed{${step.value}}.` : line;
}

/** The reference solution, one paragraph a step. */
export function referenceSolution(steps: readonly LabStep[]): string {
  return joinSteps(steps.map((s, i) => referenceStep(s, i === steps.length - 1)));
}
