import { z } from "zod";
import { agreedVote, checkDecision, decisionInputSchema } from "../../core/judging/decision";
import { ACTION_LABEL, type DecisionAction, labelSchema } from "../../core/judging/labels";
import { NOT_AGAIN } from "../../core/judging/not-again";
import { type Shown, visible } from "../../core/judging/visible";
import type { Person } from "../../core/people";
import type { Decided, NextItem } from "../../core/views/judging";
import { InterveneError } from "../../errors";
import {
  type DecidingItem,
  findByClientKey,
  findLast,
  insertSkip,
  insertUndo,
  insertVote,
  listVotesOf,
  markComplete,
  type NewDecision,
  withItem,
} from "../../store/judging/decide";
import { takePlace } from "../../store/judging/reserve";
import type { Deps } from "../deps";
import { retractVersion } from "../../store/judging/versions";
import { flowQueue } from "./flow";
import { nextItem, whyLost } from "./next";
import { readItem } from "./item-view";

type JudgeDeps = Pick<Deps, "pool" | "queue">;

const aheadSchema = {
  /** Reserve the next item in the same answer, other than those that the page has ahead already. */
  next: z.boolean().default(true),
  not: z.array(z.uuid()).max(NOT_AGAIN).default([]),
};

export const decideSchema = decisionInputSchema.extend({
  item: z.uuid(),
  /** Made by the page for this decision: sent twice, it counts once. */
  clientKey: z.uuid(),
  /** Seconds for which the page has shown the item. */
  seconds: z.number().min(0).max(86_400),
  /** What the judge had open. */
  opened: z.array(z.string().max(40)).max(20).default([]),
  ...aheadSchema,
});

export const undoSchema = z.object({
  queue: z.uuid(),
  /** Which one; the newest when absent. */
  decision: z.uuid().optional(),
  clientKey: z.uuid(),
});

/**
 * Keep a decision, and reserve the next item: one round trip. All or nothing; sent again with the same key it is answered the
 * same and counts once.
 *
 * @throws InterveneError("conflict") when it came too late (the place is lost, the item complete, the queue closed), with what
 * changed; ("bad_input") for what the queue does not ask for. The draft stays in either case.
 */
export async function decide(deps: JudgeDeps, input: z.infer<typeof decideSchema> & { person: Person }): Promise<Decided> {
  const { person } = input;
  const kept = await withItem(deps.pool, { itemId: input.item, personId: person.id }, async (tx, item) => {
    const before = await findByClientKey(tx, input.clientKey);
    if (before !== null) return { ...sameDecision(before, input), again: true, queueId: item.queueId, agreed: false };
    refuseLate(item, person);
    if (!item.live && !(await takePlace(tx, item.id, person.id)))
      throw new InterveneError("conflict", lateWords({ ...item, mine: false }));

    const see = visible(item, item, { decided: false });
    const checked = checkDecision(input, {
      schema: labelSchema.parse(item.schema),
      steps: item.steps,
      proposal: see.proposal ? item.proposal : null,
    });
    if (!checked.ok) throw new InterveneError("bad_input", checked.message);
    const shown: Shown = { ...see, afterUndo: item.takenBack, reopened: item.everComplete, opened: input.opened };
    const decision: NewDecision = {
      itemId: item.id,
      personId: person.id,
      content: checked.decision,
      shown,
      // A page's clock may be wrong; it cannot have shown the item for longer than it was reserved.
      seconds: Math.min(input.seconds, item.heldFor ?? input.seconds),
      sampled: item.sampled,
      clientKey: input.clientKey,
    };
    const open = { id: "", state: "open" as const, again: false, queueId: item.queueId, agreed: false };
    if (checked.decision.action === "skip") return { ...open, id: await insertSkip(tx, decision) };
    const { id, decided } = await insertVote(tx, decision);
    if (decided < item.judges) return { ...open, id };
    const agreed = agreedVote(await listVotesOf(tx, item.id));
    await markComplete(tx, item.id, agreed?.id ?? null);
    return { ...open, id, state: "complete" as const, agreed: agreed?.action === "edit" && !item.gold };
  });
  if (kept === null) throw new InterveneError("not_found", whyLost(undefined));
  // Its version is sampled by workers. Should this fail, the next one that agrees takes it along.
  if (kept.agreed) await flowQueue(deps, kept.queueId).catch((error) => console.error("judging: people's versions:", error));
  const next = input.next ? await nextItem(deps, { queue: kept.queueId, not: input.not, person }) : null;
  return { decisionId: kept.id, again: kept.again, item: { id: input.item, state: kept.state }, next };
}

