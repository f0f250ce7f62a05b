"use client";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTRPC } from "@/app/trpc/client";
import type { AttemptTexts } from "@/components/attempt/texts";

/** Texts that never change are read once. */
const FIXED = { staleTime: Number.POSITIVE_INFINITY, meta: { fixed: true } };

/** The long texts of a study's attempts, from its server. */
export function useTextsOfStudy(study: string): AttemptTexts {
  return useMemo(
    () => ({
      useContinuations: (ids) => {
        const trpc = useTRPC();
        return useQueries({
          queries: ids.map((continuation) => trpc.attempts.continuation.queryOptions({ study, continuation }, FIXED)),
        });
      },
      useVerificationText: (verification) => {
        const trpc = useTRPC();
        return useQuery(trpc.attempts.verificationText.queryOptions({ study, verification }, FIXED));
      },
    }),
    [study],
  );
}
