import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { attemptQueryOf, type SearchParams, single } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { StudyPageView } from "./study-page-view";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ study: string }>;
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).study) };
}

export default async function StudyPage({ params, searchParams }: Props) {
  const study = decodeURIComponent((await params).study);
  const search = await searchParams;
  const { queries, trpc } = serverQueries();
  const query = attemptQueryOf(search);
  const pipeline = single(search.pipeline);
  const head = await queries.fetchQuery(trpc.studies.get.queryOptions({ study, pipeline })).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  await Promise.all([
    head.pipeline && queries.prefetchQuery(trpc.studies.outcomes.queryOptions({ pipeline: head.pipeline.id })),
    queries.prefetchInfiniteQuery(
      trpc.attempts.list.infiniteQueryOptions({ study, query }, { getNextPageParam: (p) => p.next }),
    ),
    queries.prefetchQuery(trpc.attempts.count.queryOptions({ study, query })),
  ]);
  return (
    <Hydrate queries={queries}>
      <StudyPageView study={study} />
    </Hydrate>
  );
}
