import type { Field, Row } from "./fields";
import type { Shape, ShapeRows } from "./shapes";

export const FILE_KINDS = ["jsonl", "parquet"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** A conversation becomes token ids: the model's own template and tokenizer (server/inference has them). */
export interface Encoder {
  /** Ids of the user's turn, ready for the assistant's words, and of the same with `text` behind it, as one string. */
  turn(user: string, text: string): Promise<{ prompt: readonly number[]; whole: readonly number[] }>;
  /** The rendered prompt as text. */
  render(user: string): Promise<string>;
  decode(ids: readonly number[]): Promise<string>;
  /** The end-of-turn token; null when the tokenizer does not tell. */
  endId: number | null;
}

/** What a format may know beside the row. */
export interface FormatContext {
  /** There exactly when the format asks for it. */
  encoder: Encoder | null;
  /** Name for the data, safe in file names and YAML: "lab-int". */
  name: string;
}

/** A row that the format cannot hold; counted by reason in the manifest, never lost silently. */
export class Skipped {
  constructor(readonly reason: string) {}
}

/** What is known when the data has been written. */
export interface Written {
  name: string;
  /** Rows by file stem ("train" and others that {@link ExportFormat.part} names), of files that were written. */
  parts: Readonly<Record<string, number>>;
  file: FileKind;
  /** Rows whose assistant turn does not end after the completion. */
  unfinished: number;
  baseModel: string;
}

/**
 * One training or evaluation format. Adding one: a file in formats/ and a line in registry.ts.
 */
export interface ExportFormat<S extends Shape = Shape> {
  id: string;
  label: string;
  /** What it is for, in one sentence. */
  about: string;
  /** Where its field names come from. */
  source: string;
  shape: S;
  /** What it can be written as; the first is taken when nothing is said. */
  files: readonly FileKind[];
  /** It needs the base model's template and tokenizer. */
  needsEncoder?: boolean;
  /** The columns; null: those of the source. */
  fields: readonly Field[] | null;
  row(input: ShapeRows[S], context: FormatContext): Row | Skipped | Promise<Row | Skipped>;
  /** Into which file a row goes; "train" for all when left out. */
  part?(input: ShapeRows[S]): string;
  /** Files that belong beside the data. */
  extras?(written: Written): readonly { name: string; text: string }[];
  /** How to read it, for the card and the page: code to paste. */
  load(written: Written): string;
  /** What a user must know of these rows in this format. */
  notes?(written: Written): readonly string[];
}

/** A format of any shape; tell them apart by `shape`. */
export type AnyFormat = { [S in Shape]: ExportFormat<S> }[Shape];

/** Name of a part's data file. */
export const dataFile = (part: string, file: FileKind) => `${part}.${file}`;

/** `load_dataset` of the written files. */
export function loadDataset({ parts, file }: Written): string {
  const loader = file === "jsonl" ? "json" : "parquet";
  const files = Object.keys(parts).map((p) => dataFile(p, file));
  const given = files.length === 1 ? `"${files[0]}"` : `[${files.map((f) => `"${f}"`).join(", ")}]`;
  return `from datasets import load_dataset\n\nrows = load_dataset("${loader}", data_files=${given}, split="train")\nprint(rows[0])`;
}

/** For formats whose readers end every assistant turn by themselves. */
export function turnEndWarning(who: string, instead: string) {
  return (written: Written): readonly string[] =>
    written.unfinished === 0
      ? []
      : [
          `${written.unfinished} of these completions stop in the middle of an answer, on purpose: ${who} adds an end-of-turn token behind each of them, which would train the model to stop there. ${instead}`,
        ];
}
