import { ROW } from "./dress";
import { combinedMatrix } from "./matrix-arithmetic";
import { brackets, cut, cutAt, parts } from "./structure";

export type Relation = "=" | "\\ne" | "<" | ">" | "\\le" | "\\ge";

/** What an answer is made of; the leaves are texts. */
export type Shape =
  | { kind: "list"; items: string[] }
  | { kind: "set"; items: string[] }
  | { kind: "ordered"; open: string; close: string; items: string[] }
  | { kind: "union"; items: string[] }
  | { kind: "matrix"; rows: string[][]; bars: boolean }
  | { kind: "named"; name: string; value: string; member: boolean }
  | { kind: "relation"; sides: string[]; signs: Relation[] }
  | { kind: "value"; text: string };

/** How deep lists of lists are followed; deeper ones are compared as values. */
export function shapeOf(s: string): Shape {
  const spanning = brackets(s);
  if (spanning) {
    const inner = parts(spanning.inside, { thousands: false });
    if (spanning.open === "{") {
      const condition = setBuilder(spanning.inside);
      return condition ? shapeOf(condition) : { kind: "set", items: inner.flatMap(plusMinus) };
    }
    if (inner.length > 1) return { kind: "ordered", open: spanning.open === "<" ? "(" : spanning.open, close: spanning.close === ">" ? ")" : spanning.close, items: inner };
  }
  const listed = parts(s, { thousands: true });
  if (listed.length > 1) return { kind: "list", items: listed.flatMap(plusMinus) };
  const member = cutAt(s, "\\in");
  if (member.length === 2 && member[0] && member[1] && /^[A-Za-z]\w{0,3}$|^\\[a-z]+$/.test(member[0])) {
    return { kind: "named", name: member[0], value: member[1], member: true };
  }
  const relation = relationOf(s);
  if (relation) return relation;
  const doubled = plusMinus(s);
  if (doubled.length > 1) return { kind: "list", items: doubled };
  const united = cutAt(s, "\\cup");
  if (united.length > 1) return { kind: "union", items: united };
  const without = punctured(s);
  if (without) return { kind: "union", items: without };
  const matrix = matrixOf(s);
  if (matrix) return matrix;
  if (spanning && spanning.open === "(" && spanning.close === ")" && spanning.inside !== "" && /^[^\\]*\\begin|^\S+\s?(?:=|\\(?:le|ge|ne|in)\b)/.test(spanning.inside)) return shapeOf(spanning.inside);
  return { kind: "value", text: s };
}

