/** What an import did, counted. The CLI prints it, and `--json` is exactly this. */

export interface BadRow {
  /** Line in JSON lines, record (without header) in CSV, place in a list, row in Parquet; from 1. */
  row: number;
  field: string;
  reason: string;
}

/** A verdict of the file that our grader does not share. */
export interface VerdictDifference {
  row: number;
  model: string;
  /** The problem's answer, and the attempt's; null when none was found. */
  gold: string;
  extracted: string | null;
  /** What the file says and what the grader says: is it right? */
  file: boolean;
  ours: boolean;
  reason: string;
}

export interface AddedPresent {
  added: number;
  present: number;
}

export interface ImportReport {
  study: string;
  problemSet: string;
  file: string;
  format: string;
  /** A sentence: what the file was taken for. */
  detected: string;
  as: string;
  rows: { read: number; used: number; bad: number };
  /** `present`: rows of the file that met a problem which was there already. */
  problems: AddedPresent;
  attempts: AddedPresent;
  labels: number;
  verifications: number;
  proposals: number;
  /**
   * Our grades beside the file's verdicts, over the rows used now (written or present); `none`: attempts at problems whose
   * answer is not known, of which the file does not say either whether they are right.
   */
  grades: { right: number; wrong: number; none: number; sameAsFile: number; otherThanFile: number };
  models: string[];
  /** The first ones; all of them stand in `reportFile`. */
  badRows: BadRow[];
  /** Rows that were used after a repair, and what it was. */
  repairedRows: BadRow[];
  differences: VerdictDifference[];
  /** Fields of the first rows that this format does not keep. */
  notKept: string[];
  /** JSON lines with every bad row and every other verdict; null when there is none. */
  reportFile: string | null;
  bytes: number;
  seconds: number;
}

/** The report of an import that has read nothing yet. */
export function newReport(
  known: Pick<ImportReport, "study" | "problemSet" | "file" | "format" | "detected" | "as" | "bytes" | "notKept">,
): ImportReport {
  return {
    ...known,
    rows: { read: 0, used: 0, bad: 0 },
    problems: { added: 0, present: 0 },
    attempts: { added: 0, present: 0 },
    labels: 0,
    verifications: 0,
    proposals: 0,
    grades: { right: 0, wrong: 0, none: 0, sameAsFile: 0, otherThanFile: 0 },
    models: [],
    badRows: [],
    repairedRows: [],
    differences: [],
    reportFile: null,
    seconds: 0,
  };
}

/** How many rows the report itself names. */
export const SHOWN = 20;
