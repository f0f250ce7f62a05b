import { detectFormat, FORMAT_IDS, FORMATS, formatById, mapRow, notKept } from "../../core/importing/formats";
import { type Fields, type ImportedRow, type ImportFormat, type ImportKind, RowError, type Target } from "../../core/importing/record";
import type { ImportOptions, ImportSource } from "../../core/importing/settings";
import { normaliseFields } from "../../core/importing/fields";
import { extractAnswer } from "../../core/grading/extract";
import { splitSteps } from "../../core/steps";
import { InterveneError } from "../../errors";
import { choose, fieldsOf, headRows, type Wish } from "./choose";
import { CONTAINER_NAMES, type OpenedFile } from "./open";
import type { FileRow } from "./row";
import { peekSource, type SourceDeps } from "./source";

/** A column of the file, with a value of it. */
export interface PreviewColumn {
  name: string;
  example: string;
}

export interface PreviewAttempt {
  model: string;
  text: string;
  steps: number;
  /** What the grader would compare; null when the text has no answer. */
  answer: string | null;
  verdict: boolean | null;
  label: { source: string; firstError: number | null } | null;
  verification: boolean;
  proposal: { content: string; location: number } | null;
}

export type PreviewRow =
  | { row: number; problem: { statement: string; answer: string | null; reference: boolean; named: boolean }; attempts: PreviewAttempt[] }
  | { row: number; bad: { field: string; reason: string } };

/** What an import would do with a source, seen by its first rows. */
export interface ImportPreview {
  name: string;
  /** "Parquet", "JSON lines, gzip". */
  container: string;
  bytes: number;
  /** A sentence: what it is taken for, or why that is not known. */
  sentence: string;
  /** Null when no format knows it: then a mapping is asked for. */
  format: { id: string; title: string; holds: ImportKind } | null;
  as: ImportKind | null;
  problemSet: string | null;
  /** Which of the file's fields each of ours comes from. */
  takes: Partial<Record<Target, string>>;
  /** Fields that are not kept. */
  notKept: string[];
  columns: PreviewColumn[];
  rows: PreviewRow[];
  /** Formats that can be asked for. */
  formats: { id: string; title: string }[];
}

/** Rows that are shown. */
const SHOWN = 5;
/** Characters of a text that are shown. */
const EXCERPT = 600;

/**
 * The first rows of a source as they would be imported. Nothing is written.
 * @throws InterveneError for a source that cannot be opened, or options that cannot be.
 */
export function previewImport(deps: SourceDeps, input: { source: ImportSource } & Partial<ImportOptions>): Promise<ImportPreview> {
  return peekSource(deps, input.source, ({ opened, ...named }) => previewRows(opened, { ...input, ...named }));
}

/** {@link previewImport} of rows that are open already. */
export async function previewRows(opened: OpenedFile, wish: Wish): Promise<ImportPreview> {
  const head = await headRows(opened);
  const sample = fieldsOf(head);
  const base = {
    name: wish.name,
    container: `${CONTAINER_NAMES[opened.container]}${opened.compression ? `, ${opened.compression}` : ""}`,
    bytes: opened.bytes,
    columns: columnsOf(sample),
    formats: [...FORMATS.map(({ id, title }) => ({ id, title })), { id: "columns", title: "rows by their columns" }],
  };
  if (!knows(wish, sample)) {
    const sentence = unknownSentence(wish, opened, head);
    return { ...base, sentence, format: null, as: null, problemSet: null, takes: {}, notKept: [], rows: head.slice(0, SHOWN).flatMap(badOnly) };
  }
  const { format, as, problemSet, sentence } = choose(wish, opened, head);
  return {
    ...base,
    sentence,
    format: { id: format.id, title: format.title, holds: format.holds },
    as,
    problemSet,
    takes: sample[0] ? takesOf(format, sample[0]) : {},
    notKept: notKept(format, sample),
    rows: head.slice(0, SHOWN).map((row) => previewRow(row, format, as)),
  };
}

function knows(wish: Wish, sample: readonly Fields[]): boolean {
  if (wish.format && wish.format !== "auto") return FORMAT_IDS.includes(wish.format) ? formatById(wish.format) !== null : true;
  return detectFormat(sample, wish.mapping ?? {}) !== null;
}

function unknownSentence(wish: Wish, opened: OpenedFile, head: readonly FileRow[]): string {
  try {
    choose(wish, opened, head);
  } catch (error) {
    if (error instanceof InterveneError) return error.message;
    throw error;
  }
  return "";
}

function takesOf(format: ImportFormat, row: Fields): Partial<Record<Target, string>> {
  return format.takes(format.ownSpelling ? row : normaliseFields(row));
}

const badOnly = (row: FileRow): PreviewRow[] => ("bad" in row ? [{ row: row.row, bad: { field: row.bad.field, reason: row.bad.reason } }] : []);

function previewRow(read: FileRow, format: ImportFormat, as: ImportKind): PreviewRow {
  if ("bad" in read) return { row: read.row, bad: { field: read.bad.field, reason: read.bad.reason } };
  try {
    return shown(read.row, mapRow(format, read.fields, as), format);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    return { row: read.row, bad: { field: error.field, reason: error.reason } };
  }
}

function shown(row: number, { problem, attempts }: ImportedRow, format: ImportFormat): PreviewRow {
  return {
    row,
    problem:
      "ids" in problem
        ? { statement: problem.ids[0] ?? "", answer: null, reference: false, named: true }
        : { statement: excerpt(problem.statement), answer: problem.answer, reference: problem.reference !== "", named: false },
    attempts: attempts.slice(0, 4).map((a) => ({
      model: a.model,
      text: excerpt(a.text),
      steps: splitSteps(a.text).length,
      answer: a.finalAnswer === undefined ? (extractAnswer(a.text, { bareAnswers: format.bareAnswers === true })?.answer ?? null) : a.finalAnswer,
      verdict: a.verdict,
      label: a.label,
      verification: a.verification !== null,
      proposal: a.proposal ? { ...a.proposal, content: excerpt(a.proposal.content) } : null,
    })),
  };
}

const excerpt = (text: string) => (text.length > EXCERPT ? `${text.slice(0, EXCERPT)} …` : text);

/** Columns of the first rows, objects one level deep, with the first value that is not empty. */
function columnsOf(rows: readonly Fields[]): PreviewColumn[] {
  const found = new Map<string, string>();
  const see = (name: string, value: unknown) => {
    const text = value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
    if (!found.get(name)) found.set(name, text.replace(/\s+/g, " ").slice(0, 80));
  };
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      see(name, value);
      if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
      for (const [inner, deep] of Object.entries(value)) see(`${name}.${inner}`, deep);
    }
  }
  return [...found].slice(0, 200).map(([name, example]) => ({ name, example }));
}
