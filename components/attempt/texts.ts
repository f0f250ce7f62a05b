"use client";
import { createContext, useContext } from "react";
import type { ContinuationView } from "@/server/core/views/attempt";

/** Something that is read when it is opened, and never changes: a query. */
export interface Reading<T> {
  queryKey: readonly unknown[];
  queryFn: () => Promise<T>;
  staleTime: number;
  meta: { fixed: true };
}

/** Where the long texts beside an attempt come from. */
export interface AttemptTexts {
  continuation: (id: string) => Reading<ContinuationView>;
  verificationText: (id: string) => Reading<string>;
}

const Context = createContext<AttemptTexts | null>(null);

/** Given by the page of the attempt. */
export const AttemptTextsProvider = Context.Provider;

export function useAttemptTexts(): AttemptTexts {
  const texts = useContext(Context);
  if (texts === null) throw new Error("no AttemptTextsProvider stands above");
  return texts;
}

/** A reading that is made once. */
export function readOnce<T>(queryKey: readonly unknown[], queryFn: () => Promise<T>): Reading<T> {
  return { queryKey, queryFn, staleTime: Number.POSITIVE_INFINITY, meta: { fixed: true } };
}
