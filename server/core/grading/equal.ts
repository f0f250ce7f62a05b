import { squeezed, undress } from "./dress";
import type { Mathematics } from "./engine";
import { shortened, type Verdict } from "./expressions";
import { sameFraction } from "./fraction";
import { isTooLarge, TooLarge } from "./limits";
import { commaDecimal, equalNumbers, plainNumber, ROUNDED_DIGITS } from "./numbers";
import { equalRelations, intervalOf } from "./relations";
import { isName, nameOf, type Shape, shapeOf, textOf } from "./shapes";
import { equalValues, type Level, needed, TOO_LARGE, withoutUnit } from "./single";
import { knownUnit } from "./units";
import { choiceLetter, wordsOf } from "./words";

/** Places asked of a decimal in a list, interval or matrix, where people round more than in an answer of its own. */
const ROUNDED_IN_LISTS = 4;
/** How deep structures are followed, and how many parts of one are matched. */
const DEEPEST = 6;
const MOST_PARTS = 100;

/**
 * Are two final answers the same mathematics? Symmetric. An answer that cannot be read equals only its own spelling.
 * @param m null to decide only what needs no library.
 * @throws NeedsMathematics, only when m is null.
 */
export function equalAnswers(gold: string, pred: string, m: Mathematics | null): Verdict {
  if (isTooLarge(gold) || isTooLarge(pred)) return TOO_LARGE;
  const [a, b] = [undress(gold), undress(pred)];
  if (a === "" || b === "") return { equal: false, reason: b === "" ? "the given answer is empty" : "the expected answer is empty" };
  if (squeezed(a) === squeezed(b)) {
    return { equal: true, reason: plain(a) ? "equal as numbers" : "the same text" };
  }
  try {
    return same(a, b, { m, depth: 0, digits: ROUNDED_DIGITS });
  } catch (error) {
    if (error instanceof TooLarge || error instanceof RangeError) return TOO_LARGE;
    throw error;
  }
}

function plain(s: string): boolean {
  return /^[-+\d.,/ ]+$/.test(s);
}

function same(a: string, b: string, level: Level): Verdict {
  if (squeezed(a) === squeezed(b)) return { equal: true, reason: "the same text" };
  const simple = equalSimply(a, b, level);
  if (simple) return simple;
  if (level.depth > DEEPEST) return TOO_LARGE;
  const [x, y] = [shapeOf(a), shapeOf(b)];
  const deeper = { ...level, depth: level.depth + 1 };
  return equalShapes(x, y, deeper) ?? equalShapes(y, x, deeper) ?? { equal: false, reason: `different kinds of answer: ${nameOf(y)} instead of ${nameOf(x)}` };
}

/** Numbers, letters and words; null when neither answer is decided by them. */
function equalSimply(a: string, b: string, level: Level): Verdict | null {
  let [x, y] = [plainNumber(a), plainNumber(b)];
  // "3000 g" may be a product of 3000 and g, but not beside "3 kg".
  if (x && !y && knownUnit(x.unit)) y = plainNumber(spelledUnit(b));
  if (y && !x && knownUnit(y.unit)) x = plainNumber(spelledUnit(a));
  if (x && y) return equalNumbers(x, y, level.digits);
  const commas = (x && !/,/.test(a) && commaDecimal(b)) || (y && !/,/.test(b) && commaDecimal(a));
  if (commas) {
    const value = x?.value ?? y?.value;
    return value && sameFraction(value, commas) ? { equal: true, reason: "equal as numbers, with a decimal comma" } : null;
  }
  const [p, q] = [choiceLetter(a), choiceLetter(b)];
  if (p && q) return { equal: p === q, reason: p === q ? "the same choice" : "different choices" };
  const truth = (s: string, other: string | null): string | null => ((other === "true" || other === "false") && /^[TF]$/.test(s) ? (s === "T" ? "true" : "false") : wordsOf(s));
  const [v, w] = [truth(a, wordsOf(b)), truth(b, wordsOf(a))];
  if (v !== null && w !== null) {
    if (v === w) return { equal: true, reason: "the same words" };
    if (!/^[A-Z]{1,3}$/.test(a) && !/^[A-Z]{1,3}$/.test(b) && !short(a, b)) return { equal: false, reason: "different words" };
  }
  // "(A) 5" is the choice A.
  const lettered = (letter: string | null, s: string): Verdict | null => {
    const choice = /^\(?([A-Z])[).:]\)?\s*\S/.exec(s)?.[1];
    return letter && choice ? { equal: letter === choice, reason: letter === choice ? "the same choice" : "different choices" } : null;
  };
  const choice = lettered(p, b) ?? lettered(q, a);
  if (choice) return choice;
  if ((v !== null && y && a.length > 3) || (w !== null && x && b.length > 3)) return { equal: false, reason: "a number and a word" };
  return null;
}

