/** One JSON value out of bytes, as careful with it as files of other tools need. */
import type { Fields } from "../../core/importing/record";
import { messageOf } from "../../errors";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** A number of 16 digits or more, or with a large exponent, may not be what JavaScript makes of it. */
const LONG_NUMBER = /\d{16}|[eE]\+?\d{3}/;
/** Larger rows are not searched for NaN: a row that holds one is refused then. Characters. */
const LARGEST_REPAIR = 8 * 1024 * 1024;

export type ParsedRow = { fields: Fields; repaired?: string } | { reason: string; empty?: true };

/** Bytes as text; null when they are not UTF-8. A byte-order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** A row of JSON: an object, or why it is none. */
export function parseRow(bytes: Uint8Array): ParsedRow {
  const text = decodeUtf8(bytes);
  if (text === null) return { reason: "is not UTF-8" };
  if (text.trim() === "") return { reason: "is empty", empty: true };
  let value: unknown;
  let repaired = false;
  try {
    value = parseExactly(text);
  } catch (cause) {
    const mended = withoutNaN(text);
    if (mended === null) return { reason: `is not JSON (${messageOf(cause)})` };
    try {
      value = parseExactly(mended);
      repaired = true;
    } catch {
      return { reason: `is not JSON (${messageOf(cause)})` };
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { reason: "is not a JSON object" };
  const fields = value as Fields;
  return repaired ? { fields, repaired: "NaN or Infinity, which JSON does not have: read as nothing" } : { fields };
}

/**
 * JSON.parse, but numbers that a double cannot hold (2^53 and beyond, long decimals, 1e400) stay the text they are
 * written as: an answer must not change by being read.
 */
export function parseExactly(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value !== "number") return value;
    const source = context?.source;
    if (source === undefined) return value;
    const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : source.replace(/[^\d]/g, "").length <= 17;
    return exact && Number.isFinite(value) ? value : source;
  });
}

/** Python writes NaN and Infinity as bare words; null when there is none. */
function withoutNaN(text: string): string | null {
  if (text.length > LARGEST_REPAIR || !/NaN|Infinity/.test(text)) return null;
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) => (token.startsWith('"') ? token : "null"));
}
