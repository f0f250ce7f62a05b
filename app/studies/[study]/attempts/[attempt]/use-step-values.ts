"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/app/trpc/client";
import type { StepValue } from "@/components/attempt/values";
import type { AttemptView } from "@/server/core/views/attempt";

/** V(t) of the attempt, ascending by step (0: the bare problem); null while nobody has asked for them. */
export function useStepValues(attempt: AttemptView): readonly StepValue[] | null {
  const trpc = useTRPC();
  const read = useQuery(trpc.values.get.queryOptions({ study: attempt.study.name, attempt: attempt.id }));
  return read.data === undefined || read.data.points.length === 0 ? null : read.data.points;
}
