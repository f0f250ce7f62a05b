import { ROW } from "./dress";
import type { Mathematics } from "./engine";
import { constantValue, equalExpressions, readable, roundsTo, type Verdict } from "./expressions";
import { plainNumber } from "./numbers";
import { knownUnit, NO_UNIT } from "./units";
import { about } from "./values";
import { isProse } from "./words";

/** Thrown when the answers can only be compared with the library for mathematics, and there is none. */
export class NeedsMathematics extends Error {}

export const TOO_LARGE: Verdict = { equal: false, reason: "not equal, too large" };

/** Names, commands and numbers in one expression: parsing 1,400 of them took 0.6 s. */
const MOST_TOKENS = 400;

/** What a comparison carries down into the parts of an answer. */
export interface Level {
  m: Mathematics | null;
  depth: number;
  /** Places asked of a decimal that stands for a fraction or root. */
  digits: number;
}

export function needed(level: Level): Mathematics {
  if (!level.m) throw new NeedsMathematics();
  return level.m;
}

/** Equality of two single values: infinities, texts, decimals that round, and at last expressions. @throws NeedsMathematics, TooLarge. */
export function equalValues(a: string, b: string, level: Level): Verdict {
  if (INFINITE.test(a) || INFINITE.test(b)) return equalInfinities(a, b);
  if (/\\ldots/.test(a) !== /\\ldots/.test(b)) return { equal: false, reason: "only one of them goes on" };
  if (isProse(a) || isProse(b)) {
    const [v, w] = [a, b].map((s) => s.toLowerCase().replace(/[\s.,;:'"]+/g, ""));
    return v === w ? { equal: true, reason: "the same text" } : { equal: false, reason: "different texts" };
  }
  // But \log_2 8 is none.
  const apart = /(?<![_^\d.]|[_^]\d)\d+\s+\d/;
  if (apart.test(a) || apart.test(b)) return { equal: false, reason: "numbers with nothing between them" };
  if (tokens(a) > MOST_TOKENS || tokens(b) > MOST_TOKENS) return TOO_LARGE;
  const m = needed(level);
  const [x, y] = [plainNumber(a), plainNumber(b)];
  const decimal = x?.decimals != null && !y ? x : y?.decimals != null && !x ? y : null;
  const [p, q] = [forParser(a), forParser(b)];
  if (decimal?.decimals != null && decimal.decimals >= level.digits) {
    const tree = readable(decimal === x ? q : p, m);
    const value = tree && constantValue(tree);
    if (value && roundsTo(decimal.value, decimal.decimals, about(value))) return { equal: true, reason: `equal to the ${decimal.decimals} decimals given` };
  }
  return equalExpressions(p, q, m);
}

function tokens(s: string): number {
  return s.match(/\\?[A-Za-z]|\d+/g)?.length ?? 0;
}

const INFINITE = /^[-+]?\s?\\infty$/;

/** An expression without the unit after it: "36 \pi cm^2", "3\sqrt{2} meters". */
export function withoutUnit(s: string): string {
  const match = /^(.*(?:[\d})\]]|\\pi))\s+((?:[A-Za-z]{2,}\s?){1,4}(?:\s?\^\s?\{?\s?\d\s?\}?)?)$/.exec(s);
  if (!match?.[1] || !match[2] || NO_UNIT.test(match[2])) return s;
  const word = /^[A-Za-z]+/.exec(match[2])?.[0] ?? "";
  return word.length >= 3 || knownUnit(match[2]) ? match[1] : s;
}

/** The one-piece argument of a function that stands before a multiplication sign or another function. */
const ARGUMENT =
  /\\(ln|log|lg|sin|cos|tan|cot|sec|csc)((?:\s?_\s?(?:\{[^{}]*\}|\w))?(?:\s?\^\s?(?:\{[^{}]*\}|\w))?)\s*(\d+(?:\.\d+)?[A-Za-z]?|[A-Za-z]|\\(?:alpha|beta|gamma|theta|phi|varphi|pi|lambda|omega|[xy])(?![A-Za-z]))\s*(?=\\(?:cdot|ln|log|lg|sin|cos|tan|cot|sec|csc)(?![A-Za-z]))/g;

/** What the parser misreads is written out: percent signs, thousands separators, matrices' row signs. */
function forParser(s: string): string {
  return s
    .replace(/(\d+(?:\.\d+)?)\s?%/g, "\\frac{$1}{100}")
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, "")
    // The parser takes \ln 2 \cdot \ln 3 as the logarithm of a product.
    .replace(ARGUMENT, "\\$1$2($3) ")
    .replace(new RegExp(ROW, "g"), "\\\\");
}

function equalInfinities(a: string, b: string): Verdict {
  const sign = (s: string): string => /^([-+]?)\s?\\infty$/.exec(s.trim())?.[1] ?? "?";
  const [x, y] = [sign(a), sign(b)];
  const equal = x !== "?" && y !== "?" && (x === "-") === (y === "-");
  return { equal, reason: equal ? "the same infinity" : "infinity and something else" };
}
