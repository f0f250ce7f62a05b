import type { Row } from "./fields";

/** One training row of a dataset: what the assistant is trained to write after the user's turn. */
export interface TrainingRow {
  ordinal: number;
  problemKey: string;
  answer: string;
  /** The user turn. */
  prompt: string;
  completion: string;
  /** Whether the turn ends after the completion. An intervention's does not: the answer is unfinished there. */
  ends: boolean;
}

export interface ProblemRow {
  id: string;
  problemSet: string;
  key: string;
  ordinal: number;
  statement: string;
  answer: string;
  reference: string;
  referenceSource: string;
  difficulty: string;
}

/** A proposal beside the step that it replaces, after the same steps. */
export interface PairRow {
  proposalId: string;
  problemKey: string;
  statement: string;
  answer: string;
  /** The attempt's steps before the location. */
  prefix: readonly string[];
  /** The original step; null when the proposal stands behind the last one. */
  rejected: string | null;
  /** The intervention as it stands in a guided attempt: one or more steps. */
  chosen: string;
}

/** An attempt whose first wrong step is known. */
export interface StepsRow {
  id: string;
  /** Model that wrote it; "" when it is not known. */
  generator: string;
  statement: string;
  answer: string;
  reference: string;
  steps: readonly string[];
  /** 1-based; null: there is no error. */
  firstError: number | null;
  /** settled | decided | imported: who said so (people); model: the chosen proposal or a verification without error. */
  labelSource: string;
  /** Who labelled, as far as it may be told; "" otherwise. */
  labeler: string;
  /** When, ISO 8601; "" when it is not known. */
  labelled: string;
  reward: number | null;
  /** The final answer that the grader took from it; "" when there was none. */
  extracted: string;
  /** A correction in place of the first wrong step, when there is one; `accepted` when it led to a right answer or a person took it. */
  correction: { text: string; accepted: boolean } | null;
}

/** What a format is given, by its shape. */
export interface ShapeRows {
  /** The source's own columns, as they are. */
  columns: Row;
  training: TrainingRow;
  problems: ProblemRow;
  pairs: PairRow;
  steps: StepsRow;
}
export type Shape = keyof ShapeRows;

/** What can be exported without a dataset. */
export const TABLES = [
  "problems",
  "attempts",
  "grades",
  "verifications",
  "proposals",
  "continuations",
  "decisions",
  "scores",
] as const;
export type Table = (typeof TABLES)[number];

/** Which shapes a source can give. */
export const SHAPES_OF: Record<Table | "dataset", readonly Shape[]> = {
  dataset: ["columns", "training", "problems", "pairs", "steps"],
  problems: ["columns", "problems"],
  attempts: ["columns", "steps"],
  proposals: ["columns", "pairs"],
  grades: ["columns"],
  verifications: ["columns"],
  continuations: ["columns"],
  decisions: ["columns"],
  scores: ["columns"],
};
