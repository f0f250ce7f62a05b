import { dehydrate, HydrationBoundary, type QueryClient } from "@tanstack/react-query";
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { createPageContext } from "@/server/api/context";
import { type AppRouter, appRouter } from "@/server/api/root";
import { PERSON_COOKIE } from "@/server/core/people";
import { makeQueryClient } from "./query-client";

/** A cache for one request and the routers to fill it with, in this process, without HTTP. */
export function serverQueries(): { queries: QueryClient; trpc: TRPCOptionsProxy<AppRouter> } {
  const queries = makeQueryClient();
  const ctx = async () => createPageContext((await cookies()).get(PERSON_COOKIE)?.value ?? null);
  return { queries, trpc: createTRPCOptionsProxy({ ctx, router: appRouter, queryClient: queries }) };
}

/** Hand what was read on the server to the client components below. */
export function Hydrate({ queries, children }: { queries: QueryClient; children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(queries)}>{children}</HydrationBoundary>;
}
