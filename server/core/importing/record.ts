/**
 * What every format is turned into: one row of a file is one problem with none or more attempts. Pure; ids, digests,
 * grades and the database come later.
 */

export interface ImportedProblem {
  /** The file's own id; null: the caller keys the problem by a digest of its statement. */
  key: string | null;
  statement: string;
  /** The reference answer; null when the file does not say it: then attempts keep the file's own verdict. */
  answer: string | null;
  /** Reference solution in steps (blank lines between them); "" when the file has none. */
  reference: string;
  /** Who wrote the reference: "human", a model's name; "" when unknown or absent. */
  referenceSource: string;
  /** Level as the file names it; "" when absent. */
  difficulty: string;
}

/** A problem that the file only names: the first of these ids that the problem set holds. */
export interface ProblemReference {
  ids: readonly string[];
  /** The field it is named in, for people. */
  field: string;
}

export interface ImportedAttempt {
  /** Name of the model that wrote it. */
  model: string;
  /** The answer in steps: blank lines between them. */
  text: string;
  /**
   * The final answer where the format says where it stands ("A: 18" of GSM8K, a field of its own): null when it is
   * missing there. undefined: the format has no such place, and the grader looks for \boxed{}.
   */
  finalAnswer: string | null | undefined;
  /** Whether the file calls it right; null when it does not say. */
  verdict: boolean | null;
  /** First error (1-based step; null = none) located by somebody outside of this project. */
  label: { source: string; firstError: number | null } | null;
  /** One verification output of a model, as it wrote it; null when the file has only the proposal. */
  verification: string | null;
  proposal: { content: string; location: number } | null;
  /** Why sampling ended, where the file says so. */
  finishReason?: "stop" | "length";
  /** Length in the model's tokens, where the file says so. */
  tokens?: number;
}

export interface ImportedRow {
  problem: ImportedProblem | ProblemReference;
  attempts: ImportedAttempt[];
}

/** An attempt with nothing but a text: formats add what they know. */
export function plainAttempt(model: string, text: string): ImportedAttempt {
  return { model, text, finalAnswer: undefined, verdict: null, label: null, verification: null, proposal: null };
}

/** Why one row cannot be read: which field, and a clause that completes "row 12, field: …". */
export class RowError extends Error {
  override readonly name = "RowError";
  readonly field: string;
  readonly reason: string;
  constructor(field: string, reason: string) {
    super(`${field}: ${reason}`);
    this.field = tellable(field);
    this.reason = tellable(reason);
  }
}

/** A text out of a file as a report can hold it: reports are kept as JSON in the database, which has no U+0000. */
export function tellable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed().slice(0, 1000);
}

/** What is taken from a file: problems alone, attempts with their problems, or attempts with their step labels too. */
export const IMPORT_KINDS = ["problems", "attempts", "traces"] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export interface ImportFormat {
  id: string;
  /** How people read its name. */
  title: string;
  /** The most that its rows hold. */
  holds: ImportKind;
  /** Does a parsed row look like this format? Sees field names and, where they do not decide, values. */
  matches(row: Fields): boolean;
  /** @throws RowError for a row that cannot be used. */
  map(row: Fields): ImportedRow;
  /** Where `finalAnswer` stands in its attempts, for people. */
  answerRule?: string;
  /** Grade attempts without a place of their own for the answer also by answers that are not in \boxed{}. */
  bareAnswers?: boolean;
  /** Field names are names of models there: they keep their spelling. */
  ownSpelling?: boolean;
  /** Problem set that a file of this name fills unless the caller names one. `stem` is the file's name without its ending. */
  problemSet?(stem: string, first: Fields): string;
  /** Fields that `map` reads, for telling people what is not kept. Normalised names; "*" for all. */
  reads: readonly string[];
  /** Which field each of our own comes from, for people. */
  takes(row: Fields): Partial<Record<Target, string>>;
}

/** A row by field name. CSV rows hold strings; JSON rows anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** Our own fields, which a mapping fills from a file's. */
export const TARGETS = [
  "id",
  "problem",
  "answer",
  "solution",
  "solution_source",
  "difficulty",
  "attempt",
  "model",
  "final_answer",
  "verdict",
  "first_error",
  "mistake_index",
  "label_source",
  "verification",
  "intervention",
  "location",
  "finish_reason",
  "tokens",
] as const;
export type Target = (typeof TARGETS)[number];

/** What each of them is, for people. */
export const TARGET_NOTES: Record<Target, string> = {
  id: "the problem's own id; without it, a digest of its text",
  problem: "the problem's text",
  answer: "the final answer that attempts are graded against",
  solution: "a reference solution, in steps",
  solution_source: "who wrote it: human, or a model",
  difficulty: "level or pass rate, as the file says it",
  attempt: "a model's answer: a text with blank lines between steps, or a list of steps",
  model: "the model that wrote the attempt",
  final_answer: "the attempt's final answer, where it has a field of its own",
  verdict: "whether the file calls the attempt right: true, 1, correct",
  first_error: "number of the first wrong step, from 1; 0, -1 or nothing for none",
  mistake_index: "number of the first wrong step, from 0; -1 or nothing for none",
  label_source: "who located the first error",
  verification: "a model's verification of the attempt, as it wrote it",
  intervention: "the text that replaces the wrong step, or {content, location}",
  location: "number of the step that the intervention replaces, from 1",
  finish_reason: "why sampling ended: stop or length",
  tokens: "length of the attempt in tokens",
};

/** Where one of our fields comes from: a column (a path with dots reaches into objects and lists), or the same text for every row. */
export type Source = { column: string } | { value: string };
export type ColumnMapping = Partial<Record<Target, Source>>;
