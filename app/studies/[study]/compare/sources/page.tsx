import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { chosenOf, curvesInput, inputOf, questionOf, relationInput } from "./question";
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
  const page = await queries.fetchQuery(trpc.compareSources.page.queryOptions(inputOf(study, question))).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  const chosen = chosenOf(page, question);
  await Promise.all([
    ...page.sets.map((s) => queries.prefetchQuery(trpc.compareSources.curves.queryOptions(curvesInput(study, question, s.name, chosen.stage)))),
    chosen.set && queries.prefetchQuery(trpc.compareSources.relation.queryOptions(relationInput(study, question, chosen, chosen.set.name))),
  ]);
  return (
    <Hydrate queries={queries}>
      <SourcesView study={study} />
    </Hydrate>
  );
}
