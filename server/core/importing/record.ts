/**
 * What every format is turned into: one row of a file is one problem with none or more attempts. Pure; ids, digests,
 * grades and the database come later.
 */

export interface ImportedProblem {
  /** The file's own id; null: the caller keys the problem by a digest of its statement. */
  key: string | null;
  statement: string;
  answer: string;
  /** Reference solution in steps (blank lines between them); "" when the file has none. */
  reference: string;
  /** Who wrote the reference: "human", a model's name; "" when unknown or absent. */
  referenceSource: string;
  /** Level as the file names it; "" when absent. */
  difficulty: string;
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
  /** One verification output of a model, as it wrote it; "" when the file has only the proposal. */
  verification: string | null;
  proposal: { content: string; location: number } | null;
}

export interface ImportedRow {
  problem: ImportedProblem;
  attempts: ImportedAttempt[];
}

/** Why one row cannot be read: which field, and a clause that completes "row 12, field: …". */
export class RowError extends Error {
  override readonly name = "RowError";
  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field}: ${reason}`);
  }
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
  /** Problem set that a file of this name fills unless the caller names one. `stem` is the file's name without its ending. */
  problemSet?(stem: string): string;
  /** Fields that `map` reads, for telling people what is not kept. Normalised names. */
  reads: readonly string[];
}

/** A row by field name. CSV rows hold strings; JSON rows anything. */
export type Fields = Readonly<Record<string, unknown>>;
