import { lastBoxes } from "./extract";

/**
 * The final answer of a text that may be an answer alone, or a whole solution in words. In this order: what "final answer is" states after the last
 * box; the last boxes; a text without prose as it is; the last formula or number of the prose. The text itself when nothing is found.
 */
export function answerOf(text: string): string {
  const t = text.length > 200_000 ? text.slice(-200_000) : text;
  const boxes = lastBoxes(t);
  const said = [...t.matchAll(/final answer(?: to [^\n.:]{1,60})?\s?(?:is|:)\s?:?\s{0,3}(?!\s*\\boxed|\s*the\b)([^\n]{1,400})/gi)].at(-1);
  if (said?.[1] !== undefined && said.index > (boxes?.index ?? -1)) {
    const math = stated(said[1]);
    if (math !== null) return math;
  }
  if (boxes) return boxes.answer;
  const open = /^\$?\\boxed\s*\{([^{}]+)$/.exec(t.trim())?.[1];
  if (open) return open;
  // The formulas of a long text are looked for at its end alone: matching unclosed brackets takes time.
  return proseAnswer(t.slice(-20_000)) ?? text;
}

/** "is $x$." and "is 7.78.": the formula or the words up to the full stop. */
function stated(rest: string): string | null {
  const quoted = /^\s*["'*]{0,3}\s*(\$\$[^$]+\$\$|\$[^$]+\$(?:\s*(?:and|or|,)\s*\$[^$]+\$)*|\\\(.+?\\\)|\\\[.+?\\\])/.exec(rest);
  if (quoted?.[1]) return quoted[1];
  const sentence = rest.split(/[.!?](?=\s|\*|"|$)/)[0]?.replace(/[*"]/g, "").trim() ?? "";
  if (sentence === "" || sentence.length > 120) return null;
  return proseAnswer(sentence) ?? sentence;
}

const MATH = /\$\$([\s\S]{1,2000}?)\$\$|\\\[([\s\S]{1,2000}?)\\\]|(?<!\\)\$((?:\\.|[^$\n\\])+?)\$|\\\(([^\n]{1,2000}?)\\\)/g;
const NUMBER = /(?<![\w.,\\{^_])[-+]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+(?![\d])|\d+)?(?:[.,]\d+|(?<=\d))(?:\s\d+)?(?:\s?\/\s?\d+)?(?:\s?(?:%|percent\b|m(?:\^?2|²)?(?![A-Za-z])|[€$]))?(?![\w^])/g;

/** The last formula or number of a text in words; null when the text is no prose. */
function proseAnswer(text: string): string | null {
  // Inline formulas do not span lines.
  if (/(?<![\\$])\$\s*\n[^$]{0,200}\n\s*\$(?!\$)|\\\(\s*\n[^\\]{0,200}\n\s*\\\)/.test(text)) return null;
  const t = text;
  const outside = t.replace(MATH, " ").replace(/\\[A-Za-z]+(?:\{[^{}]*\})?/g, " ");
  const words = outside.match(/[A-Za-z\u00c0-\u024f]{2,}/g) ?? [];
  const wordy = words.filter((w) => !/^(?:and|or|percent|pct|percentage|cm|km|mm|kg)$/i.test(w));
  if (wordy.length === 0) return null;
  const formulas = [...t.matchAll(MATH)];
  const last = formulas.at(-1);
  const after = last ? t.slice(last.index + last[0].length) : t;
  const ahead = last ? t.slice(0, last.index) : "";
  const before = last ? /[A-Za-z]{2,}/.test(ahead) : true;
  const sentences = after.split(/[.!?](?=\s)/);
  const closing = /(?:is|are|=|:|there are|by)\s[^.]*\.?\s*$/i;
  const numbers = [...(last ? (sentences.find((s) => closing.test(s)) ?? "") : t).matchAll(NUMBER)].filter((m) => /\d/.test(m[0]));
  const starts = /^\s*[^A-Za-z]*\d/.test(t);
  if (last && before) {
    const number = /\b(?:is|are|by|equals)\s+[-+]?[\d.,]+/.test(after) ? numbers.at(-1)?.[0] : undefined;
    return number?.trim() ?? (last[1] ?? last[2] ?? last[3] ?? last[4] ?? null)?.trim() ?? null;
  }
  // "June 20" is an answer, "it is 20" and "Total: 20" state one.
  if (last || starts || (wordy.length < 3 && !/[:=]|\b(?:is|are)\b/.test(t))) return null;
  return numbers.at(-1)?.[0].trim() ?? null;
}