function sameDecision(
  before: { id: string; itemId: string; personId: string; state: DecidingItem["state"] },
  input: { item: string; person: Person },
): { id: string; state: DecidingItem["state"] } {
  if (before.itemId !== input.item || before.personId !== input.person.id)
    throw new InterveneError("conflict", "This decision's key belongs to another decision: the page must make a new one.");
  return before;
}

function refuseLate(item: DecidingItem, person: Person): void {
  if (item.voteId !== null) {
    const at = item.voteAt === null ? "" : ` at ${item.voteAt.toISOString().slice(11, 16)} UTC`;
    const what = ACTION_LABEL[(item.voteAction ?? "accept") as DecisionAction];
    throw new InterveneError(
      "conflict",
      `${person.name} has decided this item already${at} (${what}), perhaps in another tab: take that back first. Your draft is kept.`,
    );
  }
  if (item.closed || item.state !== "open") throw new InterveneError("conflict", lateWords({ ...item, mine: false }));
}

function lateWords(place: { state: string; closed: boolean; mine: boolean; holders: string[] }): string {
  return `${whyLost(place)} Nothing was kept; your draft is.`;
}

/**
 * Take a decision back: a row of its own says so, the item is open again and reserved for its judge, with the decision as
 * the draft.
 * @throws InterveneError("conflict" | "not_found") when there is nothing to take back, or it is too late.
 */
export async function undo(
  deps: JudgeDeps,
  input: z.infer<typeof undoSchema> & { person: Person },
): Promise<{ undone: string; again: boolean; item: NextItem["item"] }> {
  const { person } = input;
  const again = await findByClientKey(deps.pool, input.clientKey);
  if (again !== null && again.personId === person.id && again.action === "undo")
    return { undone: again.id, again: true, item: await readItem(deps, { item: again.itemId, personId: person.id }) };
  const last = await findLast(deps.pool, { queueId: input.queue, personId: person.id, decisionId: input.decision ?? null });
  if (last === null)
    throw new InterveneError(
      "conflict",
      input.decision === undefined
        ? "There is nothing to take back: you have decided nothing in this queue that stands."
        : "This decision was taken back already, or it is not yours.",
    );
  const done = await withItem(deps.pool, { itemId: last.itemId, personId: person.id }, async (tx, item) => {
    // Two tabs: whoever had the lock first has taken it back.
    const now = await findLast(tx, { queueId: input.queue, personId: person.id, decisionId: last.id });
    if (now === null) throw new InterveneError("conflict", "This decision was taken back already, in another tab.");
    if (item.closed) throw new InterveneError("conflict", "The queue was closed: nothing in it can be taken back any more.");
    if (item.state === "settled")
      throw new InterveneError("conflict", "This item was settled meanwhile: what you decided stays beside the settled label.");
    const see = visible(item, item, { decided: last.action !== "skip" });
    const shown: Shown = { ...see, afterUndo: item.takenBack, reopened: item.everComplete, opened: [] };
    const held = await insertUndo(
      tx,
      {
        itemId: item.id,
        personId: person.id,
        content: { action: "undo", reason: "", errorType: "", note: "", firstError: null, content: null, location: null },
        shown,
        seconds: 0,
        sampled: false,
        clientKey: input.clientKey,
      },
      last,
    );
    if (!held) throw new InterveneError("conflict", lateWords({ ...item, mine: false }));
    await retractVersion(tx, { decisionId: last.id });
    return true;
  });
  if (done === null) throw new InterveneError("not_found", whyLost(undefined));
  return { undone: last.id, again: false, item: await readItem(deps, { item: last.itemId, personId: person.id }) };
}
