import { armStrips } from "../../core/arm-strips";
import { splitSteps } from "../../core/steps";
import type { AttemptView, ContinuationView } from "../../core/views/attempt";
import { InterveneError } from "../../errors";
import {
  findAttempt,
  findContinuation,
  listLabels,
  listMarks,
  listProposals,
  listVerifications,
  newestGrade,
  verificationText,
} from "../../store/views/attempt-detail";
import { type PageDeps, studyOf } from "./find";

/** The page of one attempt. @throws InterveneError("not_found") */
export async function readAttempt(deps: PageDeps, input: { study: string; attempt: string }): Promise<AttemptView> {
  const study = await studyOf(deps, input.study);
  const row = await findAttempt(deps.pool, study.id, input.attempt);
  if (row === null) throw new InterveneError("not_found", `The study “${study.name}” has no attempt ${input.attempt}.`);
  const [grade, labels, verifications, proposals, marks] = await Promise.all([
    newestGrade(deps.pool, "attempt_id", row.id),
    listLabels(deps.pool, row.id),
    listVerifications(deps.pool, row.id),
    listProposals(deps.pool, row.id),
    listMarks(deps.pool, row.id, row.problemId),
  ]);
  return {
    id: row.id,
    study: { id: row.studyId, name: row.studyName },
    run: { id: row.runId, stage: row.runStage },
    model: row.model,
    problem: {
      id: row.problemId,
      ordinal: row.ordinal,
      key: row.key,
      statement: row.statement,
      answer: row.answer,
      reference: row.reference,
      referenceSource: row.referenceSource,
    },
    sampleIndex: row.sampleIndex,
    seed: row.seed,
    finishReason: row.finishReason,
    tokens: row.tokens,
    steps: splitSteps(row.text),
    reward: row.reward,
    grade,
    labels,
    verifications,
    proposals,
    ...armStrips(marks, proposals),
  };
}

/** One continuation with its text. @throws InterveneError("not_found") */
export async function readContinuation(
  deps: PageDeps,
  input: { study: string; continuation: string },
): Promise<ContinuationView> {
  const study = await studyOf(deps, input.study);
  const row = await findContinuation(deps.pool, study.id, input.continuation);
  if (row === null)
    throw new InterveneError("not_found", `The study “${study.name}” has no continuation ${input.continuation}.`);
  const { text, ...rest } = row;
  return { ...rest, steps: splitSteps(text), grade: await newestGrade(deps.pool, "continuation_id", row.id) };
}

/** The whole output of a verification sample. @throws InterveneError("not_found") */
export async function readVerificationText(
  deps: PageDeps,
  input: { study: string; verification: string },
): Promise<string> {
  const study = await studyOf(deps, input.study);
  const text = await verificationText(deps.pool, study.id, input.verification);
  if (text === null)
    throw new InterveneError("not_found", `The study “${study.name}” has no verification ${input.verification}.`);
  return text;
}
