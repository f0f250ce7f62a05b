import type { Metadata } from "next";
import { serverQueries, Hydrate } from "@/app/trpc/server";
import { readQueuePage } from "../read";
import { JudgeView } from "./judge-view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Judge" };

export default async function JudgePage({ params }: { params: Promise<{ study: string; queue: string }> }) {
  const { queue } = await params;
  const { queries, trpc } = serverQueries();
  await readQueuePage(queries, trpc, queue);
  return (
    <Hydrate queries={queries}>
      <JudgeView queue={queue} />
    </Hydrate>
  );
}
