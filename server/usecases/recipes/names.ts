import { InterveneError } from "../../errors";
import { createInferenceClient } from "../../inference/client";
import type { Deps } from "../deps";
import type { StartRecipe, StudyName } from "./recipe";

/** The study's only problem set. @throws InterveneError when it has none or several. */
export async function onlyProblemSet(deps: Deps, study: StudyName): Promise<string> {
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

export interface NamedModel {
  id: string;
  name: string;
  servedName: string;
  /** Made just now. */
  isNew: boolean;
}

/** The study's model of that name, made from what the inference server serves where the study has none. */
export async function servedModel(
  deps: Deps,
  study: StudyName,
  o: Pick<StartRecipe, "model" | "inference" | "study">,
): Promise<NamedModel> {
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

/** Start with a model by its name; one that was made for it goes again when the start fails: a name given by mistake must not become the study's model. */
export async function withServedModel<T>(
  deps: Deps,
  study: StudyName,
  o: Pick<StartRecipe, "model" | "inference" | "study">,
  start: (model: NamedModel) => Promise<T>,
): Promise<T> {
  const model = await servedModel(deps, study, o);
  try {
    return await start(model);
  } catch (error) {
    if (model.isNew) await deps.prisma.model.delete({ where: { id: model.id } });
    throw error;
  }
}

async function onlyServed(o: Pick<StartRecipe, "inference" | "study">): Promise<string> {
  if (!o.inference) {
    throw new InterveneError(
      "bad_input",
      `Study "${o.study}" has no model yet: name one with --model, as the server serves it.`,
    );
  }
  const client = createInferenceClient(o.inference);
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
