import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { DatasetPageView } from "./dataset-page-view";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ study: string; dataset: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Data set ${decodeURIComponent((await params).dataset)}` };
}

export default async function DatasetPage({ params }: Props) {
  const { study, dataset } = await params;
  const input = { study: decodeURIComponent(study), dataset: decodeURIComponent(dataset) };
  const { queries, trpc } = serverQueries();
  await Promise.all([
    queries.fetchQuery(trpc.datasets.get.queryOptions(input)),
    queries.prefetchInfiniteQuery(
      trpc.datasets.rows.infiniteQueryOptions(input, { getNextPageParam: (page) => page.next }),
    ),
  ]).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  return (
    <Hydrate queries={queries}>
      <DatasetPageView {...input} />
    </Hydrate>
  );
}
