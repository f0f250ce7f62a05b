import type { Arm } from "./arms";
import { guidedAttempt, joinSteps } from "./steps";

/** Where a continuation branches off its attempt. */
export interface BranchPoint {
  steps: readonly string[];
  /** The intervention; needed by the arms that carry one. */
  content?: string;
  /** 1-based step that the intervention replaces. */
  location: number;
}

/**
 * The text of the unfinished answer from which an arm goes on, appended to the rendered prompt as one string. It ends
 * without a newline: the model writes the blank line before its next step itself. The hint of the hint arms stands
 * in the prompt, not here.
 *
 * @throws RangeError when the location is outside 1..steps (for an intervention 1..steps + 1).
 * @throws Error when an arm needs content and there is none.
 */
export function branchText(arm: Arm, at: BranchPoint): string {
  switch (arm) {
    case "problem":
    case "hint":
      return "";
    case "prefix":
      return joinSteps(upTo(at, at.location - 1));
    case "original":
      return joinSteps(upTo(at, at.location));
    case "intervention":
    case "hint_intervention":
      if (at.content === undefined) throw new Error(`arm ${arm} needs the intervention's content`);
      return guidedAttempt(at.steps, at.content, at.location);
  }
}

function upTo(at: BranchPoint, count: number): readonly string[] {
  if (!Number.isInteger(at.location) || at.location < 1 || at.location > at.steps.length) {
    throw new RangeError(`location ${at.location} is outside 1..${at.steps.length}`);
  }
  return at.steps.slice(0, count);
}

/**
 * The whole answer of a continuation, which is what is graded and split into steps: the branch text and what was
 * sampled after it, as the model saw it, with nothing put in between.
 */
export function wholeText(prefix: string, sampled: string): string {
  return prefix + sampled;
}
