import { ARMS } from "../../core/arms";
import type { AttemptDetailShape, AttemptShape } from "../../core/programs/shapes";
import { wilsonInterval } from "../../core/statistics/intervals";
import { splitSteps } from "../../core/steps";
import type { AttemptQuery, AttemptRow } from "../../core/views/attempts";
import { InterveneError } from "../../errors";
import { attemptTexts, gradesOf, proposalsOf, verificationsOf } from "../../store/programs/attempts";
import { findAttempt, listLabels, listMarks } from "../../store/views/attempt-detail";
import { listAttempts } from "../../store/views/attempt-list";
import { type PageDeps, studyOf } from "../pages/find";
import type { ListAt, ListPage } from "./page";

/** 0 or 1; what the table holds otherwise does not exist. */
const rewardOf = (n: number | null): 0 | 1 | null => (n === null ? null : n === 1 ? 1 : 0);

/** A page of the attempts table, by its own filters and sorts. @throws InterveneError("not_found") */
export async function pageOfAttempts(
  deps: PageDeps,
  study: string,
  query: AttemptQuery,
  texts: boolean,
  at: ListAt,
): Promise<ListPage<AttemptShape>> {
  const { id } = await studyOf(deps, study);
  const page = await listAttempts(deps.pool, id, query, at.after, at.limit);
  const rows = page.rows.map(shapeOf);
  if (texts) {
    const byId = await attemptTexts(deps.pool, rows.map((r) => r.id));
    for (const row of rows) row.text = byId.get(row.id) ?? "";
  }
  return { rows, next: page.next };
}

function shapeOf(a: AttemptRow): AttemptShape {
  return {
    id: a.id,
    problem_id: a.problemId,
    problem_ordinal: a.problemOrdinal,
    sample_index: a.sampleIndex,
    model: a.model,
    reward: rewardOf(a.reward),
    steps: a.steps,
    tokens: a.tokens,
    finish_reason: a.finishReason,
    first_error: a.firstError,
    verifications: a.verifications,
    agreeing: a.agreeing,
    label: a.label,
    proposal: a.proposal,
    arms: a.arms,
  };
}

/** One attempt with everything that hangs on it. @throws InterveneError("not_found") */
export async function getAttempt(deps: PageDeps, study: string, attempt: string): Promise<AttemptDetailShape> {
  const { id: studyId, name } = await studyOf(deps, study);
  const row = await findAttempt(deps.pool, studyId, attempt);
  if (row === null) throw new InterveneError("not_found", `The study “${name}” has no attempt ${attempt}.`);
  const [grades, labels, verifications, proposals, marks] = await Promise.all([
    gradesOf(deps.pool, row.id),
    listLabels(deps.pool, row.id),
    verificationsOf(deps.pool, row.id),
    proposalsOf(deps.pool, row.id),
    listMarks(deps.pool, row.id, row.problemId),
  ]);
  const arms = ARMS.flatMap((arm) => {
    const mine = marks.filter((m) => m.arm === arm);
    if (mine.length === 0) return [];
    const correct = mine.filter((m) => m.outcome === "success").length;
    return [{ arm, samples: mine.length, correct, rate: wilsonInterval(correct, mine.length) }];
  });
  return {
    id: row.id,
    run_id: row.runId,
    stage: row.runStage,
    model: row.model,
    problem: {
      id: row.problemId,
      key: row.key,
      ordinal: row.ordinal,
      statement: row.statement,
      answer: row.answer,
      reference: row.reference,
    },
    sample_index: row.sampleIndex,
    seed: row.seed,
    finish_reason: row.finishReason,
    tokens: row.tokens,
    reward: rewardOf(row.reward),
    text: row.text,
    steps: splitSteps(row.text),
    grades,
    labels: labels.map((l) => ({ source: l.source, first_error: l.firstError })),
    verifications,
    proposals,
    arms,
  };
}
