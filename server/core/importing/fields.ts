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

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
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

function checkText(text: string, field: string): string {
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
