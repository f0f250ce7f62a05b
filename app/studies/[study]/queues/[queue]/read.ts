import type { QueryClient } from "@tanstack/react-query";
import type { TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { notFound } from "next/navigation";
import { isNotFound } from "@/app/trpc/not-found";
import type { AppRouter } from "@/server/api/root";

/** The queue of a page and who looks at it; a page that is not found without the queue. */
export async function readQueuePage(
  queries: QueryClient,
  trpc: TRPCOptionsProxy<AppRouter>,
  queue: string,
): Promise<void> {
  await Promise.all([
    queries.fetchQuery(trpc.queues.get.queryOptions({ queue })),
    queries.fetchQuery(trpc.people.me.queryOptions()),
  ]).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
}
