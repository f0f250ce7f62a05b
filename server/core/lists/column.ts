/** What a column of a list is. Each list has ONE such table of columns: what may be sorted, filtered, shown and exported. */

/** How values compare and which filters there are. `id`: a row of another kind, filtered by its id. */
export type ColumnType = "text" | "number" | "enum" | "date" | "boolean" | "id";

/** What a cell holds and how it is drawn (cells.ts says what each is made of). */
export type Show =
  | "text"
  | "excerpt"
  | "mono"
  | "count"
  | "figure"
  | "share"
  | "moment"
  | "word"
  | "yes"
  | "statement"
  | "rate"
  | "step"
  | "reward"
  | "first_error"
  | "tags"
  | "link"
  | "state";

/** Values of an enum that only the study knows; `lists.choices` names them. */
export type ChoiceSource = "models" | "sets" | "levels" | "tags" | "labelSources" | "errorTypes";

export interface Column {
  /** Its header. */
  label: string;
  /** One sentence, where the label does not say it all. */
  about?: string;
  type: ColumnType;
  show: Show;
  sort?: true;
  filter?: true;
  /** Of an enum: its values with their words, or where they are found. */
  options?: readonly (readonly [value: string, words: string])[] | ChoiceSource;
  /** Words in an address that stand for several values ("chosen": every proposal there is). */
  aliases?: Readonly<Record<string, readonly string[]>>;
  /** Some rows have no value: `none` and `any` can be asked for, and such rows come last in both directions. */
  nullable?: true;
  /** Shown when the address says nothing of columns. */
  shown?: true;
  /** Set at the end of its column, as numbers are. */
  end?: true;
  /** Share of the width, in rem; 8 when absent. */
  width?: number;
  /** A filter alone: there is nothing to show. */
  hidden?: true;
}

export type Columns = Readonly<Record<string, Column>>;

/** A list: its columns in their order, and the order of its rows when nothing else is asked for. */
export interface ListSpec<C extends Columns = Columns> {
  /** In the plural, as a title. */
  title: string;
  one: string;
  many: string;
  columns: C;
  sort: { id: string; desc: boolean };
  /** Column that always stands first, and leads to the row's own page. */
  lead: string;
}

/** A list whose order and lead are columns of its own. */
export function listSpec<const C extends Columns>(
  spec: ListSpec<C> & { sort: { id: keyof C }; lead: keyof C },
): ListSpec<C> {
  return spec;
}

const YES: readonly (readonly [string, string])[] = [
  ["yes", "yes"],
  ["no", "no"],
];

/** Values of an enum or boolean that are known here; null where only the study knows them. */
export function fixedOptions(column: Column): readonly (readonly [string, string])[] | null {
  if (column.type === "boolean") return YES;
  return typeof column.options === "object" ? column.options : null;
}

/** The tags column, the same in every list. */
export const TAGS = {
  label: "Tags",
  type: "enum",
  show: "tags",
  filter: true,
  options: "tags",
  nullable: true,
  shown: true,
  width: 9,
} as const satisfies Column;
