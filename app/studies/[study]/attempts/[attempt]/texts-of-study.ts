"use client";
import { useMemo } from "react";
import { useTRPC, useTRPCClient } from "@/app/trpc/client";
import { type AttemptTexts, readOnce } from "@/components/attempt/texts";

/** The long texts of a study's attempts, from its server. */
export function useTextsOfStudy(study: string): AttemptTexts {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useMemo(
    () => ({
      continuation: (continuation) =>
        readOnce(trpc.attempts.continuation.queryKey({ study, continuation }), () =>
          client.attempts.continuation.query({ study, continuation }),
        ),
      verificationText: (verification) =>
        readOnce(trpc.attempts.verificationText.queryKey({ study, verification }), () =>
          client.attempts.verificationText.query({ study, verification }),
        ),
    }),
    [study, trpc, client],
  );
}
