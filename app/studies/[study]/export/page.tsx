import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { ExportPageView } from "./export-page-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Export" };

interface Props {
  params: Promise<{ study: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function ExportPage({ params }: Props) {
  const study = decodeURIComponent((await params).study);
  const { queries, trpc } = serverQueries();
  await Promise.all([
    queries.fetchQuery(trpc.exports.choices.queryOptions({ study })),
    queries.fetchQuery(trpc.exports.list.queryOptions({ study })),
  ]).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  return (
    <Hydrate queries={queries}>
      <ExportPageView study={study} />
    </Hydrate>
  );
}
