import { parseRational } from "./rational";

/** A final answer in its normal form, for finding it in other texts; grading compares by mathematics (equal.ts). */
export interface NormalAnswer {
  kind: "number" | "text";
  key: string;
}

/** Answers are short; whatever is longer is a text that got there by mistake, and is compared as it is. */
const LONGEST = 2000;

/**
 * The normal form of a final answer; null when there is nothing in it. What does not matter is dropped (spacing commands,
 * dollar signs, \left and \right, degree and percent signs, units after a number, "x =" before a value), what is written in
 * several ways is written in one (\dfrac and a/b, thousands separators, \frac12), and what is a plain number becomes an
 * exact fraction: 0.5, 1/2, 50/100 and \frac{1}{2} are the same.
 */
export function normaliseAnswer(raw: string): NormalAnswer | null {
  if (raw.length > LONGEST) return { kind: "text", key: raw.replace(/\s+/g, "") };
  let s = withoutDress(raw);
  if (s === "") return null;
  const number = parseRational(s) ?? parseRational(withoutUnit(s));
  if (number !== null) return { kind: "number", key: number };
  s = withoutName(s);
  const named = parseRational(s) ?? parseRational(withoutUnit(s));
  if (named !== null) return { kind: "number", key: named };
  const key = textKey(s);
  return key === "" ? null : { kind: "text", key };
}

const SIGNS: Record<string, string> = {
  "−": "-",
  "–": "-",
  "×": "*",
  "·": "*",
  "⋅": "*",
  "÷": "/",
  "∕": "/",
  "⁄": "/",
  "π": "\\pi ",
  "√": "\\sqrt ",
  "∞": "\\infty ",
  "≤": "\\le ",
  "≥": "\\ge ",
  "≠": "\\ne ",
  "∪": "\\cup ",
  "½": "\\frac{1}{2}",
  "¼": "\\frac{1}{4}",
  "¾": "\\frac{3}{4}",
  "²": "^2",
  "³": "^3",
  "\u00a0": " ",
  "\u2009": " ",
  "\u202f": " ",
};

/** Signs of Unicode as their LaTeX. */
export function withPlainSigns(raw: string): string {
  return raw.replace(/[−–×·⋅÷∕⁄π√∞≤≥≠∪½¼¾²³\u00a0\u2009\u202f]/g, (sign) => SIGNS[sign] ?? sign);
}

/** Without everything that only changes how it looks. */
function withoutDress(raw: string): string {
  let s = withPlainSigns(raw)
    .replace(/\*\*/g, "")
    .replace(/\\(?:left|right|bigl?|bigr?|Bigl?|Bigr?|displaystyle|textstyle|limits)(?![A-Za-z])/g, "")
    .replace(/\\[()[\]]/g, "")
    .replace(/\\(?:dfrac|tfrac|cfrac)(?![A-Za-z])/g, "\\frac")
    .replace(/\\(?:times|cdot|ast)(?![A-Za-z])/g, "*")
    .replace(/\\(?:leq)(?![A-Za-z])/g, "\\le")
    .replace(/\\(?:geq)(?![A-Za-z])/g, "\\ge")
    .replace(/\\(?:neq)(?![A-Za-z])/g, "\\ne")
    .replace(/\^\s*\{?\s*\\circ\s*\}?|°|\\degrees?(?![A-Za-z])/g, "")
    .replace(/\\(?:quad|qquad|thinspace|medspace|enspace)(?![A-Za-z])|\\[,;:!> ]|~/g, " ")
    .replace(/\{,\}/g, ",")
    .replace(/\\?%/g, "")
    .replace(/\\?\$|[€£]/g, "")
    .replace(/\\(?:text|mathrm|textbf|mathbf|textit|mbox|operatorname|textrm|mathit|bf|rm)\s*\{([^{}]*)\}/g, " $1 ")
    .replace(/\s+/g, " ")
    .trim();
  s = s.replace(/[.,;:\s]+$/, "");
  // \boxed{{5}} and {5}
  while (/^\{[^{}]*\}$/.test(s)) s = s.slice(1, -1).trim();
  return s;
}

const NOT_UNITS =
  /\b(?:hundred|thousand|million|billion|trillion|dozens?|hundreds|thousands|millions|billions|or|and|to|pi|sqrt|sin|cos|tan|log|ln|mod|if|for|when|where|times|plus|minus|over|squared|cubed|choose)\b/i;

