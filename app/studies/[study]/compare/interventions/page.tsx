import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { InterventionsView } from "./interventions-view";
import { questionOf } from "./question";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Interventions compared" };

interface Props {
  params: Promise<{ study: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function InterventionsPage({ params, searchParams }: Props) {
  const study = decodeURIComponent((await params).study);
  const question = questionOf(await searchParams);
  const { queries, trpc } = serverQueries();
  const of = trpc.compareInterventions;
  const head = await queries.fetchQuery(of.head.queryOptions({ study, pipeline: question.pipeline })).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  const pipeline = head.pipeline?.id;
  // What stands further down the page is asked for by the page itself, when it is on the screen already.
  if (pipeline !== undefined)
    await Promise.all([
      queries.prefetchQuery(of.outcomes.queryOptions({ study, pipeline })),
      queries.prefetchQuery(of.pair.queryOptions({ study, pipeline, ...question.pair })),
    ]);
  return (
    <Hydrate queries={queries}>
      <InterventionsView study={study} />
    </Hydrate>
  );
}
