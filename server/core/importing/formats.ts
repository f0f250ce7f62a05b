import { amoBench } from "./amo-bench";
import { genericAttempts } from "./attempts";
import { bigbenchMistake } from "./bigbench-mistake";
import { byColumns } from "./columns";
import { deepScaleR } from "./deepscaler";
import { normaliseFields, normaliseName } from "./fields";
import { gsm8kProblems, gsm8kSolutions } from "./gsm8k";
import { imoAnswerBench } from "./imo-answerbench";
import { inspectLog } from "./inspect";
import { intSft } from "./int-sft";
import { mathArena, mathArenaOutputs } from "./matharena";
import { mathShepherd } from "./math-shepherd";
import { omniMath } from "./omni-math";
import { openaiBatch } from "./openai-batch";
import { polaris } from "./polaris";
import { prm800k } from "./prm800k";
import { genericProblems } from "./problems";
import { processBench } from "./processbench";
import { reasoning } from "./reasoning";
import { type ColumnMapping, type Fields, IMPORT_KINDS, type ImportedRow, type ImportFormat, type ImportKind, RowError, type Target, tellable } from "./record";
import { checkStorable } from "./storable";
import { trlCompletions } from "./trl-completions";
import { trlStepwise } from "./trl-stepwise";
import { verlRollout } from "./verl-rollout";

/** All formats, the most particular first: the first that matches is taken. Adding one: a file, a line here, a pair of fixtures. */
export const FORMATS: readonly ImportFormat[] = [
  inspectLog,
  openaiBatch,
  verlRollout,
  trlStepwise,
  trlCompletions,
  bigbenchMistake,
  prm800k,
  mathShepherd,
  processBench,
  gsm8kSolutions,
  intSft,
  mathArenaOutputs,
  reasoning,
  gsm8kProblems,
  imoAnswerBench,
  amoBench,
  mathArena,
  omniMath,
  polaris,
  deepScaleR,
  genericAttempts,
  genericProblems,
];

/** Every name that can be asked for; "columns" reads any file by its mapping. */
export const FORMAT_IDS: readonly string[] = [...FORMATS.map((f) => f.id), "columns"];

/** Fields that can be set for a known format without reading the whole file by its columns. */
const OVERRIDES: readonly Target[] = ["model", "solution_source", "label_source", "difficulty"];

/** @returns null for an id that does not exist. */
export function formatById(id: string, mapping: ColumnMapping = {}): ImportFormat | null {
  if (id === "columns") return byColumns(mapping);
  const known = FORMATS.find((f) => f.id === id);
  return known ? withMapping(known, mapping) : null;
}

/** The format of the first row that one of them knows; by its columns when the mapping asks for more than a known one can set. */
export function detectFormat(rows: readonly Fields[], mapping: ColumnMapping = {}): ImportFormat | null {
  for (const row of rows) {
    const normal = normaliseFields(row);
    const found = FORMATS.find((f) => f.matches(f.ownSpelling ? row : normal));
    if (found) return withMapping(found, mapping);
  }
  return Object.keys(mapping).length > 0 ? byColumns(mapping) : null;
}

/** A known format whose attempts' model, labels' source and so on are set by the mapping; or reading by columns. */
function withMapping(format: ImportFormat, mapping: ColumnMapping): ImportFormat {
  const wanted = Object.keys(mapping) as Target[];
  if (wanted.length === 0) return format;
  const fixed = wanted.every((t) => OVERRIDES.includes(t) && "value" in (mapping[t] ?? {}));
  if (!fixed) return byColumns(mapping);
  const set = (target: Target, otherwise: string): string => {
    const source = mapping[target];
    return source && "value" in source ? source.value : otherwise;
  };
  return {
    ...format,
    takes: (row) => ({ ...format.takes(row), ...Object.fromEntries(wanted.map((t) => [t, `“${set(t, "")}”`])) }),
    map(row) {
      const { problem, attempts } = format.map(row);
      return {
        problem:
          "ids" in problem
            ? problem
            : {
                ...problem,
                referenceSource: problem.reference === "" ? "" : set("solution_source", problem.referenceSource),
                difficulty: set("difficulty", problem.difficulty),
              },
        attempts: attempts.map((a) => ({
          ...a,
          model: set("model", a.model),
          label: a.label ? { ...a.label, source: set("label_source", a.label.source) } : null,
        })),
      };
    },
  };
}

/**
 * A row of a file as one problem with its attempts. `as` may take less than the format holds.
 * @throws RowError for a row that cannot be used.
 */
export function mapRow(format: ImportFormat, fields: Fields, as: ImportKind): ImportedRow {
  // Names of models are field names in GSM8K's file, and a mapping names columns as they are spelled.
  const row = format.map(format.ownSpelling ? fields : normaliseFields(fields));
  checkStorable(row);
  if (as === "problems") {
    if ("ids" in row.problem) throw new RowError(row.problem.field, "names a problem, but the row does not hold it");
    return { ...row, attempts: [] };
  }
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

/** Fields of the first rows that the format does not read, so that nothing is lost silently. */
export function notKept(format: ImportFormat, rows: readonly Fields[]): string[] {
  const reads = new Set(format.reads);
  if (reads.has("*")) return [];
  const seen = new Set<string>();
  for (const row of rows) {
    const normal = normaliseFields(row);
    for (const name of Object.keys(normal)) seen.add(name);
    for (const name of Object.values(format.takes(format.ownSpelling ? row : normal))) reads.add(normaliseName(name));
  }
  return [...seen].filter((name) => !reads.has(name)).slice(0, 100).map(tellable);
}
