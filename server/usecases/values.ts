import { v7 as uuid } from "uuid";
import { z } from "zod";
import { MOST_SAMPLES } from "../core/branching/point";
import { firstPoints, VALUE_PLANS, type ValueSettings } from "../core/branching/values";
import { splitSteps } from "../core/steps";
import { InterveneError } from "../errors";
import { inTransaction } from "../store/transaction";
import { countValueRuns } from "../store/views/values";
import { insertBranches } from "../store/write/branch-rows";
import { createTaskIn } from "../store/write/create-task";
import type { Deps } from "./deps";
import { modelOf, samplingOfAttempt } from "./sampling-of-attempt";

/** What a person chooses of step values. */
export const valueChoiceSchema = z.object({
  plan: z.enum(VALUE_PLANS),
  /** For the plan "every": each k-th step. */
  every: z.number().int().min(1).max(10_000).default(1),
  /** Continuations from each step. */
  samples: z.number().int().min(1).max(MOST_SAMPLES).default(16),
  /** Not set: another one each time, so that values asked for again add to what is there. */
  seed: z.number().int().min(0).max(2_147_483_647).optional(),
  /** Name or id of a model of the study; not set: the attempt's own. */
  model: z.string().optional(),
});

export interface StartValues extends z.input<typeof valueChoiceSchema> {
  /** Name or id. */
  study: string;
  attempt: string;
  /** Who asks; null: nobody who gave a name. */
  personId: string | null;
}

/**
 * Sample V(t) of an attempt: one branch with its item for each step to begin with, in one transaction. Samples stand apart
 * from the run's own rows, with the settings of the attempt's run.
 * @throws InterveneError("not_found" | "bad_input") that says what is missing.
 */
export async function startValues(
  deps: Pick<Deps, "pool" | "queue">,
  o: StartValues,
): Promise<{ pipelineId: string; runId: string; points: number }> {
  const choice = valueChoiceSchema.safeParse(o);
  if (!choice.success) {
    const what = choice.error.issues.map((i) => `${i.path.join(".")} ${i.message}`).join("; ");
    throw new InterveneError("bad_input", `These step values cannot be sampled: ${what}.`);
  }
  const { plan, every, samples } = choice.data;
  const at = await samplingOfAttempt(deps.pool, { study: o.study, attempt: o.attempt, model: o.model });
  const model = modelOf(at);
  const steps = splitSteps(at.attempt.text).length;
  if (steps === 0) throw new InterveneError("bad_input", "The attempt is empty, so it has no steps to value.");
  const seed = choice.data.seed ?? 1 + (await countValueRuns(deps.pool, o.attempt));
  const settings: ValueSettings = { ...at.settings, samples, seed, plan, every };
  const { studyId } = at.attempt;
  const points = firstPoints(steps, plan, every);
  const branches = points.map((step) => ({
    id: uuid(),
    studyId,
    attemptId: o.attempt,
    personId: o.personId,
    purpose: "value" as const,
    kind: "continue" as const,
    step,
    content: "",
    samples,
    seed,
    sampling: settings.sampling,
    hidden: false,
  }));
  const task = await inTransaction(deps.pool, (tx) =>
    createTaskIn(tx, deps.queue, { studyId, stage: "value", settings, modelId: model.id }, async (runId) => {
      await insertBranches(tx, branches.map((b) => ({ ...b, runId })));
      return branches.map((b) => ({ targetId: b.id, units: samples }));
    }),
  );
  return { ...task, points: points.length };
}
