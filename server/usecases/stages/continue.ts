import { v7 as uuid } from "uuid";
import { ARMS, type Arm } from "../../core/arms";
import { branchText, wholeText } from "../../core/branch";
import { GRADER_VERSION } from "../../core/grading/grade";
import { hasHint, hintFor, isProblemArm } from "../../core/hint-arms";
import type { PromptTemplate } from "../../core/prompts/template";
import { sampleSeed } from "../../core/seeds";
import type { IntSettings } from "../../core/settings";
import { splitSteps } from "../../core/steps";
import { InterveneError } from "../../errors";
import { type ProblemText, readMadeSamples, readProblem, readProposal } from "../../store/read/stage-input";
import { copyRows, insertRows } from "../../store/write/copy";
import { CONTINUATIONS, type ContinuationRow, GRADES, type GradeRow } from "../../store/write/stage-rows";
import { gradeAnswer } from "../grading/grade";
import { converse, fieldsOf } from "./converse";
import { found } from "./found";
import { sampleMissing } from "./sample";
import type { StageContext, StageResult } from "./stage";

/** Where an arm goes on from. */
interface Branch {
  problem: ProblemText;
  attemptId: string | null;
  proposalId: string | null;
  /** The unfinished answer. */
  prefix: string;
  /** What its samples' seeds derive from, besides the arm. */
  key: (string | number)[];
}

/**
 * Target: a problem (arms "problem" and "hint") or a chosen proposal (the other arms). Samples continuations and grades them on the
 * spot. When those from an intervention are there, its proposal is to be judged.
 */
export async function continueFrom(ctx: StageContext<IntSettings>): Promise<StageResult> {
  const { item, settings } = ctx;
  const arm = armOf(item.arm);
  const { sampling } = settings.continuation;
  const { problem, attemptId, proposalId, prefix, key } = await branchOf(ctx, arm);
  const { template, hint } = promptOf(settings, arm, problem);
  const what = `The prompt of arm "${arm}" of problem ${problem.key}`;
  const messages = await converse(ctx, {
    template,
    fields: { ...fieldsOf(template, problem), ...hint },
    sampling,
    turnSeed: (turn) => sampleSeed(settings.seed, "rollout", "turn", turn, problem.key),
    what,
  });
  const { samples, error } = await sampleMissing(ctx, {
    messages,
    answerSoFar: prefix,
    sampling,
    seed: sampleSeed(settings.seed, "continue", arm, ...key),
    count: item.units,
    made: await readMadeSamples(ctx.pool, { table: "continuation", runId: item.runId, targetId: item.targetId, arm }),
    what,
  });

  const continuations: ContinuationRow[] = [];
  const grades: GradeRow[] = [];
  for (const s of samples) {
    const g = await gradeAnswer(wholeText(prefix, s.text), problem.answer, {
      bareAnswers: settings.bareAnswers,
      finishReason: s.finishReason,
    });
    const id = uuid();
    continuations.push({
      id,
      runId: item.runId,
      problemId: problem.id,
      attemptId,
      proposalId,
      arm,
      targetId: item.targetId,
      sampleIndex: s.index,
      seed: s.seed,
      text: s.text,
      finishReason: s.finishReason,
      tokens: s.tokens,
      outcome: g.outcome,
      reward: g.reward,
    });
    grades.push({
      id: uuid(),
      attemptId: null,
      continuationId: id,
      graderVersion: GRADER_VERSION,
      reward: g.reward,
      extracted: g.extracted,
      reason: g.reason,
    });
  }

  return {
    error,
    rows: async (tx) => {
      const made = await copyRows(tx, CONTINUATIONS, continuations);
      await insertRows(tx, GRADES, grades);
      return made.length;
    },
    next: async () =>
      arm === "intervention"
        ? [{ runId: item.runs.keep, stage: "keep", arm: "", targetId: item.targetId, units: 1 }]
        : [],
  };
}

/** The user turn of an arm: the problem as it was sampled, or with a leading part of its reference. */
function promptOf(
  settings: IntSettings,
  arm: Arm,
  problem: ProblemText,
): { template: PromptTemplate; hint: { hint: string } | null } {
  if (!hasHint(arm)) return { template: settings.rollout.template, hint: null };
  const hint = hintFor(settings, problem.reference);
  if (hint === null || !settings.continuation.hint)
    throw new InterveneError(
      "bad_input",
      `The arm "${arm}" of problem ${problem.key} needs a hint, and its reference solution gives none.`,
    );
  return { template: settings.continuation.hint.template, hint: { hint } };
}

async function branchOf(ctx: Pick<StageContext, "pool" | "item">, arm: Arm): Promise<Branch> {
  const { targetId } = ctx.item;
  if (isProblemArm(arm)) {
    const problem = found(await readProblem(ctx.pool, targetId), "problem", targetId);
    return { problem, attemptId: null, proposalId: null, prefix: "", key: [problem.key] };
  }
  const proposal = found(await readProposal(ctx.pool, targetId), "proposal", targetId);
  const { attempt, content, location } = proposal;
  return {
    problem: attempt.problem,
    attemptId: attempt.id,
    proposalId: proposal.id,
    prefix: branchText(arm, { steps: splitSteps(attempt.text), content, location }),
    key: [attempt.problem.key, attempt.sampleIndex, proposal.sampleIndex],
  };
}

function armOf(text: string): Arm {
  const arm = ARMS.find((a) => a === text);
  if (!arm) throw new Error(`there is no arm "${text}"`);
  return arm;
}
