import { normaliseAnswer } from "./normalise";

export interface ExtractedAnswer {
  /** As written, without surrounding white space. */
  answer: string;
  /** Where it stood, for people. */
  rule: string;
}

/**
 * The final answer of a text; null when there is none. The last \boxed{} that is closed and not empty wins over everything
 * else. Without one, and only where bare answers are accepted: what follows the last "####"; what follows the last "the answer is"
 * (or a line "A:", "Answer:"); a last line that is nothing but an expression.
 */
export function extractAnswer(text: string, o: { bareAnswers: boolean }): ExtractedAnswer | null {
  const boxed = lastBoxed(text);
  if (boxed !== null) return { answer: boxed, rule: "last \\boxed{}" };
  return o.bareAnswers ? bareAnswer(text) : null;
}

/**
 * The contents of the last \boxed{} (or \fbox{}) that is closed and not empty, found by matching braces; null when
 * there is none. "\boxed 5" counts too. An escaped brace (\{, \}) is text.
 */
export function lastBoxed(text: string): string | null {
  return lastBoxes(text)?.answer ?? null;
}

/** Between two boxes of one answer: "\boxed{-2} \quad \text{and} \quad \boxed{1}". */
const JOINS = /^(?:\s|\$|,|;|\\[,;: ()]|\\q?quad|and\b|or\b|\\text\s?\{\s*(?:and|or)?\s*\})*$/;

/** Like lastBoxed, with where it stands. Boxes with nothing but "and", "or" and commas between them are several answers. */
export function lastBoxes(text: string): { answer: string; index: number } | null {
  let joined: { answer: string; index: number } | null = null;
  let limit = text.length;
  const found = [...text.matchAll(/\\(?:boxed|fbox)(?:\s{0,4}(\{)|\s{0,2}([\w.,/-]{1,40}))/g)];
  for (let k = found.length - 1; k >= 0; k--) {
    const match = found[k];
    if (!match) continue;
    const start = match.index + match[0].length;
    const end = match[2] !== undefined ? start : closingBrace(text, start, limit);
    if (end === -1) {
      if (joined) break;
      // Nothing up to here closes it, so an earlier one is not closed by anything beyond it either.
      limit = match.index;
      continue;
    }
    const inner = match[2] ?? text.slice(start, end).trim();
    if (inner === "") {
      if (joined) break;
      continue;
    }
    if (!joined) joined = { answer: inner, index: match.index };
    else {
      const between = text.slice(match[2] === undefined ? end + 1 : end, joined.index);
      if (joined.answer.length > 500 || between.length > 60 || !JOINS.test(between)) break;
      joined = { answer: `${inner} , ${joined.answer}`, index: match.index };
    }
  }
  return joined;
}

/** Index of the brace that closes the group whose inside begins at `start`; -1 when it is not closed before `limit`. */
export function closingBrace(text: string, start: number, limit = text.length): number {
  let depth = 1;
  for (let i = start; i < limit; i++) {
    const ch = text[i];
    if (ch === "\\") i++;
    else if (ch === "{") depth++;
    else if (ch === "}" && --depth === 0) return i;
  }
  return -1;
}

function bareAnswer(text: string): ExtractedAnswer | null {
  const hash = [...text.matchAll(/####[ \t]*([^\n]+)/g)].at(-1)?.[1]?.trim();
  if (hash) return { answer: hash, rule: "after the last ####" };
  const said = [...text.matchAll(/(?:\banswer\b(?: to [^\n.:]{1,60})?\*{0,2}\s{0,3}(?:is|:|=)|^\s{0,4}(?:A|Ans)\s{0,2}:)(?:\s|:|\*\*){0,6}([^\n]{1,300})/gim)].at(-1)?.[1];
  const stated = said === undefined ? "" : firstSentence(said);
  if (stated !== "") return { answer: stated, rule: 'after the last "answer is"' };
  const line = text.trimEnd().split("\n").at(-1)?.trim() ?? "";
  if (line === "" || line.length > 200) return null;
  // "12 * 3 = 36" gives 36.
  const value = (line.includes("=") ? line.slice(line.lastIndexOf("=") + 1) : line).trim();
  return isExpression(value) ? { answer: value, rule: "the last line" } : null;
}

/** Up to the end of the sentence, without emphasis and quotes. */
function firstSentence(text: string): string {
  return (text.split(/[.!?](?=\s|\*|"|$)/)[0] ?? "").replace(/\*\*|^["'`\s]+|["'`\s]+$/g, "").trim();
}

/** A number (units allowed), or mathematics without prose. */
function isExpression(text: string): boolean {
  if (normaliseAnswer(text)?.kind === "number") return true;
  const prose = text.replace(/\\[A-Za-z]+/g, " ").match(/[A-Za-z]{3,}/g);
  return text !== "" && text.length <= 100 && prose === null;
}