/** "1 \pm a" as both of its values; anything else as itself. */
export function plusMinus(s: string): string[] {
  if (!/\\(?:pm|mp)(?![A-Za-z])/.test(s)) return [s];
  return ["+", "-"].map((sign) =>
    s
      .replace(/\\pm(?![A-Za-z])/g, sign)
      .replace(/\\mp(?![A-Za-z])/g, sign === "+" ? "-" : "+")
      .replace(/^\s*\+\s*/, "")
      .replace(/(?<=[=(,]\s*)\+\s*/g, ""),
  );
}

/** \{x | condition\}: the condition. */
function setBuilder(inside: string): string | null {
  const match = /^\s*\(?[A-Za-z][\w, ]{0,8}\)?\s*(?:\\in\s*(?:\\mathbb\s*\{?\s*[RZNQ]\s*\}?|R|Z|N|Q))?\s*(?:\\mid|\\vert|\||:|\\colon)\s*(.+)$/.exec(inside);
  return match?.[1] ?? null;
}

/** R without some points, as a union of intervals, when the points are plain numbers. */
function punctured(s: string): string[] | null {
  const match = /^\\mathbb\s*\{?\s*R\s*\}?\s*(?:\\setminus|-)\s*\\\{(.+)\\\}$/.exec(s);
  if (!match?.[1]) return null;
  const points = parts(match[1], { thousands: false }).flatMap(plusMinus);
  if (points.some((p) => !/^-?\d+(?:\.\d+)?$/.test(p))) return null;
  const sorted = [...new Set(points)].sort((a, b) => Number(a) - Number(b));
  const ends = ["-\\infty", ...sorted, "\\infty"];
  return ends.slice(1).map((end, i) => `(${ends[i]},${end})`);
}

const SIGNS: [string, Relation | "approx" | "equiv"][] = [
  ["\\le", "\\le"], ["\\ge", "\\ge"], ["\\ne", "\\ne"], ["\\approx", "approx"], ["=", "="], ["<", "<"], [">", ">"],
];

/** Something that is merely a name: x, x_1, f(x), \theta, AB, "area". */
const NAME = /^\s*\\?[A-Za-z]+(?:_\s?(?:\w|\{[^{}]{1,12}\}))?'{0,2}(?:\^\s?\{-1\})?\s*(?:\(\s?[\w, =]{1,16}\s?\))?\s*$/;
/** \angle ABC, m\angle A, \det A, |AB|, \overline{AB}, "area of the triangle". */
const LONG_NAME = /^\s*(?:m\s?)?\\(?:angle|triangle|det|overline|measuredangle)\s*\{?\s*[A-Za-z]{1,4}\s*\}?\s*$|^\s*\|[A-Z]{2}\|\s*$|^\s*[A-Za-z]{3,}(?: [A-Za-z]+){1,6}\s*$/;
const TUPLE_NAME = /^\s*\(\s?[A-Za-z_0-9{}]+(?:\s?,\s?[A-Za-z_0-9{}]+)+\s?\)\s*$/;

export function isName(s: string): boolean {
  return (NAME.test(s) && !/^\s*\\(?:infty|pi|emptyset)\s*$/.test(s) && !/^\s*[ei]\s*$/.test(s)) || TUPLE_NAME.test(s) || LONG_NAME.test(s);
}

function relationOf(s: string): Shape | null {
  const signs: (Relation | "approx")[] = [];
  const sides = cut(s, (text, i) => {
    const found = SIGNS.find(([sign]) => text.startsWith(sign, i) && (!sign.startsWith("\\") || !/[A-Za-z]/.test(text[i + sign.length] ?? "")));
    if (!found) return 0;
    signs.push(found[1] as Relation | "approx");
    return found[0].length;
  }).map((side) => side.trim());
  if (signs.length === 0) return null;
  // "x = 1/3 \approx 0.33" says 1/3; "x \approx 3" says 3.
  while (signs.at(-1) === "approx" && sides.length > 2) {
    signs.pop();
    sides.pop();
  }
  const all = signs.map((sign): Relation => (sign === "approx" ? "=" : sign));
  if (sides.some((side) => side === "")) {
    if (sides[0] === "" && sides.length === 2 && all[0] === "=" && sides[1]) return { kind: "value", text: sides[1] };
    return { kind: "value", text: s };
  }
  if (all.every((sign) => sign === "=")) {
    const first = sides[0] ?? "";
    const last = sides.at(-1) ?? "";
    // "12 \cdot 3 = 36" says 36.
    const computed = sides.every((side) => !/[A-Za-z]/.test(side.replace(/\\[A-Za-z]+/g, "")));
    if (computed) return { kind: "value", text: last };
    if (sides.length > 2) return { kind: "named", name: isName(first) ? first : "", value: last, member: false };
    if (isName(first)) return { kind: "named", name: first, value: last, member: false };
    if (isName(last)) return { kind: "named", name: last, value: first, member: false };
  }
  return { kind: "relation", sides, signs: all };
}

/** A matrix, also one that is written as a sum, difference, product or multiple of matrices. */
function matrixOf(s: string): Shape | null {
  if (!s.includes("\\begin")) return null;
  const one = singleMatrix(s);
  if (one) return one;
  const rows = combinedMatrix(s, (text) => {
    const m = singleMatrix(text);
    return m?.bars === false ? m.rows : null;
  });
  return rows && { kind: "matrix", rows, bars: false };
}

/** A single matrix environment, with brackets of any kind around it; determinants keep their bars. */
function singleMatrix(s: string): Extract<Shape, { kind: "matrix" }> | null {
  const match = /^[([|]?\s*\\begin\s*\{\s*([pbBvV]?matrix|smallmatrix|array)\s*\}\s*(?:\{[^}]*\})?([\s\S]*)\\end\s*\{\s*\1\s*\}\s*[)\]|]?(\s*\^\s*\{?\s*(?:T|\\top)\s*\}?)?$/.exec(s);
  if (!match?.[1] || match[2] === undefined || match[2].includes("\\begin")) return null;
  let rows = match[2]
    .split(ROW)
    .map((row) => row.split("&").map((cell) => cell.trim()))
    .filter((row) => row.some((cell) => cell !== ""));
  if (match[3]) rows = (rows[0] ?? []).map((_, i) => rows.map((row) => row[i] ?? ""));
  return { kind: "matrix", rows, bars: /^v/i.test(match[1]) || s.startsWith("|") };
}

/** A shape as LaTeX again. */
export function textOf(shape: Shape): string {
  switch (shape.kind) {
    case "value":
      return shape.text;
    case "list":
      return shape.items.join(" , ");
    case "set":
      return `\\{${shape.items.join(" , ")}\\}`;
    case "ordered":
      return `${shape.open}${shape.items.join(" , ")}${shape.close}`;
    case "union":
      return shape.items.join(" \\cup ");
    case "matrix":
      return `\\begin{pmatrix}${shape.rows.map((row) => row.join(" & ")).join(ROW)}\\end{pmatrix}`;
    case "named":
      return `${shape.name} = ${shape.value}`;
    case "relation":
      return shape.sides.map((side, i) => (i === 0 ? side : `${shape.signs[i - 1]} ${side}`)).join(" ");
  }
}

/** What kind of answer it is, for people. */
export function nameOf(shape: Shape): string {
  const names = {
    list: "several answers",
    set: "a set",
    ordered: "a tuple or interval",
    union: "a union",
    matrix: "a matrix",
    named: "an equation",
    relation: "an equation or inequality",
    value: "a single value",
  };
  return names[shape.kind];
}
