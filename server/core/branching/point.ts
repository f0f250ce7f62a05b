import { z } from "zod";
import { intSettingsSchema, samplingSchema } from "../settings";
import { guidedAttempt, joinSteps } from "../steps";

export const BRANCH_KINDS = ["continue", "replace"] as const;
/** continue: go on after steps 1..step (0: the bare problem) · replace: `content` in place of the step and all after it. */
export type BranchKind = (typeof BRANCH_KINDS)[number];

export const BRANCH_PURPOSES = ["manual", "value", "judge"] as const;
/** manual: somebody asked at a page · value: V(t) · judge: a judge's own correction. */
export type BranchPurpose = (typeof BRANCH_PURPOSES)[number];

/** Most samples of one branch. */
export const MOST_SAMPLES = 64;

export interface BranchPoint {
  kind: BranchKind;
  /** continue: 0..steps · replace: 1..steps + 1. */
  step: number;
  /** What stands in place of the step; "" for continue. */
  content: string;
}

/**
 * The unfinished answer that a branch goes on from, without a newline at its end (server/core/branch.ts).
 * @throws RangeError when the attempt has no such step.
 */
export function branchPrefix(steps: readonly string[], { kind, step, content }: BranchPoint): string {
  if (kind === "replace") return guidedAttempt(steps, content, step);
  if (!Number.isInteger(step) || step < 0 || step > steps.length)
    throw new RangeError(`step ${step} is outside 0..${steps.length}`);
  return joinSteps(steps.slice(0, step));
}

/** Settings of the stage "branch", frozen into its run. */
export const branchSettingsSchema = z.object({
  template: intSettingsSchema.shape.rollout.shape.template,
  sampling: samplingSchema,
  bareAnswers: z.boolean(),
});
export type BranchSettings = z.infer<typeof branchSettingsSchema>;