/** A number without the words after it: "12 apples", "5 cm^2", "18 dollars per day". One letter may be a variable, so it stays. */
function withoutUnit(s: string): string {
  const match = /^([-+]?[\d.,/ ]*\d|[-+]?\\frac\s?\{[^{}]*\}\s?\{[^{}]*\})\s?((?:[A-Za-z]{2,}|per|\/)[A-Za-z\s/.'-]*(?:\^\{?\d\}?)?)$/.exec(s);
  if (!match?.[1] || !match[2] || NOT_UNITS.test(match[2])) return s;
  // Without a space only units that are plainly none of mathematics: "5cm", but not "5ab".
  const spaced = /\s/.test(s.slice(match[1].length, match[1].length + 1));
  return spaced || /^(?:cm|mm|km|kg|mg|ml|ft|mph|am|pm|hours?|minutes?|days?|miles?)\b/i.test(match[2]) ? match[1].trim() : s;
}

/** "x = 5", "f(n) = n - 1" and "the answer is" without the name. An equation proper keeps both sides. */
function withoutName(s: string): string {
  const match = /^\s*(?:\\?[A-Za-z]+(?:_\{?\w{1,8}\}?)?'?\s*(?:\([A-Za-z, ]{1,12}\))?)\s*=\s*([^=]+)$/.exec(s);
  return match?.[1] && !hasTopComma(s) ? match[1].trim() : s;
}

/** The text form: lists part by part, spaces dropped, braces around single characters dropped, words in lower case. */
function textKey(s: string): string {
  const outer = brackets(s);
  if (outer) {
    const parts = topParts(outer.inside);
    if (parts.length > 1) return outer.open + parts.map(partKey).join(",") + outer.close;
    // (A) is A; (x+1) stays, since what it means depends on what it stood in.
    if (/^[A-Za-z]$/.test(outer.inside.trim())) return outer.inside.trim().toLowerCase();
  }
  const parts = topParts(s.replace(/\s(?:and|or)\s/gi, ","));
  if (parts.length > 1) return parts.map(partKey).join(",");
  if (/^[A-Za-z][A-Za-z\s]*$/.test(s)) return s.toLowerCase().replace(/\s+/g, "");
  return s
    .replace(/\s+/g, "")
    .replace(/\\frac(\d)(\d)/g, "\\frac{$1}{$2}")
    .replace(/\\frac\{([^{}]+)\}(\d)/g, "\\frac{$1}{$2}")
    .replace(/\\frac(\d)\{/g, "\\frac{$1}{")
    .replace(/\\sqrt(\w)/g, "\\sqrt{$1}")
    .replace(/(?<![\w}\])])(\d+)\/(\d+)(?![\w([{^!])/g, "\\frac{$1}{$2}")
    .replace(/([\^_])\{(\w)\}/g, "$1$2")
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, "")
    .replace(/(?<![\d.])\.(?=\d)/g, "0.")
    .replace(/(\d)\*(?=[\\A-Za-z(])/g, "$1");
}

function partKey(part: string): string {
  const normal = normaliseAnswer(part);
  return normal ? normal.key : "";
}

/** The outermost pair of brackets, when one pair spans it all. */
function brackets(s: string): { open: string; inside: string; close: string } | null {
  const match = /^(\(|\[|\\\{|\\langle)\s*([\s\S]*?)\s*(\)|\]|\\\}|\\rangle)$/.exec(s);
  if (!match?.[1] || match[2] === undefined || !match[3]) return null;
  let depth = 0;
  for (const ch of match[2]) {
    if ("([{".includes(ch)) depth++;
    else if (")]}".includes(ch) && --depth < 0) return null;
  }
  return { open: match[1], inside: match[2], close: match[3] };
}

function hasTopComma(s: string): boolean {
  return topParts(s).length > 1;
}

/** Split on the commas that stand in no bracket; a comma in a thousands separator splits nothing. */
function topParts(s: string): string[] {
  if (/^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(s.trim())) return [s];
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < s.length; i++) {
    const ch = s[i] ?? "";
    if ("([{".includes(ch)) depth++;
    else if (")]}".includes(ch)) depth--;
    else if (depth === 0 && (ch === "," || ch === ";")) {
      parts.push(s.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(s.slice(from));
  return parts.filter((p) => p.trim() !== "");
}
