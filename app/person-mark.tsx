"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "./trpc/client";

/** Under whose name this browser decides; leads to the page of people. */
export function PersonMark() {
  const trpc = useTRPC();
  const me = useQuery(trpc.people.me.queryOptions(undefined, { staleTime: 60_000, meta: { fixed: true } }));
  const name = me.data?.name;
  return (
    <Link
      href="/people"
      title={name === undefined ? "Choose a name" : `You are ${name}`}
      className="max-w-14 min-w-0 shrink-0 truncate text-sm text-soft no-underline hover:text-ink hover:underline sm:max-w-56"
    >
      {name === undefined ? (
        "People"
      ) : (
        <>
          <span className="max-sm:sr-only">judging as </span>
          {name}
        </>
      )}
    </Link>
  );
}
