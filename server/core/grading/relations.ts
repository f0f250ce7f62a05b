import type { Mathematics } from "./engine";
import type { MathJson } from "./evaluate";
import { equalAtPoints, readable, sameValue, variables, type Verdict } from "./expressions";
import { isName, type Relation, type Shape } from "./shapes";
import { about, isNegative, isReal, quotient, type Value } from "./values";
import { isZero } from "./scaled";

type Related = Extract<Shape, { kind: "relation" }>;

const FLIPPED: Record<Relation, Relation> = { "=": "=", "\\ne": "\\ne", "<": ">", ">": "<", "\\le": "\\ge", "\\ge": "\\le" };

/**
 * Two equations are equal when one's sides' difference is a constant times the other's; two inequalities when that constant has the sign
 * that their directions ask for. Chains (a < b < c) are compared link by link.
 */
export function equalRelations(x: Related, y: Related, m: Mathematics): Verdict {
  if (x.signs.length !== y.signs.length) return { equal: false, reason: "relations of different lengths" };
  let reason = "";
  const [links, others] = [linksOf(x), linksOf(y)];
  for (const [i, link] of links.entries()) {
    const tries = [others[i], ...(others.length > 1 ? [others[others.length - 1 - i]] : [])];
    const verdicts = tries.map((other) => (other ? equalLinks(link, other, m) : { equal: false, reason: "" }));
    const found = verdicts.find((v) => v.equal) ?? verdicts[0];
    if (!found?.equal) return found ?? { equal: false, reason: "different relations" };
    reason = found.reason;
  }
  return { equal: true, reason };
}

interface Link {
  left: string;
  sign: Relation;
  right: string;
}

function linksOf(x: Related): Link[] {
  return x.signs.map((sign, i) => ({ left: x.sides[i] ?? "", sign, right: x.sides[i + 1] ?? "" }));
}

function equalLinks(a: Link, b: Link, m: Mathematics): Verdict {
  const kind = (sign: Relation): string => (sign === "<" || sign === ">" ? "strict" : sign === "\\le" || sign === "\\ge" ? "weak" : sign);
  if (kind(a.sign) !== kind(b.sign)) return { equal: false, reason: `${b.sign.replace("\\", "")} instead of ${a.sign.replace("\\", "")}` };
  const x = difference(a, m);
  const y = difference(b, m);
  if (!x || !y) return { equal: false, reason: "an equation that cannot be read" };
  // A relation among constants alone ("1 = 1") says nothing that could be compared.
  if (variables(x).size === 0 || variables(y).size === 0) return { equal: false, reason: "a relation without a variable" };
  const directed = kind(a.sign) === "strict" || kind(a.sign) === "weak";
  const turned = a.sign !== b.sign;
  let ratio: Value | null = null;
  const verdict = equalAtPoints(x, y, (u, v) => {
    const [p, q] = [about(u), about(v)];
    if (isZero(p) || isZero(q)) return isZero(p) && isZero(q);
    const here = quotient(u, v);
    if (directed && (!isReal(here) || isNegative(here) !== turned)) return false;
    if (ratio === null) {
      ratio = here;
      return true;
    }
    return sameValue(ratio, here);
  });
  if (!verdict.equal) return { equal: false, reason: directed ? "a different inequality" : "a different equation" };
  return { equal: true, reason: directed ? "the same inequality" : "the same equation" };
}

function difference(link: Link, m: Mathematics): MathJson | null {
  const left = readable(link.left, m);
  const right = readable(link.right, m);
  return left === null || right === null ? null : ["Subtract", ["Delimiter", left], ["Delimiter", right]];
}

/** The interval of an inequality that names one variable alone between or beside its bounds; null when it does not. */
export function intervalOf(x: Related): string | null {
  const { sides, signs } = x;
  const [a = "", b = "", c = ""] = sides;
  const up = (sign?: Relation): boolean => sign === "<" || sign === "\\le";
  const down = (sign?: Relation): boolean => sign === ">" || sign === "\\ge";
  const closed = (sign?: Relation): boolean => sign === "\\le" || sign === "\\ge";
  const [first, second] = signs;
  if (!first) return null;
  if (sides.length === 2) {
    if (first === "\\ne" && isName(a)) return `(-\\infty,${b}) \\cup (${b},\\infty)`;
    const [name, sign, bound] = isName(a) ? [a, first, b] : [b, FLIPPED[first], a];
    if (!isName(name) || isName(bound)) return null;
    if (up(sign)) return `(-\\infty,${bound}${closed(sign) ? "]" : ")"}`;
    if (down(sign)) return `${closed(sign) ? "[" : "("}${bound},\\infty)`;
    return null;
  }
  if (sides.length !== 3 || !isName(b)) return null;
  if (up(first) && up(second)) return `${closed(first) ? "[" : "("}${a},${c}${closed(second) ? "]" : ")"}`;
  if (down(first) && down(second)) return `${closed(second) ? "[" : "("}${c},${a}${closed(first) ? "]" : ")"}`;
  return null;
}

