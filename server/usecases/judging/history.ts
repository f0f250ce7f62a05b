import type { Person } from "../../core/people";
import type { DecisionLine, ItemHistory } from "../../core/views/judging";
import { listDecisions, listMine, listSettlements } from "../../store/judging/items";
import type { PageDeps } from "../pages/find";
import { itemOf, queueOf } from "./find";
import { viewItem } from "./item-view";

/** Everything that happened to an item, oldest first, as far as the person may see it. @throws InterveneError("not_found") */
export async function readHistory(deps: PageDeps, input: { item: string; person: Person | null }): Promise<ItemHistory> {
  const personId = input.person?.id ?? null;
  const row = await itemOf(deps, input.item, personId);
  const item = await viewItem(deps, row, personId);
  const all = item.visible.decisions;
  const [decisions, settlements] = await Promise.all([
    all ? listDecisions(deps.pool, row.id) : personId === null ? [] : listDecisions(deps.pool, row.id, personId),
    all ? listSettlements(deps.pool, row.id) : [],
  ]);
  const undone = new Set(decisions.flatMap((d) => d.undoesId ?? []));
  const events: ItemHistory["events"] = [
    ...decisions.map((decision) => ({ kind: "decision" as const, decision, undone: undone.has(decision.id) })),
    ...settlements.map((settlement, i) => ({
      kind: "settlement" as const,
      settlement,
      replaced: i < settlements.length - 1,
    })),
  ];
  const at = (e: ItemHistory["events"][number]) => (e.kind === "decision" ? e.decision : e.settlement).createdAt.getTime();
  return { item, events: events.sort((a, b) => at(a) - at(b)), hidden: !all };
}

/** A person's own decisions in a queue, newest first. @throws InterveneError("not_found") */
export async function readMine(
  deps: PageDeps,
  input: { queue: string; person: Person; limit: number },
): Promise<DecisionLine[]> {
  const queue = await queueOf(deps, input.queue);
  return listMine(deps.pool, { queueId: queue.id, personId: input.person.id, limit: input.limit });
}
