import { ARMS } from "../../core/arms";
import { visible } from "../../core/judging/visible";
import { wilsonInterval } from "../../core/statistics/intervals";
import { splitSteps } from "../../core/steps";
import type { ArmStrip, ContinuationMark } from "../../core/views/attempt";
import type { DecisionView, ItemOutcomes, ItemView } from "../../core/views/judging";
import { findDraft } from "../../store/judging/drafts";
import {
  findEnd,
  findGold,
  findProposal,
  type ItemRow,
  listDecisions,
  listHolders,
  listSettlements,
  listStepCounts,
} from "../../store/judging/items";
import { listLabels, listMarks, listVerifications, newestGrade } from "../../store/views/attempt-detail";
import type { PageDeps } from "../pages/find";
import { itemOf } from "./find";

/** One item as a person may see it. @throws InterveneError("not_found") */
export async function readItem(deps: PageDeps, input: { item: string; personId: string | null }): Promise<ItemView> {
  return viewItem(deps, await itemOf(deps, input.item, input.personId), input.personId);
}

/** What may not be seen is not even read. */
export async function viewItem({ pool }: PageDeps, row: ItemRow, personId: string | null): Promise<ItemView> {
  const see = visible(row, row, row);
  const [decisions, holders, proposal, verifications, outcomes, gold, settlements, draft] = await Promise.all([
    listDecisions(pool, row.id, see.decisions ? undefined : (personId ?? NOBODY)),
    listHolders(pool, row.id, personId),
    see.proposal && row.proposalId !== null ? findProposal(pool, row.proposalId) : null,
    see.proposal ? listVerifications(pool, row.attemptId) : null,
    see.outcomes ? readOutcomes(pool, row) : null,
    see.gold ? findGold(pool, row.id) : null,
    see.decisions ? listSettlements(pool, row.id) : [],
    personId === null ? null : findDraft(pool, row.id, personId),
  ]);
  const votes = decisions.filter((d) => d.counts);
  return {
    id: row.id,
    queueId: row.queueId,
    number: row.number,
    state: row.state,
    problem: { statement: row.statement, answer: row.answer, reference: row.reference },
    steps: splitSteps(row.text),
    visible: see,
    hasProposal: row.proposalId !== null,
    proposal: proposal && withoutKept(proposal),
    verifications,
    outcomes,
    others: see.decisions ? votes.filter((d) => d.person.id !== personId) : null,
    mine: votes.find((d) => d.person.id === personId) ?? null,
    gold,
    settlement: settlements.at(-1) ?? null,
    lease: row.lease,
    holders,
    draft,
  };
}

/** No person has this id, so nobody's decisions are found. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

function withoutKept<P extends { kept: boolean | null }>({ kept: _, ...proposal }: P): Omit<P, "kept"> {
  return proposal;
}

async function readOutcomes(pool: PageDeps["pool"], row: ItemRow): Promise<ItemOutcomes> {
  const [end, grade, labels, marks, values, proposal] = await Promise.all([
    findEnd(pool, row.attemptId),
    newestGrade(pool, "attempt_id", row.attemptId),
    listLabels(pool, row.attemptId),
    listMarks(pool, row.attemptId, row.problemId),
    listStepCounts(pool, row.attemptId),
    row.proposalId === null ? null : findProposal(pool, row.proposalId),
  ]);
  // Continuations of another proposal of the attempt are not this item's outcomes.
  const own = marks.filter((m) => m.proposalId === null || m.proposalId === row.proposalId);
  return {
    ...end,
    grade: grade && { extracted: grade.extracted, reason: grade.reason },
    labels,
    kept: proposal?.kept ?? null,
    strips: strips(own),
    values,
  };
}

function strips(marks: readonly ContinuationMark[]): ArmStrip[] {
  return ARMS.flatMap((arm) => {
    const mine = marks.filter((m) => m.arm === arm);
    if (mine.length === 0) return [];
    const correct = mine.filter((m) => m.outcome === "success").length;
    return [{ arm, marks: mine, correct, rate: wilsonInterval(correct, mine.length) }];
  });
}

/** Votes alone, in the order in which they were given. */
export function votesOf(decisions: readonly DecisionView[]): DecisionView[] {
  return decisions.filter((d) => d.counts);
}
