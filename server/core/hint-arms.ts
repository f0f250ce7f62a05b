/** The arms whose prompt carries a leading part of the reference solution (method.md, "What users compare"). */
import type { Arm } from "./arms";
import { hintOf } from "./datasets/hint";
import type { IntSettings } from "./settings";

/** The leading share of the reference's steps that the prompt carries where nobody says otherwise. */
export const DEFAULT_HINT_SHARE = 0.5;

/** Whether any of the arms has a hint in its prompt. */
export function asksForHint(arms: readonly Arm[]): boolean {
  return arms.some(hasHint);
}

/** Whether the arm has a hint in its prompt. */
export function hasHint(arm: Arm): boolean {
  return arm === "hint" || arm === "hint_intervention";
}

/** Whether an arm goes on from a problem alone; the others hang on a proposal. */
export function isProblemArm(arm: Arm): boolean {
  return arm === "problem" || arm === "hint";
}

/**
 * The hint that the arms give of a reference, null where there is none to give: the run has no such arms, or the
 * reference is a single step, whose leading part would be all of it.
 */
export function hintFor(settings: Pick<IntSettings, "continuation">, reference: string): string | null {
  const { hint } = settings.continuation;
  if (!hint) return null;
  const { text, steps } = hintOf(reference, hint.share);
  return steps > 0 ? text : null;
}

/** Whether an arm of a problem can be sampled: those with a hint need one. */
export function canSample(arm: Arm, settings: Pick<IntSettings, "continuation">, problem: { reference: string }): boolean {
  return !hasHint(arm) || hintFor(settings, problem.reference) !== null;
}
