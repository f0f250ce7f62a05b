import { fillTemplate, type PromptTemplate } from "../prompts/template";
import type { SolveTemplate } from "./settings";

/** What builders need of a problem. */
export interface ProblemText {
  id: string;
  /** Natural key inside its set. */
  key: string;
  statement: string;
  answer: string;
  reference: string;
}

/** The user turn that a solve template makes of a problem: what the model saw when it was sampled. */
export function userTurn(template: SolveTemplate, problem: ProblemText, hint?: string): string {
  return fillTemplate(template.text, {
    problem: problem.statement,
    answer: problem.answer,
    reference: problem.reference,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A template of one turn, as data sets freeze it; null for a conversation of several turns, which no training row holds. */
export function oneTurn(template: Pick<PromptTemplate, "id" | "turns">): SolveTemplate | null {
  const [turn, ...more] = template.turns;
  return turn && more.length === 0 ? { id: template.id, text: turn.text } : null;
}
