import { notFound } from "next/navigation";
import { isNotFound } from "@/app/trpc/not-found";
import { Hydrate, serverQueries } from "@/app/trpc/server";
import { readQueuePage } from "../../read";
import { HistoryView } from "./history-view";

export const dynamic = "force-dynamic";
export const metadata = { title: "History of an item" };

export default async function ItemPage({
  params,
}: {
  params: Promise<{ study: string; queue: string; item: string }>;
}) {
  const { queue, item } = await params;
  const { queries, trpc } = serverQueries();
  await readQueuePage(queries, trpc, queue);
  await queries.fetchQuery(trpc.queues.history.queryOptions({ item })).catch((error: unknown) => {
    if (isNotFound(error)) notFound();
    throw error;
  });
  return (
    <Hydrate queries={queries}>
      <HistoryView queue={queue} item={item} />
    </Hydrate>
  );
}
