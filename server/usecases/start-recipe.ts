import { labIntSettings, paperIntSettings } from "../core/recipes";
import { InterveneError } from "../errors";
import { createInferenceClient } from "../inference/client";
import { createLabStudy, LAB } from "./create-lab-study";
import type { Deps } from "./deps";
import { startInt } from "./start-int";

/** Recipes of the design that later issues bring; named so that people are told so rather than "unknown". */
const LATER = ["hint", "clone", "sft", "rl", "evaluate", "score"];

export interface StartRecipe {
  recipe: string;
  /** Name of the study. */
  study: string;
  /** Name of the model, as the inference server serves it; not set: the study's only one, or the server's only one. */
  model?: string | undefined;
  /** Name of the problem set; not set: the study's only one. */
  problemSet?: string | undefined;
  /** How many of its problems, in order; not set: the recipe's default. */
  maxProblems?: number | undefined;
  /** Accept an answer that is not in \boxed{}; not, where it is not said. */
  bareAnswers?: boolean | undefined;
  /** Where models are served, for a study that has none yet; null when no server is known. */
  inference: { baseUrl: string; apiKey: string | undefined } | null;
}

/**
 * Start a recipe by the names that people use. The lab's model runs with the lab's settings, any other with the paper's.
 * The lab study is made when it is asked for and not there.
 * @throws InterveneError that says what is missing or in doubt.
 */
export async function startRecipe(deps: Deps, o: StartRecipe): Promise<{ pipelineId: string }> {
  if (o.recipe !== "int") {
    const later = LATER.includes(o.recipe) ? "is not here yet" : "is not known";
    throw new InterveneError("bad_input", `The recipe "${o.recipe}" ${later}; there is "int" (intervention training).`);
  }
  const bare = o.bareAnswers === undefined ? {} : { bareAnswers: o.bareAnswers };
  const study = await deps.prisma.study.findUnique({ where: { name: o.study } });
  if (!study && o.study === LAB.study) {
    const { pipelineId } = await createLabStudy(deps, {
      ...(o.maxProblems ? { problems: o.maxProblems } : {}),
      settings: { ...bare },
    });
    return { pipelineId };
  }
  if (!study) {
    throw new InterveneError(
      "not_found",
      `There is no study "${o.study}"; "intervene import" makes one from a file of problems.`,
    );
  }
  const problemSet = o.problemSet ?? (await onlyProblemSet(deps, study));
  const model = await servedModel(deps, study, o);
  const overrides = {
    problemSet,
    ...(o.maxProblems === undefined ? {} : { maxProblems: o.maxProblems }),
    ...bare,
  };
  const settings = model.servedName === LAB.model ? labIntSettings(overrides) : paperIntSettings(overrides);
  try {
    return { pipelineId: await startInt(deps, { studyId: study.id, settings, modelId: model.id }) };
  } catch (error) {
    // A name given by mistake must not become the study's model.
    if (model.isNew) await deps.prisma.model.delete({ where: { id: model.id } });
    throw error;
  }
}

interface StudyName {
  id: string;
  name: string;
}

async function onlyProblemSet(deps: Deps, study: StudyName): Promise<string> {
  const sets = await deps.prisma.problemSet.findMany({ where: { studyId: study.id }, orderBy: { createdAt: "asc" } });
  const [only] = sets;
  if (only && sets.length === 1) return only.name;
  throw new InterveneError(
    "bad_input",
    only
      ? `Study "${study.name}" has several problem sets (${sets.map((s) => s.name).join(", ")}): name one with --problem-set.`
      : `Study "${study.name}" has no problem set: import one first.`,
  );
}

interface Model {
  id: string;
  servedName: string;
  /** Made just now. */
  isNew: boolean;
}

/** The study's model of that name, made from what the inference server serves where the study has none. */
async function servedModel(deps: Deps, study: StudyName, o: StartRecipe): Promise<Model> {
  const models = await deps.prisma.model.findMany({ where: { studyId: study.id } });
  if (o.model !== undefined) {
    const found = models.find((m) => m.name === o.model);
    if (found?.servedName === "") {
      throw new InterveneError(
        "bad_input",
        `The model "${o.model}" of study "${study.name}" was imported; no server serves it.`,
      );
    }
    if (found) return { ...found, isNew: false };
  } else {
    const served = models.filter((m) => m.servedName !== "");
    if (served.length > 1) {
      const names = served.map((m) => m.name).join(", ");
      throw new InterveneError(
        "bad_input",
        `Study "${study.name}" has several models (${names}): name one with --model.`,
      );
    }
    if (served[0]) return { ...served[0], isNew: false };
  }
  const name = o.model ?? (await onlyServed(o));
  const made = await deps.prisma.model.create({ data: { studyId: study.id, name, servedName: name } });
  return { ...made, isNew: true };
}

async function onlyServed(o: StartRecipe): Promise<string> {
  if (!o.inference) {
    throw new InterveneError(
      "bad_input",
      `Study "${o.study}" has no model yet: name one with --model, as the server serves it.`,
    );
  }
  const client = createInferenceClient({ baseUrl: o.inference.baseUrl, apiKey: o.inference.apiKey });
  try {
    const models = await client.models(AbortSignal.timeout(10_000));
    const [only] = models;
    if (only && models.length === 1) return only.id;
    const names = models.map((m) => m.id).join(", ");
    throw new InterveneError(
      "bad_input",
      `The server at ${client.baseUrl} serves ${names === "" ? "no model" : `several models (${names}): name one with --model`}.`,
    );
  } finally {
    await client.close();
  }
}
