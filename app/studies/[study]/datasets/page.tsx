import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { prefetchList } from "../lists/list-page";
import { DatasetsPageView } from "./datasets-page-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Data sets" };

interface Props {
  params: Promise<{ study: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function DatasetsPage({ params, searchParams }: Props) {
  const study = decodeURIComponent((await params).study);
  const server = serverQueries();
  const { queries, trpc } = server;
  await Promise.all([
    prefetchList(server, study, "datasets", await searchParams),
    queries.fetchQuery(trpc.datasets.list.queryOptions({ study })),
    queries.fetchQuery(trpc.datasets.choices.queryOptions({ study })),
  ]).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  return (
    <Hydrate queries={queries}>
      <DatasetsPageView study={study} />
    </Hydrate>
  );
}
