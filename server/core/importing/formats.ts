import { genericAttempts } from "./attempts";
import { bigbenchMistake } from "./bigbench-mistake";
import { normaliseFields } from "./fields";
import { gsm8kProblems, gsm8kSolutions } from "./gsm8k";
import { intSft } from "./int-sft";
import { genericProblems, imoAnswerBench } from "./problems";
import { type Fields, IMPORT_KINDS, type ImportedRow, type ImportFormat, type ImportKind, RowError } from "./record";

/** Every format, the narrow ones before the broad: the first that fits the rows is taken. */
export const FORMATS: readonly ImportFormat[] = [
  gsm8kSolutions,
  bigbenchMistake,
  intSft,
  gsm8kProblems,
  imoAnswerBench,
  genericAttempts,
  genericProblems,
];

export function formatById(id: string): ImportFormat | undefined {
  return FORMATS.find((f) => f.id === id);
}

/**
 * The format of a file by its first rows: the one that fits most of them, earlier formats first where they tie. A few
 * broken rows at the top do not decide.
 */
export function detectFormat(rows: readonly Fields[]): ImportFormat | null {
  const normal = rows.map(normaliseFields);
  let best: { format: ImportFormat; fits: number } | null = null;
  for (const format of FORMATS) {
    const fits = normal.filter((r) => format.matches(r)).length;
    if (fits > (best?.fits ?? 0)) best = { format, fits };
  }
  return best?.format ?? null;
}

/**
 * One row as problem and attempts, cut down to what is asked for.
 * @throws RowError for a row that cannot be used.
 */
export function mapRow(format: ImportFormat, fields: unknown, as: ImportKind): ImportedRow {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw new RowError("row", "is not an object with named fields");
  }
  // Names of models are field names in GSM8K's file: its own spelling is kept there.
  const row = format.map(format.id === "gsm8k-solutions" ? (fields as Fields) : normaliseFields(fields as Fields));
  if (as === "problems") return { ...row, attempts: [] };
  if (as === "traces") return row;
  return {
    ...row,
    attempts: row.attempts.map((a) => ({ ...a, label: null, verification: null, proposal: null })),
  };
}

/** Can this format give what is asked for? */
export function canImportAs(format: ImportFormat, as: ImportKind): boolean {
  return IMPORT_KINDS.indexOf(as) <= IMPORT_KINDS.indexOf(format.holds);
}
