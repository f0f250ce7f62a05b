"use client";
import type { StepValue } from "@/components/attempt/values";
import type { AttemptView } from "@/server/core/views/attempt";

/** V(t) of the attempt, ascending by step (0: the bare problem); null while nobody has asked for them. */
export function useStepValues(_attempt: AttemptView): readonly StepValue[] | null {
  return null;
}
