import type { DecisionInput } from "@/server/core/judging/decision";
import type { ItemView } from "@/server/core/views/judging";
import type { Draft } from "@/components/judging/draft";

/** A decision on its way to the server. Its key makes it count once however often it is sent. */
export interface Outgoing {
  clientKey: string;
  item: string;
  number: number;
  decision: DecisionInput;
  /** What was being written, for the case that the decision is refused. */
  draft: Draft;
  seconds: number;
  opened: string[];
  /** The item as it was shown, to come back to; null after a reload. */
  view: ItemView | null;
}

const prefixOf = (queue: string, person: string) => `intervene-outbox:${queue}:${person}:`;
/** Two tabs must not write over each other's. */
const TAB = Math.random().toString(36).slice(2);

/**
 * Decisions that a lost connection or a closed page has kept from the server, of all tabs. One that another tab is sending
 * itself is sent twice then, and counts once.
 */
export function takeOutbox(queue: string, person: string): Outgoing[] {
  try {
    const prefix = prefixOf(queue, person);
    const keys = Object.keys(localStorage).filter((k) => k.startsWith(prefix));
    const found = keys.flatMap((k): Outgoing[] => {
      const kept: unknown = JSON.parse(localStorage.getItem(k) ?? "[]");
      return Array.isArray(kept) ? kept : [];
    });
    for (const k of keys) localStorage.removeItem(k);
    writeOutbox(queue, person, found);
    return found.map((o) => ({ ...o, view: null }));
  } catch {
    return [];
  }
}

export function writeOutbox(queue: string, person: string, outbox: readonly Outgoing[]): void {
  try {
    const key = prefixOf(queue, person) + TAB;
    if (outbox.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(outbox.map((o) => ({ ...o, view: null }))));
  } catch {
    // Storage may be forbidden or full; the decision is on its way all the same.
  }
}
