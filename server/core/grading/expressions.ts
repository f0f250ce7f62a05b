import type { Mathematics } from "./engine";
import { Evaluation, type MathJson, NotEvaluable, type Point } from "./evaluate";
import { type Fraction, sameFraction } from "./fraction";
import { TooLarge } from "./limits";
import { add, close, isNaNumber, isZero, negate, real, type Scaled } from "./scaled";
import { about, type Value, whole } from "./values";

export interface Verdict {
  equal: boolean;
  /** The rule that decided, for people. */
  reason: string;
}

/** Points at which two expressions are compared, and how many of them must have a value on both sides. */
const POINTS = 10;
const FEWEST = 3;

/** How the values of two expressions are compared at one point. */
type Same = (x: Value, y: Value) => boolean;

/**
 * Equality of two LaTeX expressions by their values: exact arithmetic where they are rational at rational points, else to a
 * relative tolerance of 1e-10, at random points (from a fixed seed). Unequal when either cannot be read.
 * @throws TooLarge
 */
export function equalExpressions(a: string, b: string, m: Mathematics): Verdict {
  const x = readable(a, m);
  const y = readable(b, m);
  if (x === null || y === null) return { equal: false, reason: `not equal as text, and "${shortened(x === null ? a : b)}" cannot be read as mathematics` };
  return equalAtPoints(x, y, sameValue);
}

/** The expression's tree; null when it cannot be read. */
export function readable(latex: string, m: Mathematics): MathJson | null {
  const json = m.parse(latex);
  return json === null || typeof json === "string" && json.startsWith("'") ? null : json;
}

export function equalAtPoints(x: MathJson, y: MathJson, same: Same): Verdict {
  const names = [...new Set([...variables(x), ...variables(y)])].sort();
  const onlyWhole = [x, y].some((t) => mentions(t, WHOLE_ONLY));
  let compared = 0;
  let exact = true;
  // Where a root or logarithm of a negative number was taken, the branch may differ and the answer still be right.
  let branchedSame = 0;
  let branchedOther = 0;
  let tooLarge = false;
  for (let k = 0; k < (names.length === 0 ? 1 : POINTS); k++) {
    const point = pointAt(k, onlyWhole, new Set(names));
    const [u, v, branched, large] = valuesAt(x, y, point, names.length > 0);
    tooLarge ||= large;
    if (!u || !v) continue;
    if (isNaNumber(about(u)) || isNaNumber(about(v))) {
      if (names.length === 0) return { equal: false, reason: "not equal, no value" };
      continue;
    }
    const equal = same(u, v);
    if (branched && names.length > 0) {
      if (equal) branchedSame++;
      else branchedOther++;
      continue;
    }
    if (!equal) return { equal: false, reason: names.length > 0 ? "different values at a random point" : "different values" };
    compared++;
    exact &&= u.exact !== null && v.exact !== null;
  }
  if (names.length === 0) return compared > 0 ? { equal: true, reason: exact ? "equal exactly" : "equal in value" } : UNKNOWN;
  if (compared >= FEWEST) return { equal: true, reason: exact ? "equal as expressions, exactly at random points" : "equal as expressions at random points" };
  if (branchedSame >= FEWEST && branchedOther === 0) return { equal: true, reason: "equal as expressions at random points" };
  if (tooLarge) throw new TooLarge();
  return UNKNOWN;
}

const UNKNOWN: Verdict = { equal: false, reason: "not equal as text, and its value is not known" };
const WHOLE_ONLY = new Set(["Factorial", "Factorial2", "Binomial", "Choose", "Sum", "Product", "Mod", "GCD", "LCM"]);

function valuesAt(x: MathJson, y: MathJson, point: Point, mayBeTooLarge: boolean): [Value | null, Value | null, boolean, boolean] {
  const [left, right] = [new Evaluation(point), new Evaluation(point)];
  try {
    const u = left.value(x);
    return [u, right.value(y), left.branched || right.branched, false];
  } catch (error) {
    if (error instanceof NotEvaluable || (mayBeTooLarge && error instanceof TooLarge)) return [null, null, false, error instanceof TooLarge];
    throw error;
  }
}

/** The value of an expression without variables; null when it has some or none is known. */
export function constantValue(json: MathJson): Value | null {
  if (variables(json).size > 0) return null;
  const [u] = valuesAt(json, 0, pointAt(0, false, new Set()), false);
  return u && !isNaNumber(about(u)) ? u : null;
}

/** Exact where both are, else to the relative tolerance. */
export function sameValue(x: Value, y: Value): boolean {
  return x.exact && y.exact ? sameFraction(x.exact, y.exact) : close(about(x), about(y));
}

/** A decimal of `places` digits after the point against a value that is no decimal. */
export function roundsTo(decimal: Fraction, places: number, x: Scaled): boolean {
  if (x.im !== 0) return false;
  const difference = add(about({ exact: decimal }), negate(x));
  return isZero(difference) || Math.abs(real(difference)) <= 0.5001 * 10 ** -places;
}

/** Random rational points: three with all variables positive, then mixed signs; small whole numbers where only those make sense. */
function pointAt(k: number, onlyWhole: boolean, values: ReadonlySet<string>): Point {
  return {
    seed: k + 1,
    values,
    variable: (name) => {
      const h = hash(name, k);
      if (onlyWhole) return whole(2 + (h % 9));
      // Odd numerators and prime denominators, so that no floor or parity is met by accident. Half of the points below 2.
      const q = [7, 11, 13, 17][h % 4] ?? 7;
      const p = 1 + ((h >>> 3) % (k % 2 === 0 ? 2 * q : 23 * q));
      const sign = k < 4 || ((h >>> 20) & 1) === 0 ? 1n : -1n;
      const top = p % q === 0 ? p + 1 : p;
      return { exact: { p: sign * BigInt(top), q: BigInt(q) } };
    },
  };
}

function hash(name: string, k: number): number {
  let h = 0x811c9dc5 ^ Math.imul(k + 1, 0x85ebca6b);
  for (const ch of name) h = Math.imul(h ^ (ch.codePointAt(0) ?? 0), 0x01000193);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

const CONSTANT = /^(?:Pi|e|ExponentialE|i|ImaginaryUnit|GoldenRatio|Nothing|PositiveInfinity|NegativeInfinity|'.*)$/;

/** Names of the free variables. */
export function variables(json: MathJson, found = new Set<string>()): Set<string> {
  if (typeof json === "string") {
    if (!CONSTANT.test(json)) found.add(json);
  } else if (Array.isArray(json)) {
    const [head, body, range] = json as MathJson[];
    const index = (head === "Sum" || head === "Product" || head === "Integrate") && Array.isArray(range) ? range[1] : undefined;
    if (typeof index === "string" && body !== undefined) {
      // The index of a sum is bound in its body.
      for (const name of variables(body)) if (name !== index) found.add(name);
      for (const bound of (range as unknown as MathJson[]).slice(2)) variables(bound, found);
    } else for (const part of json.slice(1)) variables(part as MathJson, found);
  }
  return found;
}

function mentions(json: MathJson, heads: Set<string>): boolean {
  if (!Array.isArray(json)) return false;
  const [head, ...operands] = json as MathJson[];
  return heads.has(String(head)) || operands.some((part) => mentions(part, heads));
}

export function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

