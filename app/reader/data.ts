"use client";
import { QueryClient, useQuery } from "@tanstack/react-query";
import { fileOf, GLOBAL } from "@/server/core/publishing/script";

/** Who waits for what; a file hands over its key and its value. */
const waiting = new Map<string, (value: unknown) => void>();

/** Make the function that the data files call. */
export function receiveData(): void {
  Object.assign(window, {
    [GLOBAL]: (key: string, value: unknown) => {
      waiting.get(key)?.(value);
      waiting.delete(key);
    },
  });
}

/**
 * Read a data file, by a script: a page from file:// can fetch nothing. The type is the file's contract
 * (server/core/views/publication.ts); both are written by one version of the program.
 *
 * @throws Error with a sentence when it is not there.
 */
export function load<T>(key: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const script = document.createElement("script");
    waiting.set(key, (value) => resolve(value as T));
    script.src = fileOf(key);
    script.onload = () => script.remove();
    script.onerror = () => {
      waiting.delete(key);
      script.remove();
      reject(new Error(`${fileOf(key)} could not be read: it is not part of this publication, or the folder is not whole.`));
    };
    document.head.append(script);
  });
}

/** Nothing here ever changes; and there may be no network, which is not asked for. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { networkMode: "always", staleTime: Number.POSITIVE_INFINITY, retry: false, refetchOnWindowFocus: false },
  },
});

export const fileQuery = <T>(key: string) => ({ queryKey: ["file", key], queryFn: () => load<T>(key) });

/** A data file. */
export const useFile = <T>(key: string) => useQuery(fileQuery<T>(key));

/** All files of an index, joined: "attempts-0", "attempts-1", …. */
export function useIndex<T>(name: string, files: number) {
  return useQuery({
    queryKey: ["index", name],
    queryFn: async () => (await Promise.all(Array.from({ length: files }, (_, i) => load<T[]>(`${name}-${i}`)))).flat(),
  });
}
