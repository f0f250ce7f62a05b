import { Hydrate, serverQueries } from "@/app/trpc/server";
import { QueueView } from "./queue-view";
import { readQueuePage } from "./read";

export const dynamic = "force-dynamic";
export const metadata = { title: "Queue" };

export default async function QueuePage({ params }: { params: Promise<{ study: string; queue: string }> }) {
  const { queue } = await params;
  const { queries, trpc } = serverQueries();
  await readQueuePage(queries, trpc, queue);
  await queries.prefetchQuery(trpc.queues.progress.queryOptions({ queue }));
  return (
    <Hydrate queries={queries}>
      <QueueView queue={queue} />
    </Hydrate>
  );
}
