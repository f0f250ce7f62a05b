/** What a list is in SQL. Column ids are those of server/core/lists; the compiler asks for each of them. */
import type { Filter } from "../../core/lists/filter";

/** Takes a value and gives its mark in the statement ("$3"): values are never part of the text. */
export type Add = (value: unknown) => string;

export type SqlType = "int4" | "int8" | "float8" | "text" | "timestamptz" | "bool" | "uuid";

/** One expression that rows are ordered by. */
export interface SqlKey {
  sql: string;
  type: SqlType;
  nullable: boolean;
}

/** What a filter is written with. */
export interface FilterContext {
  add: Add;
  /** Mark of the study's id. */
  study: string;
}

export interface SqlColumn<Join extends string> {
  /** What it is ordered by; the id is always added as the last key. */
  keys?: readonly SqlKey[];
  /** Each run's rows lie in this order in an index, so that a page is read from the beginning of each run's. */
  ordered?: boolean;
  /** Joins that keys (and the filter) rest on. */
  needs?: readonly Join[];
  /** The condition of a filter; without one: of the first key. */
  filter?: (filter: Filter, context: FilterContext) => string;
  /** The filter needs none of `needs`. */
  filterAlone?: boolean;
  /** What is shown; null: it is a filter alone. */
  cell: string | null;
  /** Joins that the cell rests on. */
  cellNeeds?: readonly Join[];
}

export interface SqlList<Id extends string, Join extends string> {
  /** "attempt a": what one row is. */
  from: string;
  /** "a". */
  alias: string;
  /** Joins by name, in an order in which they can stand. */
  joins: Readonly<Record<Join, string>>;
  /** Which rows are the study's, under the filters that have a say in it. */
  base: (filters: Readonly<Record<string, Filter>>, context: FilterContext) => string;
  /**
   * Ids of the runs that rows hang on, as a subquery, for columns that are `ordered`; null: the list has none.
   * The rows of one run are those with `runColumn` = its id.
   */
  runs: ((filters: Readonly<Record<string, Filter>>, context: FilterContext) => string) | null;
  runColumn: string;
  /** The column with the attempt whose blind judging hides the row; null where nothing is hidden. */
  attempt: string | null;
  attemptNeeds?: readonly Join[];
  /** json: what links of a row are made of (RowRef). */
  ref: string;
  refNeeds: readonly Join[];
  columns: Readonly<Record<Id, SqlColumn<Join>>>;
}

export function sqlList<Id extends string, Join extends string>(list: SqlList<Id, Join>): SqlList<Id, Join> {
  return list;
}

export const key = (sql: string, type: SqlType, nullable = false): SqlKey => ({ sql, type, nullable });
