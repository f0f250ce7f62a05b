import { type Fields, RowError } from "./record";

/** The same name in every spelling: "Short Answer", "short-answer" and "short_answer" are one field. */
export function normaliseName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
}

/** The row under normalised names; of two spellings of one name the first that is not empty wins. */
export function normaliseFields(row: Fields): Fields {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    const key = normaliseName(name);
    if (isAbsent(out[key])) out[key] = value;
  }
  return out;
}

export function has(row: Fields, ...names: string[]): boolean {
  return names.some((n) => n in row);
}

/** Nothing: missing, null, empty, or the NaN that tables have where nothing is. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (typeof value === "number" && Number.isNaN(value));
}

/** The first of `names` that the row fills, with the name it stands under. */
export function pick(row: Fields, names: readonly string[]): { name: string; value: unknown } | null {
  for (const name of names) if (!isAbsent(row[name])) return { name, value: row[name] };
  return null;
}

/** Text of the first of `names` that is filled. @throws RowError when none is, or when it holds no text. */
export function requireText(row: Fields, names: readonly string[]): string {
  const found = pick(row, names);
  const first = names[0] ?? "";
  if (!found) throw new RowError(first, first in row ? "is empty" : "is missing");
  const text = asText(found.value, found.name);
  if (text.trim() === "") throw new RowError(found.name, "is empty");
  return text;
}

/** Like {@link requireText}, "" when no field of that name is filled. */
export function optionalText(row: Fields, names: readonly string[]): string {
  const found = pick(row, names);
  return found ? asText(found.value, found.name) : "";
}

/**
 * A value as text. Numbers and booleans are written out; a list is its members joined by ", " (answers of some
 * sets stand in a list of one).
 * @throws RowError for objects, and for text that PostgreSQL cannot hold.
 */
export function asText(value: unknown, field: string): string {
  if (typeof value === "string") return checkText(value, field);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === "string" || typeof v === "number")) {
    return checkText(value.map(String).join(", "), field);
  }
  throw new RowError(field, `must be text, but is ${describe(value)}`);
}

/** @throws RowError for text that PostgreSQL cannot hold. */
export function checkText(text: string, field: string): string {
  if (text.includes("\0")) throw new RowError(field, "holds a NUL character, which the database cannot store");
  if (!text.isWellFormed()) throw new RowError(field, "holds half of a surrogate pair (broken UTF-16)");
  return text;
}

/** The kind of a value, for messages. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A value that means yes or no: true, 1, "correct", "C". Null when it is none of them. */
export function yesOrNo(value: unknown): boolean | null {
  const word = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (word === true || word === 1 || word === "1" || word === "1.0") return true;
  if (word === false || word === 0 || word === "0" || word === "0.0") return false;
  if (word === "true" || word === "correct" || word === "c" || word === "right" || word === "yes") return true;
  if (word === "false" || word === "incorrect" || word === "i" || word === "wrong" || word === "no") return false;
  return null;
}

/** A whole number, from a number or its text. @throws RowError */
export function wholeNumber(value: unknown, field: string): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number)) {
    throw new RowError(field, `must be a whole number, but is ${typeof value === "string" ? `"${value.slice(0, 40)}"` : describe(value)}`);
  }
  return number;
}

/** The value at a path: the field of that very name, else a path with dots into objects and lists. */
export function valueAt(row: Fields, path: string): unknown {
  if (path in row) return row[path];
  let value: unknown = row;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** An object's fields; null when it is none. */
export function asFields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}
