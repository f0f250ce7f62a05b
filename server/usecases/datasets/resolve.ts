import { oneTurn } from "../../core/datasets/prompt";
import { type DatasetOptions, type DatasetSettings, datasetOptionsSchema } from "../../core/datasets/settings";
import { FROM_ATTEMPTS, SOURCE_LABEL } from "../../core/datasets/sources";
import { LAB_SOLVE, LAB_SOLVE_WITH_HINT } from "../../core/prompts/lab";
import { PAPER_SOLVE, PAPER_SOLVE_WITH_HINT } from "../../core/prompts/paper";
import type { PromptTemplate } from "../../core/prompts/template";
import { InterveneError } from "../../errors";
import type { CandidateScope } from "../../store/read/dataset-candidates";
import {
  listStudyModels,
  newestSolveTemplate,
  problemSetId,
  readyDatasetId,
  type StudyModel,
} from "../../store/read/dataset-scope";
import type { Sql } from "../../store/views/sql";
import { LAB } from "../create-lab-study";

/** What somebody asks for: the options, by names, and the base model. */
export interface DatasetRequest {
  options: DatasetOptions;
  /** Name of the base model; not set: the study's only served one, or its only one. */
  base?: string | undefined;
}

/** A request with everything looked up. */
export interface ResolvedDataset {
  settings: DatasetSettings;
  scope: CandidateScope;
  base: StudyModel | null;
}

/**
 * Look up what a request names, and fill in what it leaves to the source.
 * @throws InterveneError that says what is missing or in doubt.
 */
export async function resolveDataset(
  sql: Sql,
  study: { id: string; name: string },
  request: DatasetRequest,
): Promise<ResolvedDataset> {
  const parsed = datasetOptionsSchema.safeParse(request.options);
  if (!parsed.success)
    throw new InterveneError(
      "bad_input",
      `These options cannot be used: ${parsed.error.issues.map((i) => `${i.path.join(".")} ${i.message}`).join("; ")}.`,
    );
  const options = parsed.data;
  const models = await listStudyModels(sql, study.id);
  const base = baseModel(models, study, request.base);
  const from = sourceModels(models, study, options, base);
  const settings: DatasetSettings = {
    ...options,
    from: from.map((m) => m.name),
    ...(await templatesFor(sql, study, base)),
  };
  return { settings, base, scope: await scopeOf(sql, study, settings, base, from) };
}

/** The scope of settings that were frozen before: names are looked up again. */
export async function scopeOfSettings(
  sql: Sql,
  study: { id: string; name: string },
  settings: DatasetSettings,
  baseModelId: string | null,
): Promise<CandidateScope> {
  const models = await listStudyModels(sql, study.id);
  const base = models.find((m) => m.id === baseModelId) ?? null;
  const from = models.filter((m) => settings.from.includes(m.name));
  return scopeOf(sql, study, settings, base, from);
}

async function scopeOf(
  sql: Sql,
  study: { id: string; name: string },
  settings: Pick<DatasetSettings, "problemSet" | "matching">,
  base: StudyModel | null,
  from: readonly StudyModel[],
): Promise<CandidateScope> {
  const set = settings.problemSet === null ? null : await problemSetId(sql, study.id, settings.problemSet);
  if (settings.problemSet !== null && set === null)
    throw new InterveneError("not_found", `Study "${study.name}" has no problem set "${settings.problemSet}".`);
  const matching = settings.matching === null ? null : await readyDatasetId(sql, study.id, settings.matching);
  if (settings.matching !== null && matching === null)
    throw new InterveneError(
      "not_found",
      `Study "${study.name}" has no data set "${settings.matching}" that is ready, so its problems are not known.`,
    );
  return {
    studyId: study.id,
    problemSetId: set,
    modelIds: from.map((m) => m.id),
    baseModelId: base?.id ?? null,
    matchingId: matching,
  };
}

function baseModel(models: readonly StudyModel[], study: { name: string }, name: string | undefined): StudyModel | null {
  if (name !== undefined) {
    const found = models.find((m) => m.name === name);
    if (found) return found;
    throw new InterveneError(
      "not_found",
      `Study "${study.name}" has no model "${name}"; there ${models.length === 1 ? "is" : "are"} ${names(models)}.`,
    );
  }
  const served = models.filter((m) => m.servedName !== "");
  const [only, ...more] = served.length > 0 ? served : models;
  if (only && more.length > 0)
    throw new InterveneError(
      "bad_input",
      `Study "${study.name}" has several models (${names(served.length > 0 ? served : models)}): say which is the base model.`,
    );
  return only ?? null;
}

/** The models whose attempts are taken: those that were named, or the base model's own, or for R1 all others. */
function sourceModels(
  models: readonly StudyModel[],
  study: { name: string },
  options: DatasetOptions,
  base: StudyModel | null,
): StudyModel[] {
  const { source } = options;
  if (!FROM_ATTEMPTS.has(source)) return [];
  const unknown = options.from.find((name) => !models.some((m) => m.name === name));
  if (unknown !== undefined)
    throw new InterveneError("not_found", `Study "${study.name}" has no model "${unknown}"; there are ${names(models)}.`);
  if (options.from.length > 0) return models.filter((m) => options.from.includes(m.name));
  const sampled = models.filter((m) => m.hasAttempts);
  const others = sampled.filter((m) => m.id !== base?.id);
  if (source === "r1_think" || source === "r1_summary") {
    if (others.length > 0) return others;
    throw new InterveneError(
      "bad_input",
      `Study "${study.name}" has no attempts by a stronger model${base ? ` than "${base.name}"` : ""} for source "${SOURCE_LABEL[source]}": import its answers, or sample it (run evaluate --model NAME --problem-set SET, where a server serves it).`,
    );
  }
  const own = sampled.filter((m) => m.id === base?.id);
  // Imported attempts are by models that nothing serves; where the base model has none of its own, they are meant.
  const taken = own.length > 0 ? own : sampled;
  if (taken.length === 0)
    throw new InterveneError("bad_input", `Study "${study.name}" has no attempts yet: start a run or import some.`);
  return taken;
}

/** The user turns of rows that have none of their own: as the base model was sampled last, or as its recipe would. */
async function templatesFor(
  sql: Sql,
  study: { id: string },
  base: StudyModel | null,
): Promise<Pick<DatasetSettings, "template" | "hintTemplate">> {
  const isLab = base?.servedName === LAB.model;
  const newest = base ? await newestSolveTemplate(sql, study.id, base.id) : null;
  return {
    template: single(newest ?? (isLab ? LAB_SOLVE : PAPER_SOLVE)),
    hintTemplate: single(isLab ? LAB_SOLVE_WITH_HINT : PAPER_SOLVE_WITH_HINT),
  };
}

function single(template: Pick<PromptTemplate, "id" | "turns">): DatasetSettings["template"] {
  const one = oneTurn(template);
  if (one) return one;
  throw new InterveneError(
    "bad_input",
    `The template ${template.id} has several user turns: only attempts at a single turn make training rows.`,
  );
}

const names = (models: readonly StudyModel[]) => models.map((m) => `"${m.name}"`).join(", ") || "none";
