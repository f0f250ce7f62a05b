import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { publishFormOf } from "./options";
import { PublishPageView } from "./publish-page-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Publish" };

interface Props {
  params: Promise<{ study: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function PublishPage({ params, searchParams }: Props) {
  const study = decodeURIComponent((await params).study);
  const { queries, trpc } = serverQueries();
  await Promise.all([
    queries.fetchQuery(trpc.studies.get.queryOptions({ study })),
    queries.fetchQuery(trpc.publications.list.queryOptions({ study })),
  ]).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  await queries.prefetchQuery(
    trpc.publications.preview.queryOptions({ study, wish: publishFormOf(await searchParams) }, { retry: false }),
  );
  return (
    <Hydrate queries={queries}>
      <PublishPageView study={study} />
    </Hydrate>
  );
}
