import { v7 as uuid } from "uuid";
import { mostPoints, nextMidpoint, valuePoint, valueSettingsSchema } from "../../core/branching/values";
import { splitSteps } from "../../core/steps";
import { BRANCH_SAMPLES, insertBranches } from "../../store/write/branch-rows";
import { copyRows } from "../../store/write/copy";
import { countsWhenLast } from "../../store/write/value-next";
import { sampleBranch } from "./sample-branch";
import { stage } from "./stage";

/**
 * Target: a branch of purpose "value": K fresh continuations after one step. In a bisection the item that ends last
 * adds the next midpoint, in its own transaction.
 */
export const value = stage(valueSettingsSchema, async (ctx) => {
  const { settings, item } = ctx;
  const { branch, rows, error } = await sampleBranch(ctx);
  return {
    error,
    rows: async (tx) => (await copyRows(tx, BRANCH_SAMPLES, rows)).length,
    next: async (tx) => {
      if (settings.plan !== "bisect") return [];
      const counts = await countsWhenLast(tx, item.runId, item.id);
      const most = mostPoints(splitSteps(branch.attempt.text).length, "bisect");
      const step = counts === null ? null : nextMidpoint(counts.map(valuePoint), most);
      if (step === null) return [];
      const id = uuid();
      await insertBranches(tx, [
        {
          id,
          studyId: branch.studyId,
          runId: item.runId,
          attemptId: branch.attemptId,
          personId: branch.personId,
          purpose: "value",
          kind: "continue",
          step,
          content: "",
          samples: settings.samples,
          seed: settings.seed,
          sampling: settings.sampling,
          hidden: false,
        },
      ]);
      return [{ runId: item.runId, stage: "value", arm: "", targetId: id, units: settings.samples }];
    },
  };
});
