import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { type SearchParams, single } from "@/app/search-params";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { chosenRuns, questionOf } from "./question";
import { RunsView } from "./runs-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Runs side by side" };

interface Props {
  params: Promise<{ study: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function ComparedRunsPage({ params, searchParams }: Props) {
  const study = decodeURIComponent((await params).study);
  const { queries, trpc } = serverQueries();
  const runs = await queries.fetchQuery(trpc.compareRuns.get.queryOptions({ study })).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  const asked = questionOf(new URLSearchParams({ ...present("runs", single((await searchParams).runs)) }));
  await queries.prefetchQuery(trpc.compareRuns.curves.queryOptions({ study, trainings: chosenRuns(runs, asked.runs) }));
  return (
    <Hydrate queries={queries}>
      <RunsView study={study} />
    </Hydrate>
  );
}

const present = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value });
