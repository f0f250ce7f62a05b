import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { inputOf, questionOf } from "./question";
import { SourcesView } from "./sources-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "SFT sources" };

interface Props {
  params: Promise<{ study: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function SourcesComparisonPage({ params, searchParams }: Props) {
  const study = decodeURIComponent((await params).study);
  const question = questionOf(await searchParams);
  const { queries, trpc } = serverQueries();
  // What came of the sources stands further down: the page itself asks for it, when this is on the screen already.
  await queries.fetchQuery(trpc.compareSources.page.queryOptions(inputOf(study, question))).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  return (
    <Hydrate queries={queries}>
      <SourcesView study={study} />
    </Hydrate>
  );
}
