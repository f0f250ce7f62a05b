import { InterveneError } from "../../errors";
import { findItem, type ItemRow } from "../../store/judging/items";
import { findQueue, type QueueRow } from "../../store/judging/queues";
import type { PageDeps } from "../pages/find";

/** @throws InterveneError("not_found") */
export async function queueOf(deps: PageDeps, id: string): Promise<QueueRow> {
  const queue = await findQueue(deps.pool, id);
  if (queue === null) throw new InterveneError("not_found", `There is no queue ${id}: it was deleted with its study.`);
  return queue;
}

/** An item as a person meets it. @throws InterveneError("not_found") */
export async function itemOf(deps: PageDeps, id: string, personId: string | null): Promise<ItemRow> {
  const item = await findItem(deps.pool, id, personId);
  if (item === null) throw new InterveneError("not_found", `There is no item ${id} in any queue.`);
  return item;
}
