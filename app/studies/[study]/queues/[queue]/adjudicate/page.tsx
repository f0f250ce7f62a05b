import { Hydrate, serverQueries } from "@/app/trpc/server";
import { readQueuePage } from "../read";
import { AdjudicateView } from "./adjudicate-view";

export const dynamic = "force-dynamic";
export const metadata = { title: "Settle differences" };

export default async function AdjudicatePage({ params }: { params: Promise<{ study: string; queue: string }> }) {
  const { queue } = await params;
  const { queries, trpc } = serverQueries();
  await readQueuePage(queries, trpc, queue);
  return (
    <Hydrate queries={queries}>
      <AdjudicateView queue={queue} />
    </Hydrate>
  );
}
