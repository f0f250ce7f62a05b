import { z } from "zod";
import type { Person } from "../../core/people";
import { splitSteps } from "../../core/steps";
import type { OwnSamples } from "../../core/views/judging";
import { InterveneError } from "../../errors";
import { listBranches, listBranchSamples } from "../../store/views/branches";
import { startBranch } from "../branches";
import type { Deps } from "../deps";
import type { PageDeps } from "../pages/find";
import { itemOf } from "./find";

export const sampleSchema = z.object({
  item: z.uuid(),
  /** The judge's own intervention and the step that it replaces. */
  content: z.string().trim().min(1, "Write the corrected step first.").max(20_000),
  location: z.number().int().positive(),
  samples: z.number().int().min(1).max(16).default(4),
});

/**
 * Sample continuations of a judge's own correction and see them graded, before deciding. Nobody else sees them; that it was done
 * is recorded in the decision.
 * @throws InterveneError("conflict") when the judge does not hold the item; ("bad_input") that says what is missing.
 */
export async function sampleOwn(
  deps: Pick<Deps, "pool" | "queue">,
  input: z.infer<typeof sampleSchema> & { person: Person },
): Promise<{ branchId: string }> {
  const row = await itemOf(deps, input.item, input.person.id);
  if (row.lease === null && !row.decided)
    throw new InterveneError("conflict", "You do not hold this item just now: open it again, then sample from your correction.");
  const steps = splitSteps(row.text).length;
  if (input.location > steps) throw new InterveneError("bad_input", `The attempt has steps 1 to ${steps}.`);
  const started = await startBranch(deps, {
    study: row.studyId,
    attempt: row.attemptId,
    purpose: "judge",
    personId: input.person.id,
    hidden: row.blind || row.hideOutcomes,
    kind: "replace",
    step: input.location,
    content: input.content,
    samples: input.samples,
    // Another seed each time: a judge who samples again wants other samples.
    seed: Math.floor(Math.random() * 2_147_483_647),
  });
  return { branchId: started.branchId };
}

/** What a judge has sampled from corrections of this item, newest first. @throws InterveneError("not_found") */
export async function readOwnSamples(deps: PageDeps, input: { item: string; person: Person }): Promise<OwnSamples[]> {
  const row = await itemOf(deps, input.item, input.person.id);
  const all = await listBranches(deps.pool, row.attemptId, input.person.id);
  const own = all.filter((b) => b.purpose === "judge" && b.author === input.person.name);
  return Promise.all(
    own.map(async ({ attemptId: _, pipelineId: __, ...branch }) => ({ ...branch, rows: await listBranchSamples(deps.pool, branch.id) })),
  );
}
