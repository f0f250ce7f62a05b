import { v7 as uuid } from "uuid";
import { wholeText } from "../../core/branch";
import { type BranchSettings, branchPrefix } from "../../core/branching/point";
import { GRADER_VERSION } from "../../core/grading/grade";
import { sampleSeed } from "../../core/seeds";
import { splitSteps } from "../../core/steps";
import type { Sample, SampleDelta } from "../../inference/types";
import { type BranchInput, readBranch, readMadeBranchSamples } from "../../store/read/branch";
import type { BranchSampleRow } from "../../store/write/branch-rows";
import { gradeAnswer } from "../grading/grade";
import { converse, fieldsOf } from "./converse";
import { found } from "./found";
import { type SampleWatcher, sampleMissing } from "./sample";
import type { StageContext } from "./stage";

/** Somebody looks at the branch: told of every piece, and of every sample as soon as it has ended and is graded. */
export interface BranchWatcher {
  delta: (delta: SampleDelta) => void;
  graded: (row: BranchSampleRow) => Promise<void>;
}

/**
 * The missing samples of a branch, graded.
 * @param watch makes the watcher of a branch that somebody looks at: its request then goes before those of runs, and is
 * streamed.
 */
export async function sampleBranch(
  ctx: StageContext<BranchSettings>,
  watch?: (branch: BranchInput) => Promise<BranchWatcher>,
): Promise<{ branch: BranchInput; rows: BranchSampleRow[]; error?: unknown }> {
  const { settings } = ctx;
  const branch = found(await readBranch(ctx.pool, ctx.item.targetId), "branch", ctx.item.targetId);
  const { problem, attempt, kind, step, content, purpose } = branch;
  const prefix = branchPrefix(splitSteps(attempt.text), branch);
  const base = sampleSeed(
    branch.seed,
    purpose === "value" ? "value" : "branch",
    kind,
    problem.key,
    attempt.sampleIndex,
    step,
    content,
  );
  const after = kind === "continue" ? step : step - 1;
  const what = `The prompt after step ${after} of attempt ${attempt.sampleIndex + 1} of problem ${problem.key}`;
  const messages = await converse(ctx, {
    template: settings.template,
    fields: fieldsOf(settings.template, problem),
    sampling: settings.sampling,
    turnSeed: (turn) => sampleSeed(branch.seed, "branch", "turn", turn, problem.key),
    what,
  });
  const rowOf = async (s: Pick<Sample, "index" | "text" | "tokens" | "finishReason">): Promise<BranchSampleRow> => {
    const g = await gradeAnswer(wholeText(prefix, s.text), problem.answer, {
      bareAnswers: settings.bareAnswers,
      finishReason: s.finishReason,
    });
    return {
      id: uuid(),
      branchId: branch.id,
      sampleIndex: s.index,
      seed: base + s.index,
      text: s.text,
      finishReason: s.finishReason,
      tokens: s.tokens,
      outcome: g.outcome,
      reward: g.reward,
      extracted: g.extracted,
      reason: g.reason,
      graderVersion: GRADER_VERSION,
    };
  };

  const watcher = await watch?.(branch);
  const early: Promise<void>[] = [];
  const { samples, error } = await sampleMissing(ctx, {
    messages,
    answerSoFar: prefix,
    sampling: settings.sampling,
    seed: base,
    count: branch.samples,
    made: await readMadeBranchSamples(ctx.pool, branch.id),
    what,
    ...(watcher ? { watcher: graded(watcher, rowOf, early) } : {}),
  });
  await Promise.all(early);
  return { branch, rows: await Promise.all(samples.map(rowOf)), ...(error === undefined ? {} : { error }) };
}

/** Grades each sample as it ends. What fails here is made again at the end, where it counts. */
function graded(
  watcher: BranchWatcher,
  rowOf: (s: Pick<Sample, "index" | "text" | "tokens" | "finishReason">) => Promise<BranchSampleRow>,
  early: Promise<void>[],
): SampleWatcher {
  return {
    delta: watcher.delta,
    ended: (index, sample) =>
      early.push(
        rowOf({ index, ...sample })
          .then(watcher.graded)
          .catch(() => {}),
      ),
  };
}
