import { v7 as uuid } from "uuid";
import { z } from "zod";
import { BRANCH_KINDS, type BranchSettings, branchPrefix, MOST_SAMPLES } from "../core/branching/point";
import { splitSteps } from "../core/steps";
import { InterveneError } from "../errors";
import { inTransaction } from "../store/transaction";
import { insertBranches } from "../store/write/branch-rows";
import { createTaskIn } from "../store/write/create-task";
import type { Deps } from "./deps";
import { modelOf, samplingOfAttempt } from "./sampling-of-attempt";

/** What a person chooses of a branch. */
export const branchChoiceSchema = z.object({
  kind: z.enum(BRANCH_KINDS),
  step: z.number().int().min(0).max(100_000),
  /** What stands in place of the step; left out for continue. */
  content: z.string().max(200_000).default(""),
  samples: z.number().int().min(1).max(MOST_SAMPLES),
  seed: z.number().int().min(0).max(2_147_483_647),
  /** Not set: as the attempt's run samples. */
  temperature: z.number().min(0).max(5).optional(),
  topP: z.number().gt(0).max(1).optional(),
  maxTokens: z.number().int().positive().max(1_000_000).optional(),
  /** Name or id of a model of the study; not set: the attempt's own. */
  model: z.string().optional(),
});
export type BranchChoice = z.infer<typeof branchChoiceSchema>;

export interface StartBranch extends Omit<BranchChoice, "content"> {
  /** Name or id. */
  study: string;
  attempt: string;
  content?: string;
  purpose: "manual" | "judge";
  /** Who asks; null: nobody who gave a name. */
  personId: string | null;
  /** Shown to its author alone (a judge's, while the queue is blind). */
  hidden?: boolean;
}

export interface StartedBranch {
  branchId: string;
  pipelineId: string;
  runId: string;
}

/**
 * Sample from a point of an attempt: the branch, its task and its job in one transaction. A worker samples it; the page
 * sees it token by token (server/usecases/branch-stream.ts). The samples stand apart from the run's own rows.
 * @throws InterveneError("not_found" | "bad_input") that says what is missing.
 */
export async function startBranch(deps: Pick<Deps, "pool" | "queue">, o: StartBranch): Promise<StartedBranch> {
  const choice = branchChoiceSchema.safeParse({ ...o, content: o.kind === "replace" ? o.content : "" });
  if (!choice.success) {
    const what = choice.error.issues.map((i) => `${i.path.join(".")} ${i.message}`).join("; ");
    throw new InterveneError("bad_input", `This branch cannot be sampled: ${what}.`);
  }
  if (o.hidden && o.personId === null)
    throw new InterveneError("bad_input", "A branch that only its author sees needs an author: choose a name first.");
  const { kind, step, content, samples, seed, temperature } = choice.data;
  // vLLM refuses it, and rightly.
  if (temperature !== undefined && temperature < 1e-5 && samples > 1)
    throw new InterveneError("bad_input", "At temperature 0 every sample is the same: ask for one.");
  const at = await samplingOfAttempt(deps.pool, { study: o.study, attempt: o.attempt, model: o.model });
  const model = modelOf(at);
  checkPoint(at.attempt.text, { kind, step, content });
  const settings: BranchSettings = {
    ...at.settings,
    sampling: {
      ...at.settings.sampling,
      ...(o.temperature === undefined ? {} : { temperature: o.temperature }),
      ...(o.topP === undefined ? {} : { topP: o.topP }),
      ...(o.maxTokens === undefined ? {} : { maxTokens: o.maxTokens }),
    },
  };
  const { studyId } = at.attempt;
  const branchId = uuid();
  const task = await inTransaction(deps.pool, (tx) =>
    createTaskIn(tx, deps.queue, { studyId, stage: "branch", settings, modelId: model.id }, async (runId) => {
      await insertBranches(tx, [
        {
          id: branchId,
          studyId,
          runId,
          attemptId: o.attempt,
          personId: o.personId,
          purpose: o.purpose,
          kind,
          step,
          content,
          samples,
          seed,
          sampling: settings.sampling,
          hidden: o.hidden ?? false,
        },
      ]);
      return [{ targetId: branchId, units: samples }];
    }),
  );
  return { branchId, ...task };
}

function checkPoint(text: string, point: { kind: "continue" | "replace"; step: number; content: string }): void {
  const steps = splitSteps(text);
  if (point.kind === "replace" && point.content.trim() === "")
    throw new InterveneError("bad_input", "Write what should stand in place of the step; to drop it, continue from the step before.");
  try {
    branchPrefix(steps, point);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InterveneError("bad_input", `The attempt has ${steps.length} steps: there is no step ${point.step} to ${point.kind === "replace" ? "replace" : "go on from"}.`, { cause: error });
  }
}
