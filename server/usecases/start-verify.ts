import { v7 as uuid } from "uuid";
import type { Stage } from "../core/arms";
import { GENERATOR_LABEL, labFirstError } from "../core/lab/label";
import { CRITIQUE } from "../core/prompts/critique";
import { labIntSettings, paperIntSettings } from "../core/recipes";
import type { IntSettings } from "../core/settings";
import type { VerifyWith } from "../core/verifying/how";
import { InterveneError } from "../errors";
import { listUnlabelledLab, listVerifiable, type Verifiable } from "../store/read/verifiable";
import { inTransaction } from "../store/transaction";
import { insertRows } from "../store/write/copy";
import { createStagesIn } from "../store/write/create-pipeline";
import { LABELS, type LabelRow } from "../store/write/stage-rows";
import { LAB } from "./create-lab-study";
import type { Deps } from "./deps";
import { canVerify } from "./stages/can-verify";

export interface StartVerify {
  study: { id: string; name: string };
  model: { id: string; name: string; servedName: string };
  /** Not set: the labelled ones, or those with a wrong answer where the study has no labels. */
  attempts?: Verifiable | undefined;
  with?: VerifyWith | undefined;
  /** Verification samples per attempt; not set: the recipe's (4). */
  samples?: number | undefined;
  /** At most so many attempts, in the order of their problems; 0 or not set: all. */
  limit?: number | undefined;
  /** Go on from the proposals: prefix, original and intervention are sampled, and successful interventions kept. */
  continue?: boolean | undefined;
}

export interface VerifyStarted {
  pipelineId: string;
  attempts: number;
  /** Attempts that were asked for and cannot be verified so, by why. */
  leftOut: { reason: string; attempts: number }[];
}

/**
 * Start the recipe "verify": verification of attempts that are there already (imported, or another model's), as a
 * pipeline of its own whose first run has an item per attempt.
 * @throws InterveneError("bad_input") that says what is missing.
 */
export async function startVerify(deps: Pick<Deps, "pool" | "queue">, o: StartVerify): Promise<VerifyStarted> {
  const isLab = o.model.servedName === LAB.model;
  if (isLab && o.with === "critique")
    throw new InterveneError("bad_input", "The lab's model was trained to compare with a reference: it knows --with propose alone.");
  const how = o.with ?? (isLab ? "propose" : "critique");
  if (o.continue && how === "critique")
    throw new InterveneError("bad_input", "A critique proposes nothing to continue from: take --with propose, or leave --continue away.");
  const settings = settingsOf(o, isLab, how);
  await labelLabAttempts(deps, o.study.id);

  const limit = o.limit ?? 0;
  let which = o.attempts ?? "labelled";
  let found = await listVerifiable(deps.pool, o.study.id, which, limit);
  if (found.length === 0 && o.attempts === undefined) {
    which = "wrong";
    found = await listVerifiable(deps.pool, o.study.id, which, limit);
  }
  if (found.length === 0)
    throw new InterveneError("bad_input", `Study "${o.study.name}" has no ${which === "all" ? "" : `${which} `}attempts to verify.`);
  const leftOut: VerifyStarted["leftOut"] = [];
  const leave = (reason: string, keep: (a: (typeof found)[number]) => boolean) => {
    const kept = found.filter(keep);
    if (kept.length < found.length) leftOut.push({ reason, attempts: found.length - kept.length });
    found = kept;
  };
  leave(`the template ${settings.verify.template.id} compares with a reference solution, which their problems lack`, (a) =>
    canVerify(settings, { reference: a.referenced ? "yes" : "" }),
  );
  // The paper's words are "its final answer is wrong"; the lab's say nothing of it.
  if (how === "propose" && !isLab)
    leave(`the template ${settings.verify.template.id} says that the answer is wrong, and theirs is not`, (a) => a.reward === 0);
  const [why] = leftOut;
  if (found.length === 0)
    throw new InterveneError("bad_input", `None of the attempts of study "${o.study.name}" can be verified so: ${why?.reason ?? ""}.`);

  const stages: Stage[] = o.continue ? ["verify", "continue", "keep"] : ["verify"];
  const pipelineId = await inTransaction(deps.pool, (tx) =>
    createStagesIn(tx, deps.queue, {
      studyId: o.study.id,
      recipe: "verify",
      settings,
      modelId: o.model.id,
      stages,
      targets: found.map((a) => a.id),
      units: settings.verify.samples,
    }),
  );
  return { pipelineId, attempts: found.length, leftOut };
}

function settingsOf(o: StartVerify, isLab: boolean, how: VerifyWith): IntSettings {
  const base = isLab ? labIntSettings({ problemSet: "" }) : paperIntSettings({ problemSet: "" });
  const template = how === "critique" ? { ...CRITIQUE, turns: CRITIQUE.turns.map((t) => ({ ...t })) } : base.verify.template;
  const samples = o.samples ?? base.verify.samples;
  if (!Number.isInteger(samples) || samples < 1)
    throw new InterveneError("bad_input", `Verification takes at least one sample per attempt, not ${samples}.`);
  return {
    ...base,
    maxProblems: 0,
    verify: { ...base.verify, template, samples },
    // The arm "problem" hangs on problems, which this recipe does not go through.
    continuation: { ...base.continuation, arms: base.continuation.arms.filter((arm) => arm !== "problem") },
  };
}

/** Labels of the lab's generator where they are missing: attempts that an earlier version graded. @returns how many. */
export async function labelLabAttempts(deps: Pick<Deps, "pool">, studyId: string): Promise<number> {
  const rows = (await listUnlabelledLab(deps.pool, studyId, GENERATOR_LABEL)).flatMap((a): LabelRow[] => {
    const firstError = labFirstError(a, a.text);
    return firstError === undefined ? [] : [{ id: uuid(), attemptId: a.id, source: GENERATOR_LABEL, firstError }];
  });
  return inTransaction(deps.pool, (tx) => insertRows(tx, LABELS, rows));
}
