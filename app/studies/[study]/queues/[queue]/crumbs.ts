import type { Crumb } from "@/components/ui/page";
import type { QueueView } from "@/server/core/views/judging";

/** Where a queue stands. */
export function queueCrumbs(queue: Pick<QueueView, "id" | "name" | "study">): Crumb[] {
  const base = `/studies/${encodeURIComponent(queue.study.name)}`;
  return [
    { label: queue.study.name, href: base },
    { label: "judging", href: `${base}/queues` },
    { label: queue.name, href: `${base}/queues/${queue.id}` },
  ];
}
