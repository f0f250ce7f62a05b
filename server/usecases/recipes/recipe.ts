import type { ServerKind } from "../../inference/dialect";
import type { Arm } from "../../core/arms";
import type { Deps } from "../deps";
import type { StartVerify, VerifyStarted } from "../start-verify";
import type { TableOptions, TrainingOptions, ValueOptions } from "./options";

/** A recipe asked for by the names that people use; what is not set takes the recipe's default. */
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
  /** Attempts per problem (int), samples per target (reflect), per step (value), or per problem of an evaluation. */
  samples?: number | undefined;
  /** Names of the models whose attempts are taken (reflect); not set: the model's own. */
  from?: readonly string[] | undefined;
  /** What "verify" alone takes. */
  verify?: Omit<StartVerify, "study" | "model"> | undefined;
  /** What the recipes of training take. */
  training?: TrainingOptions | undefined;
  /** What "final-table" alone takes. */
  table?: TableOptions | undefined;
  /** What "value" alone takes. */
  value?: ValueOptions | undefined;
  /** Which arms are continued: of a new run ("int"), or further ones of a run that has ended ("arms"). */
  arms?: readonly Arm[] | undefined;
  /** Accept an answer that is not in \boxed{}; not, where it is not said. */
  bareAnswers?: boolean | undefined;
  /** Where models are served, for a study that has none yet; null when no server is known. */
  inference: { baseUrl: string; server?: ServerKind | undefined; apiKey: string | undefined } | null;
}

/** A study that is there. */
export interface StudyName {
  id: string;
  name: string;
}

export interface StartedRecipe {
  pipelineId: string;
  /** Other pipelines that were started with it. */
  also?: readonly string[];
  /** Attempts that were asked for and cannot be taken, by why. */
  leftOut?: VerifyStarted["leftOut"];
}

/** What one recipe does with a study that is there: start it and say which pipeline it is. */
export type Recipe = (deps: Deps, study: StudyName, o: StartRecipe) => Promise<StartedRecipe>;
