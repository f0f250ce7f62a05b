/** Training conversations of the lab, rendered with the very templates the product uses. */
import { LAB_REFLECT, LAB_SOLVE, LAB_SOLVE_WITH_HINT, LAB_VERIFY } from "../prompts/lab";
import { fillTemplate, numberSteps, type PromptTemplate, type TemplateFields } from "../prompts/template";
import { joinSteps, splitSteps } from "../steps";
import { solverSolution, solverStep } from "./text";
import { firstWrongStep, readStep } from "./truth";
import type { LabProblem } from "./world";

/** One user turn and the answer to train on. */
export interface LabConversation {
  readonly skill: "solve" | "hint" | "verify" | "reflect";
  readonly user: string;
  readonly assistant: string;
}

function userTurn(template: PromptTemplate, fields: TemplateFields): string {
  return fillTemplate(template.turns[0]!.text, fields);
}

export function solveConversation(problem: LabProblem): LabConversation {
  return {
    skill: "solve",
    user: userTurn(LAB_SOLVE, { problem: problem.problem }),
    assistant: solverSolution(problem.steps),
  };
}

/** @param shown how many leading paragraphs of the reference the hint holds, 1 to steps - 1. */
export function hintConversation(problem: LabProblem, shown: number): LabConversation {
  const hint = joinSteps(splitSteps(problem.referenceSolution).slice(0, shown));
  return {
    skill: "hint",
    user: userTurn(LAB_SOLVE_WITH_HINT, { problem: problem.problem, hint }),
    assistant: solverSolution(problem.steps),
  };
}

export function reflectConversation(problem: LabProblem, attempt: string): LabConversation {
  return {
    skill: "reflect",
    user: userTurn(LAB_REFLECT, { problem: problem.problem, reference: problem.referenceSolution, attempt }),
    assistant: solverSolution(problem.steps),
  };
}

/** The user turn that asks for a verification of `attempt`. */
export function verifyPrompt(problem: LabProblem, attempt: string): string {
  return userTurn(LAB_VERIFY, {
    numbered_reference: numberSteps(splitSteps(problem.referenceSolution), LAB_VERIFY.stepLabel),
    numbered_attempt: numberSteps(splitSteps(attempt), LAB_VERIFY.stepLabel),
  });
}

/**
 * A verification with the right log, location and intervention; null where the attempt's first wrong step cannot be
 * written in the log's form (it names another person, states no number, boxes too early) or is one step too many.
 */
export function verifyConversation(problem: LabProblem, attempt: string): LabConversation | null {
  const steps = splitSteps(attempt);
  const wrong = firstWrongStep(problem, attempt);
  if (wrong === null && steps.length !== problem.steps.length) return null;
  const lines: string[] = [];
  for (let i = 0; i < (wrong ?? steps.length); i++) {
    const stated = readStep(steps[i]!);
    const want = problem.steps[i];
    if (!stated || !want || stated.name !== want.name) return null;
    const isWrong = i + 1 === wrong;
    if (isWrong && stated.value === want.value) return null;
    lines.push(
      `Substep ${i + 1}, ${stated.name}: attempt ${stated.value}, reference ${want.value}. ${isWrong ? "Incorrect" : "Correct"}.`,
    );
  }
  const content = wrong === null ? "" : solverStep(problem.steps[wrong - 1]!, wrong === problem.steps.length);
  const tag = `{"content": ${JSON.stringify(content)}, "location": ${wrong ?? 0}}`;
  return {
    skill: "verify",
    user: verifyPrompt(problem, attempt),
    assistant: joinSteps([
      lines.join("\n"),
      `First critical error: ${wrong === null ? "none" : `substep ${wrong}`}.`,
      `<intervention>${tag}</intervention>`,
    ]),
  };
}
