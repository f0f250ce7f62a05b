import pg from "pg";
import type { Filters } from "../../core/exporting/request";
import { intLiteral, uuidLiteral } from "../transaction";

/** Whose rows are read, and which of them. COPY takes no parameters, so all of it goes into the SQL as literals. */
export interface Scope {
  studyId: string;
  /** The data set's id, when one is exported. */
  datasetId?: string;
  filters: Filters;
  /** Judges' names instead of pseudonyms. */
  names: boolean;
  /** Open blind queues whose decisions are read nevertheless. */
  openBlindQueues: readonly string[];
}

export const textLiteral = (value: string): string => pg.escapeLiteral(value);

/** Conditions joined; those that are empty are left out. */
export function where(...conditions: readonly string[]): string {
  const given = conditions.filter((c) => c !== "");
  return given.length === 0 ? "" : `WHERE ${given.join(" AND ")}`;
}

/** `column = value` when the filter is set. */
export function equals(column: string, value: string | number | boolean | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string") return `${column} = ${textLiteral(value)}`;
  return `${column} = ${typeof value === "number" ? intLiteral(value) : value}`;
}

export const isRun = (column: string, run: string | undefined): string =>
  run === undefined ? "" : `${column} = ${uuidLiteral(run)}`;

/** A person as exports show them: the name, or a pseudonym that is the same in every export. */
export const judge = (scope: Pick<Scope, "names">, person: string): string =>
  scope.names
    ? `${person}.name`
    : `'judge-' || left(encode(sha256(convert_to(${person}.id::text, 'UTF8')), 'hex'), 8)`;

/** A queue's decisions may be read: judges of an open blind queue must not see each other's, in an export neither. */
export function readable(scope: Scope, queue: string): string {
  const named = scope.openBlindQueues.map(textLiteral).join(", ");
  return `(NOT ${queue}.blind OR ${queue}.closed_at IS NOT NULL${named === "" ? "" : ` OR ${queue}.name IN (${named})`})`;
}

/** The newest settlement of an item: the one that none replaces. */
export const SETTLEMENT = (item: string): string =>
  `LEFT JOIN settlement st ON st.item_id = ${item}.id AND NOT EXISTS (SELECT 1 FROM settlement n WHERE n.replaces_id = st.id)`;
