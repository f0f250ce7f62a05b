"use client";
import { useRouter, useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { replaceSearch } from "./search-params";

/** What a reader's place is written into: the address of the page, or (in a publication) what stands after its "#". */
export interface Address {
  /** As it is. */
  search: () => URLSearchParams;
  /** Change it without leaving the page. Stable. */
  replace: (change: (search: URLSearchParams) => void) => void;
  /** To another page. */
  push: (href: string) => void;
}

/** The page's own address, as Next knows it. */
export function useAddress(): Address {
  const params = useSearchParams();
  const router = useRouter();
  return useMemo(
    () => ({ search: () => new URLSearchParams(params), replace: replaceSearch, push: (href) => router.push(href) }),
    [params, router],
  );
}
