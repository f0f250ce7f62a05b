/**
 * Any file, by a mapping of its columns: each of our fields (TARGETS) is read from a column, a path into one, or is the same text
 * for every row; what is not mapped is looked for under its usual names.
 */
import { joinSteps, splitSteps } from "../steps";
import { unboxed } from "./answers";
import { finishOf, MODEL, TEXT, UNNAMED, VERDICT } from "./attempts";
import { asFields, asText, describe, isAbsent, normaliseName, pick, valueAt, wholeNumber, yesOrNo } from "./fields";
import { proposalFrom } from "./int-sft";
import { ANSWER, DIFFICULTY, ID, REFERENCE, REFERENCE_SOURCE, STATEMENT } from "./problems";
import { isMessages, lastAssistant, promptProblem } from "./prompts";
import { type ColumnMapping, type Fields, type ImportedAttempt, type ImportedProblem, type ImportFormat, plainAttempt, RowError, type Target, TARGETS } from "./record";
import { fromIndex, fromNumber, stepList } from "./step-list";

/** Where a field is looked for that is not mapped. */
const USUAL: Record<Target, readonly string[]> = {
  id: ID,
  problem: STATEMENT,
  answer: ANSWER,
  solution: REFERENCE,
  solution_source: REFERENCE_SOURCE,
  difficulty: DIFFICULTY,
  attempt: [...TEXT, "steps"],
  model: MODEL,
  final_answer: [],
  verdict: VERDICT,
  first_error: ["first_error"],
  mistake_index: ["mistake_index"],
  label_source: ["label_source"],
  verification: ["verification", "self_verify_output"],
  intervention: ["intervention", "self_proposed_intervention"],
  location: ["location"],
  finish_reason: ["finish_reason"],
  tokens: ["tokens"],
};
const LABEL_SOURCE = "labels of the file";

interface Found {
  name: string;
  value: unknown;
}

class Row {
  private readonly normal: Fields;
  constructor(
    private readonly fields: Fields,
    private readonly mapping: ColumnMapping,
  ) {
    const normal: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fields)) if (isAbsent(normal[normaliseName(name)])) normal[normaliseName(name)] = value;
    this.normal = normal;
  }
  /** What a target holds in this row; null when it is missing or empty. */
  get(target: Target): Found | null {
    const source = this.mapping[target];
    if (!source) return pick(this.normal, USUAL[target]);
    if ("value" in source) return source.value === "" ? null : { name: target, value: source.value };
    const value = valueAt(this.fields, source.column) ?? this.normal[normaliseName(source.column)];
    return isAbsent(value) ? null : { name: source.column, value };
  }
  text(target: Target): string {
    const found = this.get(target);
    return found ? asText(found.value, found.name).trim() : "";
  }
  /** @throws RowError naming the mapped column, or our own field. */
  need(target: Target): Found {
    const found = this.get(target);
    if (found) return found;
    const source = this.mapping[target];
    throw new RowError(source && "column" in source ? source.column : target, "is missing or empty");
  }
}

function problemOf(row: Row): ImportedProblem {
  const asked = row.need("problem");
  const reference = row.text("solution");
  return {
    key: row.text("id") || null,
    statement: promptProblem(asked.value, asked.name),
    answer: unboxed(row.text("answer")) || null,
    reference,
    referenceSource: reference === "" ? "" : row.text("solution_source") || "the file",
    difficulty: row.text("difficulty"),
  };
}

/** The attempt's text: a text, a list of steps, or messages. */
function textOf({ name, value }: Found): string {
  if (isMessages(value)) {
    const said = lastAssistant(value, name);
    if (!said) throw new RowError(name, "holds no answer of the assistant");
    return said;
  }
  if (Array.isArray(value)) return joinSteps(stepList(value, name));
  return asText(value, name).trim();
}

function labelOf(row: Row, steps: number): ImportedAttempt["label"] {
  const source = row.text("label_source") || LABEL_SOURCE;
  const [number, index] = [row.get("first_error"), row.get("mistake_index")];
  if (number) return { source, firstError: fromNumber(number.value, steps, number.name) };
  if (index) return { source, firstError: fromIndex(wholeNumber(index.value, index.name), steps, index.name) };
  return null;
}

function attemptOf(row: Row): ImportedAttempt | null {
  const found = row.get("attempt");
  if (!found) return null;
  const text = textOf(found);
  const steps = splitSteps(text).length;
  if (steps === 0) throw new RowError(found.name, "is empty");
  const [verdict, tokens, intervention] = [row.get("verdict"), row.get("tokens"), row.get("intervention")];
  const said = verdict ? yesOrNo(verdict.value) : null;
  if (verdict && said === null) throw new RowError(verdict.name, `must be true or false, but is ${describe(verdict.value)}`);
  return {
    ...plainAttempt(row.text("model") || UNNAMED, text),
    ...(row.get("final_answer") ? { finalAnswer: row.text("final_answer") } : {}),
    verdict: said,
    label: labelOf(row, steps),
    verification: row.text("verification") || null,
    proposal: intervention ? proposalFrom(withLocation(intervention.value, row), intervention.name, steps) : null,
    ...finishOf(row.get("finish_reason")?.value),
    ...(tokens ? { tokens: wholeNumber(tokens.value, tokens.name) } : {}),
  };
}

/** A text needs the location that stands in a column of its own. */
function withLocation(value: unknown, row: Row): unknown {
  const location = row.get("location");
  if (!location || asFields(value)) return value;
  return { content: value, location: location.value };
}

/** Which column feeds each of our fields, given a row. */
export function columnTakes(row: Fields, mapping: ColumnMapping): Partial<Record<Target, string>> {
  const found = new Row(row, mapping);
  const out: Partial<Record<Target, string>> = {};
  for (const target of TARGETS) {
    const source = mapping[target];
    if (source) out[target] = "column" in source ? source.column : `“${source.value}”`;
    else {
      const name = found.get(target)?.name;
      if (name !== undefined) out[target] = name;
    }
  }
  return out;
}

/** The format of a file that is read by its columns. */
export function byColumns(mapping: ColumnMapping): ImportFormat {
  const mapped = Object.values(mapping).flatMap((s) => ("column" in s ? [normaliseName(s.column.split(".")[0] ?? ""), normaliseName(s.column)] : []));
  return {
    id: "columns",
    title: "rows by their columns",
    holds: "traces",
    bareAnswers: true,
    ownSpelling: true,
    answerRule: "the mapped final answer",
    reads: [...mapped, ...TARGETS.flatMap((t) => (mapping[t] ? [] : USUAL[t]))],
    takes: (row) => columnTakes(row, mapping),
    matches: () => false,
    map(fields) {
      const row = new Row(fields, mapping);
      const problem = problemOf(row);
      const attempt = attemptOf(row);
      if (!attempt && problem.answer === null) throw new RowError("answer", "is missing or empty: a problem without an attempt needs one");
      return { problem, attempts: attempt ? [attempt] : [] };
    },
  };
}
