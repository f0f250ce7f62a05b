import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { ProblemsPageView } from "./problems-page-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Problems" };

export default async function ProblemsPage({ params }: { params: Promise<{ study: string }> }) {
  const study = decodeURIComponent((await params).study);
  const { queries, trpc } = serverQueries();
  await queries
    .fetchInfiniteQuery(trpc.attempts.problems.infiniteQueryOptions({ study }, { getNextPageParam: (p) => p.next }))
    .catch((error: unknown) => {
      if (isNotFound(error)) notFound();
      throw error;
    });
  return (
    <Hydrate queries={queries}>
      <ProblemsPageView study={study} />
    </Hydrate>
  );
}
