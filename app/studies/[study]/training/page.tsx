import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { TrainingPageView } from "./training-page-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Training" };

export default async function TrainingPage({ params }: { params: Promise<{ study: string }> }) {
  const study = decodeURIComponent((await params).study);
  const { queries, trpc } = serverQueries();
  await Promise.all([
    queries.fetchQuery(trpc.trainings.page.queryOptions({ study })),
    queries.fetchQuery(trpc.trainings.choices.queryOptions({ study })),
  ]).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  return (
    <Hydrate queries={queries}>
      <TrainingPageView study={study} />
    </Hydrate>
  );
}
