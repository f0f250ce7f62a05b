import type { ContinuationView } from "@/server/core/views/attempt";

type Said = Pick<ContinuationView, "arm" | "steps">;

/** From where on two continuations of one arm differ, in words; null for different arms: they began differently. */
export function partAt(a: Said, b: Said): string | null {
  if (a.arm !== b.arm) return null;
  const limit = Math.min(a.steps.length, b.steps.length);
  let same = 0;
  while (same < limit && a.steps[same] === b.steps[same]) same += 1;
  if (same === a.steps.length && same === b.steps.length) return "Both say the same.";
  if (same === 0) return "They differ from their first sampled step on.";
  return `Their first ${same === 1 ? "sampled step is" : `${same} sampled steps are`} the same.`;
}
