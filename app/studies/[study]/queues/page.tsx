import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { QueuesView } from "./queues-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Judging" };

export default async function QueuesPage({ params }: { params: Promise<{ study: string }> }) {
  const study = decodeURIComponent((await params).study);
  const { queries, trpc } = serverQueries();
  await Promise.all([
    queries.fetchQuery(trpc.queues.list.queryOptions({ study })),
    queries.fetchQuery(trpc.studies.get.queryOptions({ study, pipeline: undefined })),
    queries.fetchQuery(trpc.people.me.queryOptions()),
  ]).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  return (
    <Hydrate queries={queries}>
      <QueuesView study={study} />
    </Hydrate>
  );
}