const LETTERS: Record<string, string> = { m: "meters", g: "grams", s: "seconds", h: "hours", L: "liters", l: "liters" };

function spelledUnit(s: string): string {
  return s.replace(/(?<=\d)\s?([mgshlL])$/, (_, letter: string) => ` ${LETTERS[letter] ?? letter}`);
}

/** ab and ba are products rather than words. */
function short(a: string, b: string): boolean {
  return a.length <= 4 && b.length <= 4 && !/\s/.test(a + b) && a === a.toLowerCase() && b === b.toLowerCase();
}

/** Null when x's kind has nothing to say about y's. */
function equalShapes(x: Shape, y: Shape, level: Level): Verdict | null {
  const inside = { ...level, digits: ROUNDED_IN_LISTS };
  if (x.kind === "named") {
    if (y.kind === "named") return equalNamed(x, y, level);
    if (y.kind === "relation") {
      const whole = equalRelations({ kind: "relation", sides: [x.name, x.value], signs: ["="] }, y, needed(level));
      return x.member ? same(x.value, textOf(y), level) : whole;
    }
    return same(x.value, textOf(y), level);
  }
  if (y.kind === "named") return null;
  if (x.kind === "relation") {
    if (y.kind === "relation") return equalRelations(x, y, needed(level));
    const interval = intervalOf(x);
    if (interval !== null && (y.kind === "ordered" || y.kind === "union" || (y.kind === "value" && /mathbb/.test(y.text)))) return same(interval, textOf(y), level);
    return null;
  }
  if (x.kind === "list") {
    if (y.kind === "list") {
      const joined = jointUnion(x, y);
      if (joined) return same(joined[0], joined[1], level);
    }
    if (y.kind === "union") {
      const united = unionOf(x);
      return united ? anyOrder(united, y.items, inside, "the same parts of a union") : null;
    }
    if (y.kind === "ordered" || y.kind === "relation") {
      const united = unionOf(x);
      if (united?.length === 1) return same(united[0] ?? "", textOf(y), level);
    }
    if (y.kind === "list") return anyOrder(x.items, y.items, inside, "the same answers, in any order");
    if (y.kind === "set") return anyOrder(x.items, unique(y.items), inside, "the same elements, in any order");
    if (y.kind === "ordered") return y.open === "(" && y.close === ")" ? inOrder(x.items, y.items, inside, "the same parts, in order") : null;
    return null;
  }
  if (x.kind === "set") {
    if (y.kind === "set") return anyOrder(unique(x.items), unique(y.items), inside, "the same elements, in any order");
    if (y.kind === "value" && x.items.length === 1) return same(x.items[0] ?? "", y.text, level);
    return null;
  }
  if (x.kind === "ordered") {
    if (y.kind === "ordered") return equalOrdered(x, y, inside);
    if (y.kind === "matrix" && !y.bars && x.open === "(" && x.close === ")") {
      const line = y.rows.every((r) => r.length === 1) ? y.rows.flat() : y.rows.length === 1 ? (y.rows[0] ?? []) : null;
      return line && inOrder(x.items, line, inside, "the same entries, in order");
    }
    return null;
  }
  if (x.kind === "union") return y.kind === "union" ? anyOrder(x.items, y.items, inside, "the same parts of a union") : null;
  if (x.kind === "matrix") {
    if (y.kind !== "matrix" || x.bars !== y.bars) return null;
    if (x.rows.length !== y.rows.length || x.rows.some((row, i) => row.length !== y.rows[i]?.length)) return { equal: false, reason: "matrices of different sizes" };
    return inOrder(x.rows.flat(), y.rows.flat(), inside, "the same entries of the matrix");
  }
  if (y.kind !== "value") return null;
  const [a, b] = [withoutUnit(x.text), withoutUnit(y.text)];
  return a !== x.text || b !== y.text ? same(a, b, level) : equalValues(a, b, level);
}

type Ordered = Extract<Shape, { kind: "ordered" }>;

function equalOrdered(x: Ordered, y: Ordered, level: Level): Verdict {
  const french = (s: Ordered): string => `${s.open === "]" ? "(" : s.open}${s.close === "[" ? ")" : s.close}`;
  const pair = x.items.length === 2 || y.items.length === 2;
  if (pair && french(x) !== french(y)) return { equal: false, reason: `different ends or brackets: ${french(y)} instead of ${french(x)}` };
  return inOrder(x.items, y.items, level, pair ? "the same ends, in order" : "the same parts, in order");
}

