import { z } from "zod";
import { checkDecision, type DecisionContent, decisionInputSchema } from "../../core/judging/decision";
import { labelSchema, SETTLE_ACTIONS, VOTE_ACTIONS } from "../../core/judging/labels";
import type { Person } from "../../core/people";
import { splitSteps } from "../../core/steps";
import type { DifferencePage, DifferenceView } from "../../core/views/judging";
import { InterveneError } from "../../errors";
import { findProposal, listDecisions, listSettlements } from "../../store/judging/items";
import { countDiffering, insertSettlement, listDiffering } from "../../store/judging/settle";
import { retractVersion } from "../../store/judging/versions";
import { inTransaction } from "../../store/transaction";
import type { Deps } from "../deps";
import type { PageDeps } from "../pages/find";
import { itemOf, queueOf } from "./find";
import { flowQueue } from "./flow";
import { viewItem, votesOf } from "./item-view";

const PAGE = 10;

/** Items on which judges differ (or that somebody flagged), side by side. @throws InterveneError("not_found") */
export async function listDifferences(
  deps: PageDeps,
  input: { queue: string; which: "open" | "settled"; after: number; person: Person | null },
): Promise<DifferencePage> {
  const queue = await queueOf(deps, input.queue);
  const [ids, counts] = await Promise.all([
    listDiffering(deps.pool, { queueId: queue.id, which: input.which, after: input.after, limit: PAGE + 1 }),
    countDiffering(deps.pool, queue.id),
  ]);
  const shown = ids.slice(0, PAGE);
  const rows = await Promise.all(shown.map(({ id }) => readDifference(deps, { item: id, person: input.person })));
  return { rows, next: ids.length > PAGE ? (shown.at(-1)?.number ?? null) : null, ...counts };
}

/** One of them. Such items have all of their votes, so nothing about them is hidden any more. */
export async function readDifference(deps: PageDeps, input: { item: string; person: Person | null }): Promise<DifferenceView> {
  const personId = input.person?.id ?? null;
  const row = await itemOf(deps, input.item, personId);
  const item = await viewItem(deps, row, personId);
  if (!item.visible.decisions) return { item, votes: [], settlement: null };
  const [decisions, settlements] = await Promise.all([listDecisions(deps.pool, row.id), listSettlements(deps.pool, row.id)]);
  return { item, votes: votesOf(decisions), settlement: settlements.at(-1) ?? null };
}

export const settleSchema = z.discriminatedUnion("by", [
  /** Follow a judge's vote. */
  z.object({ by: z.literal("vote"), item: z.uuid(), decision: z.uuid(), note: z.string().max(4000).default(""), replaces: z.uuid().nullable() }),
  /** A label of its own. */
  decisionInputSchema
    .omit({ action: true })
    .extend({ by: z.literal("own"), item: z.uuid(), action: z.enum(SETTLE_ACTIONS), replaces: z.uuid().nullable() }),
]);

/**
 * Settle an item on one label, kept apart from its votes. `replaces` names the settlement that the page shows (null: none).
 * @throws InterveneError("conflict") when the item is open, or somebody has settled it meanwhile.
 */
export async function settle(
  deps: Pick<Deps, "pool" | "queue">,
  input: z.infer<typeof settleSchema> & { person: Person },
): Promise<{ id: string; next: DifferenceView | null; open: number }> {
  const row = await itemOf(deps, input.item, input.person.id);
  const queue = await queueOf(deps, row.queueId);
  const before = await listDecisions(deps.pool, row.id);
  let content: DecisionContent;
  let decisionId: string | null = null;
  if (input.by === "vote") {
    const vote = before.find((d) => d.id === input.decision && d.counts);
    if (vote === undefined) throw new InterveneError("conflict", "This vote was taken back meanwhile: read the item again.");
    if (vote.action === "flag") throw new InterveneError("bad_input", "A flag says that something is wrong; settle on a label.");
    decisionId = vote.id;
    const { action, reason, errorType, firstError, location } = vote;
    content = { action, reason, errorType, firstError, location, content: vote.content, note: input.note.trim() };
  } else {
    const proposal = row.proposalId === null ? null : await findProposal(deps.pool, row.proposalId);
    const schema = labelSchema.parse(queue.schema);
    const checked = checkDecision(input, {
      // Whoever settles is not bound to what judges may say, only to its reasons and kinds of errors.
      schema: { ...schema, actions: [...VOTE_ACTIONS] },
      steps: splitSteps(row.text).length,
      proposal,
    });
    if (!checked.ok) throw new InterveneError("bad_input", checked.message);
    content = checked.decision;
  }
  const made = await insertSettlement(deps.pool, {
    itemId: row.id,
    personId: input.person.id,
    replaces: input.replaces,
    decisionId,
    content,
  });
  if ("refused" in made) {
    if (made.refused === "gone") throw new InterveneError("not_found", "This item is gone: its study was deleted.");
    if (made.refused === "open")
      throw new InterveneError("conflict", "This item is open again: a vote was taken back. It can be settled when it has all of its votes.");
    throw new InterveneError(
      "conflict",
      made.by === "" ? "The settlement that you saw is gone." : `${made.by} has settled this item meanwhile (${made.action}): look at it before you settle it otherwise.`,
    );
  }
  // What stood before stands no more, unless it is the very version that is followed.
  await inTransaction(deps.pool, async (tx) => {
    for (const old of before) if (old.id !== decisionId) await retractVersion(tx, { decisionId: old.id });
    if (input.replaces !== null) await retractVersion(tx, { decisionId: null, settlementId: input.replaces });
  });
  if (content.action === "edit") await flowQueue(deps, queue.id);
  const [[next], counts] = await Promise.all([
    listDiffering(deps.pool, { queueId: queue.id, which: "open", after: 0, limit: 1 }),
    countDiffering(deps.pool, queue.id),
  ]);
  return {
    id: made.id,
    next: next === undefined ? null : await readDifference(deps, { item: next.id, person: input.person }),
    open: counts.open,
  };
}
