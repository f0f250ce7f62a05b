import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { localisationQueryOf, type SearchParams } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { LocalisationPageView } from "./localisation-page-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "First errors against labels" };

interface Props {
  params: Promise<{ study: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function LocalisationPage({ params, searchParams }: Props) {
  const study = decodeURIComponent((await params).study);
  const query = localisationQueryOf(await searchParams);
  const { queries, trpc } = serverQueries();
  await queries.fetchQuery(trpc.localisation.get.queryOptions({ study, query })).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  return (
    <Hydrate queries={queries}>
      <LocalisationPageView study={study} />
    </Hydrate>
  );
}
