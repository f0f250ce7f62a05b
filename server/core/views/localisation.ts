/** First errors that a model locates, against those that people know. */
import { z } from "zod";
import type { Confusion } from "../statistics/confusion";
import type { Interval } from "../statistics/intervals";
import type { PositionBaseline } from "../statistics/positionBaseline";
import type { LocalisationScore } from "../statistics/processBench";

/**
 * What counts as the model's answer where it has several verification samples of an attempt: the answer of most samples (a
 * tie goes to the earlier step, "no error" last); that of the first sample; or the step of the proposal that goes on.
 */
export const ANSWER_BY = ["majority", "first", "chosen"] as const;
export type AnswerBy = (typeof ANSWER_BY)[number];

/** How a model's answer stands to a label; `within`: agrees or near. */
export const RELATIONS = ["agrees", "near", "differs", "unparsed"] as const;
export type Relation = (typeof RELATIONS)[number];

/** A run that located first errors: its answers are those of one model, asked in one way. */
export interface LocatorRun {
  runId: string;
  model: string;
  /** The verification template; "" where answers were imported. */
  template: string;
  /** The file that answers were imported from; "" where they were sampled. */
  file: string;
  createdAt: Date;
  state: string;
}

export interface BaselineScore {
  kind: PositionBaseline;
  score: LocalisationScore;
}

/** One line of the table: a run against the labels of one source. */
export interface LocatorScore extends LocatorRun {
  score: LocalisationScore;
  /** Answers by their relation to the label. */
  relations: Record<Relation, number>;
  /** Position-only baselines on the very same traces. */
  baselines: BaselineScore[];
}

export interface LabelSource {
  source: string;
  /** Attempts with a label of this source, and those of them whose label is a step. */
  labelled: number;
  withError: number;
  /** Best by F1 (by exact share where F1 is not defined) first. */
  locators: LocatorScore[];
}

/** The chosen line, looked into. */
export interface LocatorDetail {
  source: string;
  runId: string;
  /** Rows: what people say. Columns: what the model says. */
  confusion: Confusion;
  /** Cohen's kappa of model and label; null where it is not defined. */
  kappa: Interval | null;
}

export interface LocalisationView {
  study: string;
  studyId: string;
  by: AnswerBy;
  sources: LabelSource[];
  detail: LocatorDetail | null;
  /** Models that can be asked to verify. */
  served: string[];
}

export const localisationQuerySchema = z.object({
  by: z.enum(ANSWER_BY).default("majority"),
  /** Which line is looked into; the first one when absent or unknown. */
  source: z.string().optional(),
  run: z.uuid().optional(),
});
export type LocalisationQuery = z.infer<typeof localisationQuerySchema>;

/** A label or an answer in a filter: a step, all steps from one on ("25+"), or a word. */
type Step = number | `${number}+`;

/** Which attempts of the table: those that one run has located, by label and answer. */
export interface LocatedFilter {
  runId: string;
  by: AnswerBy;
  source: string;
  label: "any" | "error" | "none" | Step;
  said: "any" | "within" | "none" | Relation | Step;
}

const STEP = /^[1-9]\d{0,5}\+?$/;
const LABELS = ["any", "error", "none"] as const;
const SAID = ["any", "within", "none", ...RELATIONS] as const;

/** The filter as one word of an address. */
export function locatedText(f: LocatedFilter): string {
  return [f.runId, f.by, f.label, f.said, f.source].join(".");
}

/** A filter from an address; null when it is none. */
export function locatedFilterOf(text: string): LocatedFilter | null {
  const [runId = "", by = "", label = "", said = "", ...rest] = text.split(".");
  const source = rest.join(".");
  const answerBy = ANSWER_BY.find((a) => a === by);
  const labelled = wordOrStep(label, LABELS);
  const answered = wordOrStep(said, SAID);
  if (!z.uuid().safeParse(runId).success || !answerBy || labelled === null || answered === null || source === "")
    return null;
  return { runId, by: answerBy, source, label: labelled, said: answered };
}

function wordOrStep<W extends string>(text: string, words: readonly W[]): W | Step | null {
  const word = words.find((w) => w === text);
  if (word !== undefined) return word;
  if (!STEP.test(text)) return null;
  return text.endsWith("+") ? `${Number.parseInt(text, 10)}+` : Number(text);
}
