import { readModelString } from "./modelString";

/** What a key was given. */
export interface LooseValue {
  /** Strings with their escapes undone; numbers and words as written. */
  text: string;
  /** False when a string began and never ended, and nothing after it showed where it should have. */
  closed: boolean;
}

export interface LooseObject {
  /** By lower-cased key. Of a key that occurs twice the last counts. */
  fields: Map<string, LooseValue>;
  /** What had to be repaired, for people. */
  repairs: string[];
}

const QUOTES = "\"'“”‘’`";
/** Keys under which models give the step; the first that is there counts. */
export const LOCATION_KEYS = ["location", "loc", "position", "substep", "substep_number", "step_number", "insert_before", "step"];
/** Keys that count without quotes around them. */
const BARE_KEYS = ["content", "intervention", ...LOCATION_KEYS].join("|");
const QUOTED_KEY = `\\\\?["'“”‘’\`]([A-Za-z_][\\w -]{0,40})\\\\?["'“”‘’\`]\\s{0,20}[:=]`;
const BARE_KEY = `[*_]{0,3}(${BARE_KEYS})[*_]{0,3}\\s{0,5}[:=][*_]{0,3}`;

/**
 * Read a JSON-like object out of a model's text: raw line breaks and single backslashes in strings, single or
 * typographic quotes, quotes inside strings, bare keys, missing or superfluous commas, a missing closing brace, text around.
 * Nested objects are read as if their keys stood in the outer one. Takes time linear in the text.
 */
