import { v7 as uuid } from "uuid";
import { chooseProposal } from "../../core/choose";
import { canSample, isProblemArm } from "../../core/hint-arms";
import { answerLeak } from "../../core/leakage";
import { sampleSeed } from "../../core/seeds";
import type { IntSettings } from "../../core/settings";
import { guidedAttempt, splitSteps } from "../../core/steps";
import { parseVerification } from "../../core/verification";
import { parseCritique } from "../../core/verifying/critique";
import { readAttempt, readCandidates, readMadeSamples } from "../../store/read/stage-input";
import { copyRows, insertRows } from "../../store/write/copy";
import type { NewItem } from "../../store/write/items";
import { markChosen } from "../../store/write/stage-marks";
import { PROPOSALS, type ProposalRow, VERIFICATIONS, type VerificationRow } from "../../store/write/stage-rows";
import { converse, fieldsOf } from "./converse";
import { found } from "./found";
import { sampleMissing } from "./sample";
import type { StageContext, StageResult } from "./stage";

/**
 * Target: a failed attempt. Samples verifications of it and parses them; when all are there, one proposal is chosen
 * and the arms of continuations that hang on it are to be sampled.
 */
export async function verify(ctx: StageContext<IntSettings>): Promise<StageResult> {
  const { item, settings } = ctx;
  const { sampling, template, samples: count } = settings.verify;
  const attempt = found(await readAttempt(ctx.pool, item.targetId), "attempt", item.targetId);
  const { problem } = attempt;
  const key = [problem.key, attempt.sampleIndex] as const;
  const what = `The verification prompt of attempt ${attempt.sampleIndex + 1} of problem ${problem.key}`;
  const messages = await converse(ctx, {
    template,
    fields: fieldsOf(template, problem, attempt.text),
    sampling,
    turnSeed: (turn) => sampleSeed(settings.seed, "verify", "turn", turn, ...key),
    what,
  });
  const { samples, error } = await sampleMissing(ctx, {
    messages,
    answerSoFar: "",
    sampling,
    seed: sampleSeed(settings.seed, "verify", ...key),
    count,
    made: await readMadeSamples(ctx.pool, { table: "verification", runId: item.runId, targetId: attempt.id }),
    what,
  });

  const { chat } = await ctx.models.get(ctx.item.servedName);
  const steps = splitSteps(attempt.text).length;
  const parse = template.reply === "boxed_step" ? parseCritique : parseVerification;
  const verifications: VerificationRow[] = [];
  const proposals: ProposalRow[] = [];
  for (const s of samples) {
    const parsed = parse(s.text, { steps, finishReason: s.finishReason });
    const id = uuid();
    const owner = { runId: item.runId, attemptId: attempt.id, sampleIndex: s.index };
    verifications.push({
      ...owner,
      id,
      seed: s.seed,
      text: s.text,
      verdicts: parsed.verdicts,
      firstError: parsed.firstError,
      outcome: parsed.outcome,
      parseNote: parsed.note,
      finishReason: s.finishReason,
      tokens: s.tokens,
    });
    if (!parsed.proposal) continue;
    const leak = answerLeak(parsed.proposal.content, problem.answer);
    proposals.push({
      ...owner,
      ...parsed.proposal,
      id: uuid(),
      verificationId: id,
      leakEquivalent: leak.equivalent,
      leakSubstring: leak.substring,
      // As it stands in the guided attempt, by itself.
      tokens: (await chat.encode(guidedAttempt([], parsed.proposal.content, 1))).length,
    });
  }

  return {
    error,
    rows: async (tx) => {
      const made = await copyRows(tx, VERIFICATIONS, verifications);
      await insertRows(tx, PROPOSALS, proposals);
      return made.length;
    },
    next: async (tx) => {
      // A verification of its own (recipe "verify") may end here: then nothing is chosen to go on.
      const continueRun: string | undefined = item.runs.continue;
      if (!continueRun) return [];
      const candidates = await readCandidates(tx, item.runId, attempt.id);
      const index = chooseProposal(candidates);
      const chosen = candidates.find((c) => c.sampleIndex === index);
      if (!chosen || !(await markChosen(tx, chosen.id))) return [];
      const arms = settings.continuation.arms.filter((arm) => !isProblemArm(arm) && canSample(arm, settings, problem));
      return arms.map(
        (arm): NewItem => ({
          runId: continueRun,
          stage: "continue",
          arm,
          targetId: chosen.id,
          units: settings.continuation.samples,
        }),
      );
    },
  };
}
