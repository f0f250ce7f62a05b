/** The problems table. */
export interface ProblemRow {
  id: string;
  ordinal: number;
  key: string;
  problemSet: string;
  /** The beginning of the statement, plain text. */
  start: string;
  answer: string;
  difficulty: string;
  attempts: number;
  graded: number;
  correct: number;
}

export interface ProblemPage {
  rows: ProblemRow[];
  /** Where the next page begins; null on the last one. */
  next: string | null;
}
