"use client";
import { createContext, useContext } from "react";
import type { ContinuationView } from "@/server/core/views/attempt";

/** Something that is read when it is opened. */
export interface Read<T> {
  data: T | undefined;
  error: { message: string } | null;
}

/** Where the long texts beside an attempt come from: hooks, the same ones for as long as a page stands. */
export interface AttemptTexts {
  useContinuations: (ids: readonly string[]) => Read<ContinuationView>[];
  useVerificationText: (id: string) => Read<string>;
}

const Context = createContext<AttemptTexts | null>(null);

/** Given by the page of the attempt. */
export const AttemptTextsProvider = Context.Provider;

export function useAttemptTexts(): AttemptTexts {
  const texts = useContext(Context);
  if (texts === null) throw new Error("no AttemptTextsProvider stands above");
  return texts;
}
