import type { ContinuationShape, DecisionShape, ProposalShape } from "../../core/programs/shapes";
import { guidedAttempt, joinSteps, splitSteps } from "../../core/steps";
import {
  type ContinuationWhere,
  continuationsAfter,
  type DecisionWhere,
  decisionsAfter,
  type ProposalWhere,
  proposalsAfter,
} from "../../store/programs/interventions";
import { type PageDeps, studyOf } from "../pages/find";
import { type ListAt, type ListPage, pageById } from "./page";

/** Interventions with their problems; `texts` adds the attempt, the steps that stay, and both together. */
export async function listProposals(
  deps: PageDeps,
  study: string,
  where: ProposalWhere,
  texts: boolean,
  at: ListAt,
): Promise<ListPage<ProposalShape>> {
  const { id } = await studyOf(deps, study);
  return pageById(at, async (after, limit) => {
    const rows = await proposalsAfter(deps.pool, id, where, texts, after, limit);
    if (!texts) return rows;
    return rows.map((row) => {
      const steps = splitSteps(row.attempt ?? "");
      return {
        ...row,
        prefix: joinSteps(steps.slice(0, row.location - 1)),
        guided_attempt: guidedAttempt(steps, row.content, row.location),
      };
    });
  });
}

export async function listDecisions(
  deps: PageDeps,
  study: string,
  where: DecisionWhere,
  at: ListAt,
): Promise<ListPage<DecisionShape>> {
  const { id } = await studyOf(deps, study);
  return pageById(at, (after, limit) => decisionsAfter(deps.pool, id, where, after, limit));
}

export async function listContinuations(
  deps: PageDeps,
  study: string,
  where: ContinuationWhere,
  texts: boolean,
  at: ListAt,
): Promise<ListPage<ContinuationShape>> {
  const { id } = await studyOf(deps, study);
  return pageById(at, (after, limit) => continuationsAfter(deps.pool, id, where, texts, after, limit));
}
