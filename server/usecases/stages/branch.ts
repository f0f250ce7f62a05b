import { branchSettingsSchema } from "../../core/branching/point";
import { BRANCH_SAMPLES } from "../../store/write/branch-rows";
import { endStream, uncountedSamples } from "../../store/write/branch-stream";
import { copyRows } from "../../store/write/copy";
import { BranchTeller } from "./branch-teller";
import { sampleBranch } from "./sample-branch";
import { stage } from "./stage";

/**
 * Target: a branch that somebody made by hand. Its samples are streamed to the pages that look at it, and each is
 * graded and kept as soon as it has ended.
 */
export const branch = stage(branchSettingsSchema, async (ctx) => {
  let teller: BranchTeller | undefined;
  const { branch, rows, error } = await sampleBranch(ctx, async ({ id }) => {
    teller = await BranchTeller.open(ctx.pool, id);
    return teller;
  }).finally(() => teller?.close());
  return {
    error,
    rows: async (tx) => {
      await copyRows(tx, BRANCH_SAMPLES, rows);
      if (error === undefined) await endStream(tx, branch.id);
      return uncountedSamples(tx, ctx.item.id, branch.id);
    },
    next: async () => [],
  };
});
