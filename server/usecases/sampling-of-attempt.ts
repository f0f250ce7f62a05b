import type { BranchSettings } from "../core/branching/point";
import { labIntSettings, paperIntSettings } from "../core/recipes";
import { type IntSettings, intSettingsSchema } from "../core/settings";
import { InterveneError } from "../errors";
import {
  type AttemptSampling,
  listServedModels,
  newestIntSettings,
  readAttemptSampling,
  type ServedModelRow,
} from "../store/read/attempt-sampling";
import type { Sql } from "../store/views/sql";
import { LAB } from "./create-lab-study";

/** How an attempt is sampled on, and under which models it may be read. */
export interface SamplingOfAttempt {
  attempt: AttemptSampling;
  /** As its run samples continuations; an imported attempt's as the study's newest run does, else as its model's recipe. */
  settings: BranchSettings;
  /** Models of the study that a server serves. */
  models: ServedModelRow[];
  /** The one that made the attempt, or else the study's first; null when it has none. */
  model: ServedModelRow | null;
}

/**
 * @param modelName a model of the study to sample instead of the attempt's own.
 * @throws InterveneError("not_found") for an attempt, ("bad_input") for a model that is not there.
 */
export async function samplingOfAttempt(
  sql: Sql,
  o: { study: string; attempt: string; model?: string | undefined },
): Promise<SamplingOfAttempt> {
  const attempt = await readAttemptSampling(sql, o.study, o.attempt);
  if (!attempt) throw new InterveneError("not_found", `The study “${o.study}” has no attempt ${o.attempt}.`);
  const models = await listServedModels(sql, attempt.studyId);
  const named = o.model === undefined ? undefined : models.find((m) => m.id === o.model || m.name === o.model);
  if (o.model !== undefined && !named) {
    const names = models.map((m) => m.name).join(", ");
    throw new InterveneError(
      "bad_input",
      `Study “${attempt.studyName}” has no model “${o.model}” that a server serves${names === "" ? "" : `; there is ${names}`}.`,
    );
  }
  const model = named ?? models.find((m) => m.id === attempt.modelId) ?? models[0] ?? null;
  const int = await intSettingsFor(sql, attempt, model);
  return {
    attempt,
    models,
    model,
    settings: { template: int.rollout.template, sampling: int.continuation.sampling, bareAnswers: int.bareAnswers },
  };
}

/** The model. @throws InterveneError("bad_input") where there is none. */
export function modelOf(at: SamplingOfAttempt): ServedModelRow {
  if (at.model) return at.model;
  throw new InterveneError(
    "bad_input",
    `Study “${at.attempt.studyName}” has no model that a server serves, so nothing can be sampled or scored here. Start a run on it with --model NAME first.`,
  );
}

/** Settings of the InT recipe that an attempt is sampled on with: its own run's, the newest run's, or those of its model's recipe. */
export async function intSettingsFor(sql: Sql, attempt: AttemptSampling, model: ServedModelRow | null): Promise<IntSettings> {
  const own = intSettingsSchema.safeParse(attempt.settings);
  if (own.success) return own.data;
  const newest = intSettingsSchema.safeParse(await newestIntSettings(sql, attempt.studyId));
  if (newest.success) return newest.data;
  return model?.servedName === LAB.model ? labIntSettings() : paperIntSettings();
}
