import { asksForHint, hintFor } from "../core/hint-arms";
import { type IntSettings, intSettingsSchema } from "../core/settings";
import { InterveneError } from "../errors";
import { createPipeline } from "../store/write/create-pipeline";
import type { Deps } from "./deps";
import { canVerify } from "./stages/can-verify";

export interface StartInt {
  studyId: string;
  settings: IntSettings;
  /** The model to sample; not set: the study's only one that is served. */
  modelId?: string;
}

/**
 * Start the InT recipe on a study: a pipeline of five runs, a rollout item and its job for each problem, in one
 * transaction. Workers take it from there.
 *
 * @returns the pipeline's id.
 * @throws InterveneError("bad_input" | "not_found") that says what is missing.
 */
export async function startInt(deps: Deps, { studyId, settings, modelId }: StartInt): Promise<string> {
  const parsed = intSettingsSchema.safeParse(settings);
  if (!parsed.success)
    throw new InterveneError(
      "bad_input",
      `These settings cannot be used: ${parsed.error.issues.map((i) => `${i.path.join(".")} ${i.message}`).join("; ")}.`,
    );
  const s = parsed.data;
  if (asksForHint(s.continuation.arms) && !s.continuation.hint)
    throw new InterveneError(
      "bad_input",
      "These settings cannot be used: continuation.hint says what the arms with a hint put into the prompt, and is missing.",
    );

  const study = await deps.prisma.study.findUnique({
    where: { id: studyId },
    include: { models: { where: { servedName: { not: "" } } } },
  });
  if (!study) throw new InterveneError("not_found", `There is no study ${studyId}.`);
  const model = modelId ? study.models.find((m) => m.id === modelId) : study.models[0];
  if (!model)
    throw new InterveneError(
      "bad_input",
      `Study "${study.name}" has no ${modelId ? "such " : ""}model that a server serves: give it one first.`,
    );
  if (!modelId && study.models.length > 1)
    throw new InterveneError(
      "bad_input",
      `Study "${study.name}" has several models (${study.models.map((m) => m.name).join(", ")}): name the one to sample.`,
    );

  const set = await deps.prisma.problemSet.findUnique({ where: { studyId_name: { studyId, name: s.problemSet } } });
  if (!set) throw new InterveneError("not_found", `Study "${study.name}" has no problem set "${s.problemSet}".`);
  const problems = await deps.prisma.problem.findMany({
    where: { problemSetId: set.id },
    orderBy: { ordinal: "asc" },
    select: { id: true, reference: true, answer: true },
    ...(s.maxProblems > 0 ? { take: s.maxProblems } : {}),
  });
  if (problems.length === 0) throw new InterveneError("bad_input", `Problem set "${s.problemSet}" has no problems.`);
  if (problems.every((p) => p.answer.trim() === ""))
    throw new InterveneError("bad_input", `No problem of "${s.problemSet}" has an answer, so nothing can be graded.`);
  if (!problems.some((p) => canVerify(s, p))) {
    throw new InterveneError(
      "bad_input",
      `No problem of "${s.problemSet}" has a reference solution, and the template ${s.verify.template.id} compares with one.`,
    );
  }
  if (asksForHint(s.continuation.arms) && !problems.some((p) => hintFor(s, p.reference) !== null)) {
    throw new InterveneError(
      "bad_input",
      `No problem of "${s.problemSet}" has a reference solution of two steps or more, so none gives a hint.`,
    );
  }
  return createPipeline(deps, {
    studyId,
    recipe: "int",
    settings: s,
    modelId: model.id,
    // Attempts at problems whose answer is not known could not be graded.
    problemIds: problems.filter((p) => p.answer.trim() !== "").map((p) => p.id),
    samples: s.rollout.samples,
  });
}
