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
  await Promise.all([
    queries.prefetchQuery(of.ablation.queryOptions({ study, set: question.set })),
    ...(pipeline === undefined
      ? []
      : [
          queries.prefetchQuery(of.outcomes.queryOptions({ study, pipeline })),
          queries.prefetchQuery(of.pair.queryOptions({ study, pipeline, ...question.pair })),
          queries.prefetchQuery(of.positions.queryOptions({ study, pipeline })),
          queries.prefetchQuery(of.lengths.queryOptions({ study, pipeline })),
          queries.prefetchQuery(of.funnel.queryOptions({ study, pipeline, dataset: question.dataset })),
        ]),
  ]);
  return (
    <Hydrate queries={queries}>
      <InterventionsView study={study} />
    </Hydrate>
  );
}
