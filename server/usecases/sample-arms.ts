import { ARMS, type Arm } from "../core/arms";
import { asksForHint, canSample, isProblemArm } from "../core/hint-arms";
import { labIntSettings, paperIntSettings } from "../core/recipes";
import { isOver } from "../core/run-state";
import { type IntSettings, intSettingsSchema } from "../core/settings";
import { InterveneError } from "../errors";
import { addArms, type ArmRun, listArmRuns, listChosenProposals, listFailedProblems } from "../store/write/add-arms";
import { LAB } from "./create-lab-study";
import type { Deps } from "./deps";

/** Arms that can be sampled after a run has ended. "intervention" is not among them: which ones are kept rests on it. */
export const LATER_ARMS = ARMS.filter((arm) => arm !== "intervention");

/**
 * Sample further arms of a run of the InT recipe that has ended: on the same problems and the same chosen interventions, so that
 * the arms can be compared in pairs. Arms that are there already are left as they are.
 *
 * @returns how many samples were asked for, by arm.
 * @throws InterveneError("not_found" | "bad_input" | "conflict") that says what stands in the way.
 */
export async function sampleArms(
  deps: Pick<Deps, "pool" | "queue">,
  o: { pipelineId: string; arms: readonly Arm[] },
): Promise<Map<Arm, number>> {
  const runs = await listArmRuns(deps.pool, o.pipelineId);
  const stage = (name: string) => runs.find((r) => r.stage === name);
  const [rollout, verify, going] = [stage("rollout"), stage("verify"), stage("continue")];
  if (!rollout || !verify || !going)
    throw new InterveneError("bad_input", "Only a run of the InT recipe has arms, and this is none: choose another run.");
  if (runs.some((r) => !isOver(r.state)))
    throw new InterveneError("conflict", "This run is still at work. Wait until it has ended, then sample further arms.");
  if (runs.some((r) => r.state === "cancelled"))
    throw new InterveneError("conflict", "This run was cancelled, so nothing more is sampled for it. Start another one with the arms.");
  if (o.arms.includes("intervention"))
    throw new InterveneError("bad_input", "Interventions are sampled with the run itself; which ones are kept rests on those samples.");
  const settings = withArms(await settingsOf(deps, going), o.arms);
  const problems = o.arms.some(isProblemArm) ? await listFailedProblems(deps.pool, rollout.id) : [];
  const proposals = o.arms.some((arm) => !isProblemArm(arm)) ? await listChosenProposals(deps.pool, verify.id) : [];
  const targets = new Map(
    o.arms.map((arm) => [
      arm,
      (isProblemArm(arm) ? problems : proposals).filter((t) => canSample(arm, settings, t)).map((t) => t.id),
    ]),
  );
  const bare = o.arms.find((arm) => targets.get(arm)?.length === 0);
  if (bare !== undefined)
    throw new InterveneError(
      "bad_input",
      isProblemArm(bare)
        ? `There is nothing to sample for the arm "${bare}": no problem of this run has a failed attempt${bare === "hint" ? " and a reference solution of two steps or more" : ""}.`
        : `There is nothing to sample for the arm "${bare}": no intervention was chosen in this run${bare === "hint_intervention" ? " at a problem whose reference solution has two steps or more" : ""}.`,
    );
  const made = await addArms(deps, { pipelineId: o.pipelineId, continueRun: going.id, settings, targets });
  if (made === null)
    throw new InterveneError("conflict", "This run has begun again meanwhile. Wait until it has ended, then sample further arms.");
  return made;
}

async function settingsOf(deps: Pick<Deps, "pool">, run: ArmRun): Promise<IntSettings> {
  const parsed = intSettingsSchema.safeParse(run.settings);
  if (!parsed.success)
    throw new InterveneError("bad_input", `The settings of run ${run.id} cannot be read: ${parsed.error.message}`);
  if (parsed.data.continuation.hint) return parsed.data;
  // The hint's words are those that the recipe gives the run's model today.
  const { rows } = await deps.pool.query<{ served: string }>(
    `SELECT coalesce(m.served_name, '') AS served FROM run r LEFT JOIN model m ON m.id = r.model_id WHERE r.id = $1`,
    [run.id],
  );
  const recipe = rows[0]?.served === LAB.model ? labIntSettings : paperIntSettings;
  const { hint } = recipe({ continuation: { arms: ["hint"] } }).continuation;
  return { ...parsed.data, continuation: { ...parsed.data.continuation, ...(hint ? { hint } : {}) } };
}

/** The settings with further arms; the hint stands in them only where an arm has one. */
function withArms(settings: IntSettings, arms: readonly Arm[]): IntSettings {
  const all = ARMS.filter((arm) => settings.continuation.arms.includes(arm) || arms.includes(arm));
  const { hint, ...continuation } = settings.continuation;
  return { ...settings, continuation: { ...continuation, arms: all, ...(hint && asksForHint(all) ? { hint } : {}) } };
}
