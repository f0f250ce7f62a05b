import type { Person } from "../../core/people";
import type { Beat, NextItem } from "../../core/views/judging";
import { InterveneError } from "../../errors";
import { countLeft, dropLease, extendLeases, listPlaces, type PlaceRow, reserveNext } from "../../store/judging/reserve";
import type { Deps } from "../deps";
import { queueOf } from "./find";
import { readItem } from "./item-view";

type JudgeDeps = Pick<Deps, "pool">;

/**
 * Reserve the next item for a judge, as they may see it. Items that the page has already (`not`) are passed over, so that it can
 * ask for one ahead.
 * @throws InterveneError("not_found")
 */
export async function nextItem(
  deps: JudgeDeps,
  input: { queue: string; not: readonly string[]; person: Person },
): Promise<NextItem> {
  const { person } = input;
  // Rewritten texts hang on these reads: the reservation first, since it is what may be lost.
  const id = await reserveNext(deps.pool, { queueId: input.queue, personId: person.id, not: input.not });
  const [item, left] = await Promise.all([
    id === null ? null : readItem(deps, { item: id, personId: person.id }),
    countLeft(deps.pool, input.queue, person.id),
  ]);
  if (left === null) {
    await queueOf(deps, input.queue); // says so when it is not there at all
    return { item: null, why: "closed", left: 0 };
  }
  const others = left - input.not.length;
  return { item, why: item !== null ? null : others <= 0 ? "done" : "taken", left };
}

/** A page's sign of life for the items that it shows or has ahead. */
export async function beat(deps: JudgeDeps, input: { items: readonly string[]; person: Person }): Promise<Beat> {
  const held = await extendLeases(deps.pool, input.person.id, input.items);
  const gone = input.items.filter((id) => !held.some((h) => h.item === id));
  if (gone.length === 0) return { held, lost: [] };
  const places = await listPlaces(deps.pool, input.person.id, gone);
  const why = (id: string) => whyLost(places.find((p) => p.item === id));
  return { held, lost: gone.map((item) => ({ item, why: why(item) })) };
}

/** Give an item back; others may have it at once. What was begun stays in its draft. */
export async function releaseItem(deps: JudgeDeps, input: { item: string; person: Person }): Promise<null> {
  await dropLease(deps.pool, input.person.id, input.item);
  return null;
}

/** Reserve one certain item (again), for instance one whose reservation ran out. @throws InterveneError("conflict") that says who has it. */
export async function holdItem(deps: JudgeDeps, input: { item: string; person: Person }): Promise<NextItem["item"]> {
  const { held, lost } = await beat(deps, { items: [input.item], person: input.person });
  if (held.length === 0) throw new InterveneError("conflict", lost[0]?.why ?? whyLost(undefined));
  return readItem(deps, { item: input.item, personId: input.person.id });
}

/** What became of a place on an item, for people. */
export function whyLost(place: Omit<PlaceRow, "item"> | undefined): string {
  if (place === undefined) return "This item is gone: its study was deleted.";
  if (place.mine) return "You have decided this item already, perhaps in another tab.";
  if (place.closed) return "The queue was closed meanwhile.";
  if (place.state !== "open") return "Your reservation had run out, and others have given all the votes that this item needs.";
  if (place.holders.length > 0)
    return `Your reservation had run out, and ${place.holders.join(" and ")} ${place.holders.length === 1 ? "has" : "have"} the item now.`;
  return "Your reservation had run out.";
}