type Named = Extract<Shape, { kind: "named" }>;

function equalNamed(x: Named, y: Named, level: Level): Verdict {
  const verdict = same(x.value, y.value, level);
  const bare = (s: string): string => s.replace(/\s|_|\{|\}/g, "");
  const letters = /^\\?[A-Za-z]+\d*$/;
  const different = bare(x.name) !== bare(y.name) && letters.test(bare(x.name)) && letters.test(bare(y.name));
  if (different || !verdict.equal) {
    // y = 2x + 1 and x = (y - 1)/2 are one line.
    if (x.member || y.member || x.name === "" || y.name === "" || !different) return verdict;
    if (verdict.equal && !isName(x.value)) return { equal: false, reason: "the same value of different names" };
    return equalRelations(relationOf(x), relationOf(y), needed(level));
  }
  return verdict;
}

function relationOf(x: Named): Extract<Shape, { kind: "relation" }> {
  return { kind: "relation", sides: [x.name, x.value], signs: ["="] };
}

/** Every part equal to the part at its place. */
function inOrder(a: string[], b: string[], level: Level, reason: string): Verdict {
  if (a.length !== b.length) return { equal: false, reason: `${b.length} parts instead of ${a.length}` };
  if (a.length > MOST_PARTS) return TOO_LARGE;
  for (let i = 0; i < a.length; i++) {
    const verdict = same(a[i] ?? "", b[i] ?? "", level);
    if (!verdict.equal) return { equal: false, reason: `part ${i + 1}: ${verdict.reason}` };
  }
  return { equal: true, reason };
}

/** Every part equal to one part of the other, each used once. */
function anyOrder(a: string[], b: string[], level: Level, reason: string): Verdict {
  if (a.length !== b.length) return { equal: false, reason: `${b.length} parts instead of ${a.length}` };
  if (a.length > MOST_PARTS) return TOO_LARGE;
  const left = [...b];
  const waiting: string[] = [];
  // Identical texts first: most parts need no more.
  for (const part of a) {
    const at = left.findIndex((other) => squeezed(other) === squeezed(part));
    if (at >= 0) left.splice(at, 1);
    else waiting.push(part);
  }
  for (const part of waiting) {
    const at = left.findIndex((other) => same(part, other, level).equal);
    if (at < 0) return { equal: false, reason: `"${shortened(part)}" is not among the parts` };
    left.splice(at, 1);
  }
  return { equal: true, reason };
}

function unique(items: string[]): string[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const number = plainNumber(item);
    const key = number ? `${number.value.p}/${number.value.q}` : squeezed(item);
    return !seen.has(key) && seen.add(key);
  });
}

/** "x < 1 or x > 3" as parts of a union; null when a part is no inequality. */
function unionOf(x: Extract<Shape, { kind: "list" }>): string[] | null {
  const found: string[] = [];
  for (const item of x.items) {
    const shape = shapeOf(item);
    const interval = shape.kind === "relation" ? intervalOf(shape) : null;
    if (interval === null) return null;
    found.push(interval);
  }
  // "x > 2 and x < 5" is one interval: both hold. "x < 1 or x > 3" is two.
  const [first = "", second = ""] = found;
  const between = found.length === 2 ? (overlap(first, second) ?? overlap(second, first)) : null;
  return between ? [between] : found;
}

/** What (a, \infty) and (-\infty, b) have in common when a < b, for plain numbers; null for others. */
function overlap(above: string, below: string): string | null {
  const low = /^([[(])(.+),\\infty\)$/.exec(above);
  const high = /^\(-\\infty,(.+)([\])])$/.exec(below);
  const [a, b] = [low?.[2] ? plainNumber(low[2]) : null, high?.[1] ? plainNumber(high[1]) : null];
  if (!low || !high || !a || !b || a.value.p * b.value.q >= b.value.p * a.value.q) return null;
  return `${low[1]}${low[2]},${high[1]}${high[2]}`;
}

/** Two lists "n = 1, 2, 3" whose first part alone bears the name: without it. */
function jointUnion(x: Extract<Shape, { kind: "list" }>, y: Extract<Shape, { kind: "list" }>): [string, string] | null {
  const bare = (items: string[]): string | null => {
    const first = shapeOf(items[0] ?? "");
    return first.kind === "named" && items.slice(1).every((i) => shapeOf(i).kind === "value") ? [first.value, ...items.slice(1)].join(" , ") : null;
  };
  const [a, b] = [bare(x.items), bare(y.items)];
  if (a === null && b === null) return null;
  return [a ?? x.items.join(" , "), b ?? y.items.join(" , ")];
}
