import { dehydrate, HydrationBoundary, type QueryClient } from "@tanstack/react-query";
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { ReactNode } from "react";
import { createContext } from "@/server/api/context";
import { type AppRouter, appRouter } from "@/server/api/root";
import { makeQueryClient } from "./query-client";

/** A cache for one request and the routers to fill it with, in this process, without HTTP. */
export function serverQueries(): { queries: QueryClient; trpc: TRPCOptionsProxy<AppRouter> } {
  const queries = makeQueryClient();
  return { queries, trpc: createTRPCOptionsProxy({ ctx: createContext, router: appRouter, queryClient: queries }) };
}

/** Hand what was read on the server to the client components below. */
export function Hydrate({ queries, children }: { queries: QueryClient; children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(queries)}>{children}</HydrationBoundary>;
}