export function readLooseObject(source: string): LooseObject {
  const repairs = new Set<string>();
  let text = source;
  if (/\{\s{0,20}\\"/.test(text)) {
    // The whole object was escaped once more, as if it stood inside a string.
    text = text.replace(/\\(["\\])/g, "$1");
    repairs.add("the JSON was escaped twice");
  }
  const fields = new Map<string, LooseValue>();
  const brace = text.indexOf("{");
  const key = new RegExp(`${QUOTED_KEY}|${BARE_KEY}`, "iy");
  let at = brace === -1 ? 0 : brace + 1;
  if (brace === -1) repairs.add("no opening brace");
  let closed = false;
  while (at < text.length) {
    if (text[at] === "}") {
      closed = true;
      break;
    }
    key.lastIndex = at;
    const match = key.exec(text);
    if (!match) {
      at++;
      continue;
    }
    if (match[1] === undefined || match[0].includes("=")) repairs.add("a key that is not JSON");
    at = skipSpace(text, key.lastIndex);
    const name = (match[1] ?? match[2] ?? "").toLowerCase().trim();
    const read = readValue(text, at, repairs, LOCATION_KEYS.includes(name));
    at = Math.max(read.end, at);
    if (read.value) fields.set(name, read.value);
  }
  if (!closed && brace !== -1) repairs.add("the closing brace is missing");
  return { fields, repairs: [...repairs] };
}

interface Read {
  /** Null for the beginning of a nested object. */
  value: LooseValue | null;
  /** Where to go on. */
  end: number;
}

/** @param short A number or a few words: without quotes it ends with its line. */
function readValue(text: string, at: number, repairs: Set<string>, short: boolean): Read {
  const first = text[at] ?? "";
  if (first === "{") return { value: null, end: at + 1 };
  if (first === "[") return readList(text, at, repairs);
  if (text.startsWith('"""', at)) {
    const end = text.indexOf('"""', at + 3);
    repairs.add("triple quotes");
    const stop = end === -1 ? text.length : end;
    return { value: { text: readModelString(text.slice(at + 3, stop)), closed: end !== -1 }, end: stop + 3 };
  }
  if (first !== "" && QUOTES.includes(first)) return readString(text, at, repairs);
  if (short) {
    const word = /[^,}\n]*/y;
    word.lastIndex = at;
    return { value: { text: word.exec(text)?.[0].trim() ?? "", closed: true }, end: word.lastIndex };
  }
  return readBare(text, at);
}

function readString(text: string, at: number, repairs: Set<string>): Read {
  const opening = text[at] ?? "";
  if (opening !== '"') repairs.add("quotes that are not JSON");
  const closers = opening === '"' ? '"' : opening === "“" || opening === "”" ? '”“"' : "'’‘`";
  let inner = false;
  for (let i = at + 1; i < text.length; i++) {
    const ch = text[i] ?? "";
    if (ch === "\\") i++;
    else if (closers.includes(ch)) {
      if (endsValue(text, i + 1)) {
        const raw = text.slice(at + 1, i);
        noteRaw(raw, repairs);
        if (inner) repairs.add("quotes inside a string");
        return { value: { text: readModelString(raw), closed: true }, end: i + 1 };
      }
      inner = true;
    }
  }
  // No quote ends it. A location key further on shows where it should have ended.
  const rest = text.slice(at + 1);
  const locations = [...rest.matchAll(/[,\n]?\s{0,20}["'“”*]{0,3}location["'“”*]{0,3}\s{0,5}[:=]/gi)];
  const cut = locations.at(-1)?.index;
  const raw = (cut === undefined ? rest : rest.slice(0, cut)).trimEnd();
  noteRaw(raw, repairs);
  repairs.add("a string has no end");
  const trimmed = cut === undefined ? withoutTail(raw) : raw.replace(/["'”’,]{1,3}$/, "");
  return {
    value: { text: readModelString(trimmed), closed: cut !== undefined },
    end: cut === undefined ? text.length : at + 1 + cut,
  };
}

/** Does a string that ends before `at` leave the object well formed: a comma and a key, a closing brace, or the end? */
function endsValue(text: string, at: number): boolean {
  let i = skipSpace(text, at);
  if (i >= text.length) return true;
  const ch = text[i];
  if (ch === "]" || ch === "}") {
    // In LaTeX a brace may follow a quote (\text{"a"}); after the object's own there is nothing, or a new line.
    const after = skipSpace(text, i + 1);
    return after >= text.length || "}]`<,".includes(text[after] ?? "") || text.slice(i + 1, after).includes("\n");
  }
  if (ch === "`" && text.startsWith("```", i)) return true;
  const comma = ch === "," || ch === ";";
  if (!comma && !text.slice(at, i).includes("\n")) return false;
  if (comma) i = skipSpace(text, i + 1);
  if (comma && (i >= text.length || text[i] === "}")) return true;
  const key = new RegExp(`${QUOTED_KEY}|${BARE_KEY}`, "iy");
  key.lastIndex = i;
  return key.test(text);
}

/** The strings of a list are the lines of a text. */
function readList(text: string, at: number, repairs: Set<string>): Read {
  repairs.add("a list where one text was asked for");
  const stop = text.indexOf("]", at);
  const end = stop === -1 ? text.length : stop;
  const lines = [...text.slice(at + 1, end).matchAll(/"((?:[^"\\]|\\[\s\S])*)"/g)].map((m) => readModelString(m[1] ?? ""));
  const bare = text.slice(at + 1, end).trim();
  return { value: { text: lines.length > 0 ? lines.join("\n") : bare, closed: stop !== -1 }, end: end + 1 };
}

/** A text without quotes: nothing, or lines up to the next known key. */
function readBare(text: string, at: number): Read {
  const simple = /(?:[-+]?\d+(?:\.\d+)?|null|none)(?=\s{0,20}(?:[,}\n]|$))/iy;
  simple.lastIndex = at;
  const word = simple.exec(text);
  if (word) return { value: { text: word[0], closed: true }, end: simple.lastIndex };
  const next = new RegExp(`[,\\n}]\\s{0,20}(?:${QUOTED_KEY}|${BARE_KEY})`, "ig");
  next.lastIndex = at;
  const found = next.exec(text);
  const end = found ? found.index : text.length;
  return { value: { text: withoutTail(text.slice(at, end)).trim(), closed: true }, end: Math.max(end, at + 1) };
}

function noteRaw(raw: string, repairs: Set<string>): void {
  if (/[\n\r]/.test(raw)) repairs.add("line breaks inside a string");
  const line = raw.replace(/[\n\r\t]/g, " ");
  if (line.includes("\\") && readModelString(line) !== strictly(line)) repairs.add("LaTeX backslashes that JSON reads otherwise");
}

/** What a JSON parser makes of the string; null when it rejects it. */
function strictly(raw: string): string | null {
  try {
    const value: unknown = JSON.parse(`"${raw}"`);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

/** Without the braces, quotes and fences that may follow the last value. */
function withoutTail(text: string): string {
  let end = text.length;
  while (end > 0 && "}]\"'`”’, \n\r\t".includes(text[end - 1] ?? "")) end--;
  const tail = text.slice(end);
  // A brace that the text itself opened is not the object's.
  const open = (text.slice(0, end).match(/(?<!\\)\{/g) ?? []).length - (text.slice(0, end).match(/(?<!\\)\}/g) ?? []).length;
  return text.slice(0, end) + (open > 0 ? "}".repeat(Math.min(open, tail.split("}").length - 1)) : "");
}

function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && /\s/.test(text[i] ?? "")) i++;
  return i;
}
