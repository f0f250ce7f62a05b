/** What one column is asked for, and how that is written in an address. */
import { z } from "zod";
import type { Column } from "./column";

/** null among the values: rows without one. */
export const filterSchema = z.discriminatedUnion("is", [
  /** There is a value. */
  z.object({ is: z.literal("any") }),
  z.object({ is: z.literal("in"), values: z.array(z.string().max(500).nullable()).min(1).max(200) }),
  z.object({ is: z.literal("not"), values: z.array(z.string().max(500).nullable()).min(1).max(200) }),
  /** Numbers, or instants as ISO text; both ends belong to it, but for `below`, which says that the upper one does not. */
  z.object({
    is: z.literal("range"),
    min: z.union([z.number(), z.string().max(40)]).nullable(),
    max: z.union([z.number(), z.string().max(40)]).nullable(),
    below: z.boolean().optional(),
  }),
  /** The text occurs, whatever the case. */
  z.object({ is: z.literal("has"), text: z.string().min(1).max(500) }),
]);
export type Filter = z.infer<typeof filterSchema>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NUMBER = /^-?\d{1,15}(\.\d{1,20})?(e-?\d{1,2})?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;

/** A filter out of an address's words; null for what makes no sense. */
export function parseFilter(column: Column, text: string): Filter | null {
  if (column.filter !== true || text === "" || text.length > 20_000 || text.includes("\0")) return null;
  if (text === "any") return column.nullable === true ? { is: "any" } : null;
  switch (column.type) {
    case "number":
    case "date":
      return text === "none" ? onlyNone(column) : parseRange(column.type, text);
    case "text":
      if (text === "none") return onlyNone(column);
      if (text.startsWith("=")) return { is: "in", values: [text.slice(1, 501)] };
      return has(text.startsWith("~") ? text.slice(1) : text);
    default:
      return parseValues(column, text);
  }
}

/** A filter as an address writes it; {@link parseFilter} reads it back. */
export function filterText(column: Column, filter: Filter): string {
  const values = filter.is === "any" ? ["any"] : filter.is === "in" ? filter.values.map((v) => v ?? "none") : null;
  // Other pages (an attempt's, a new queue's) know these words.
  for (const [word, stand] of Object.entries(column.aliases ?? {}))
    if (values !== null && values.length === stand.length && values.every((v, i) => v === stand[i])) return word;
  switch (filter.is) {
    case "any":
      return "any";
    case "has":
      return /^[=~]|^(any|none)$/.test(filter.text) ? `~${filter.text}` : filter.text;
    case "range": {
      const [min, max] = [filter.min ?? "", filter.max ?? ""];
      return min === max && filter.below !== true ? String(min) : `${min}..${filter.below === true ? "<" : ""}${max}`;
    }
    case "in":
    case "not":
      if (column.type === "text") return filter.values[0] === null ? "none" : `=${filter.values[0] ?? ""}`;
      return (filter.is === "not" ? "!" : "") + filter.values.map((v) => (v === null ? "none" : escaped(v))).join(",");
  }
}

const onlyNone = (column: Column): Filter | null => (column.nullable === true ? { is: "in", values: [null] } : null);
const has = (text: string): Filter | null => (text === "" ? null : { is: "has", text: text.slice(0, 500) });

/** "5", "5..9", "5..", "..9", "0.1..<0.2"; days and instants likewise. */
function parseRange(type: "number" | "date", text: string): Filter | null {
  const value = (part: string): number | string | null | undefined => {
    if (part === "") return null;
    if (type === "number") return NUMBER.test(part) && Number.isFinite(Number(part)) ? Number(part) : undefined;
    return (DAY.test(part) || INSTANT.test(part)) && !Number.isNaN(Date.parse(part)) ? part : undefined;
  };
  const at = text.indexOf("..");
  if (at < 0) {
    const only = value(text);
    return only === undefined || only === null ? null : { is: "range", min: only, max: only };
  }
  const upper = text.slice(at + 2);
  const below = upper.startsWith("<");
  const [min, max] = [value(text.slice(0, at)), value(below ? upper.slice(1) : upper)];
  if (min === undefined || max === undefined || (min === null && max === null) || (below && max === null)) return null;
  return { is: "range", min, max, ...(below ? { below } : {}) };
}

function parseValues(column: Column, text: string): Filter | null {
  const not = text.startsWith("!");
  const words = (not ? text.slice(1) : text).split(",");
  const values: (string | null)[] = [];
  for (const word of words) {
    const alias = column.aliases !== undefined && Object.hasOwn(column.aliases, word) ? column.aliases[word] : undefined;
    if (alias?.[0] === "any") return { is: "any" };
    for (const one of alias ?? [word]) {
      const value = one === "none" ? (column.nullable === true ? null : undefined) : unescaped(one);
      if (value === undefined || (value !== null && !isValue(column, value))) return null;
      if (!values.includes(value)) values.push(value);
    }
  }
  return values.length > 200 ? null : { is: not ? "not" : "in", values };
}

function isValue(column: Column, value: string): boolean {
  if (value === "" || value.length > 500) return false;
  if (column.type === "id") return UUID.test(value);
  if (column.type === "boolean") return value === "yes" || value === "no";
  return typeof column.options !== "object" || column.options.some(([v]) => v === value);
}

/** What would be taken for the list's own marks is written as its code. */
const escaped = (value: string): string =>
  /^(none|any)$/.test(value) ? `%${hex(value[0] ?? "")}${value.slice(1)}` : value.replace(/[%,!]/g, (c) => `%${hex(c)}`);
const hex = (c: string): string => c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
const unescaped = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
