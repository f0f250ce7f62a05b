import { isDrawn } from "../seeds";
import { joinSteps, splitSteps } from "../steps";
import { type ProblemText, userTurn } from "./prompt";
import type { Built } from "./rows";
import type { DatasetSettings } from "./settings";

/** Leading steps of a reference solution. */
export interface Hint {
  text: string;
  /** How many steps it has, of how many. */
  steps: number;
  of: number;
}

/**
 * The leading share of a reference solution, by whole steps: round(share × steps), at least one step when the share is
 * not 0, and never the last step unless the share is 1, since that one holds the answer. So a reference of one step gives
 * no hint below 1.
 *
 * @param share 0..1.
 */
export function hintOf(reference: string, share: number): Hint {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share ${share} is outside 0..1`);
  const steps = splitSteps(reference);
  const of = steps.length;
  const count = share === 1 ? of : share === 0 ? 0 : Math.max(0, Math.min(of - 1, Math.max(1, Math.round(share * of))));
  return { text: joinSteps(steps.slice(0, count)), steps: count, of };
}

/** Whether a problem's prompt carries a hint. */
export function isHinted(key: string, settings: Pick<DatasetSettings, "seed" | "hintMix">): boolean {
  return isDrawn(settings.hintMix, settings.seed, "hint", key);
}

/** A prompt of hint-guided RL: the problem with a leading part of its reference, or bare. There is no completion. */
export function buildHint(problem: ProblemText, settings: DatasetSettings): Built {
  if (problem.answer.trim() === "") return { dropped: "no_answer" };
  const wanted = isHinted(problem.key, settings);
  if (wanted && problem.reference.trim() === "") return { dropped: "no_reference" };
  const hint = wanted ? hintOf(problem.reference, settings.hintShare) : null;
  const shown = hint !== null && hint.steps > 0;
  const template = shown ? settings.hintTemplate : settings.template;
  return {
    row: {
      problemId: problem.id,
      attemptId: null,
      proposalId: null,
      decisionId: null,
      reflectionId: null,
      prompt: userTurn(template, problem, shown ? hint.text : undefined),
      completion: "",
      ends: false,
      meta: {
        template: template.id,
        problem: problem.key,
        hint: shown ? { steps: hint.steps, of: hint.of } : null,
        answer: problem.answer,
      },
    },
  };
}
