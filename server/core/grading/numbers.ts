import { decimalFraction, type Fraction, fraction, powerOf, sameFraction } from "./fraction";
import { knownUnit, NO_UNIT } from "./units";

/** A plain number, exact. */
export interface PlainNumber {
  value: Fraction;
  percent: boolean;
  /** Digits after the point when it was written as a decimal; null for whole numbers and fractions. */
  decimals: number | null;
  /** Words after it, "" for none. */
  unit: string;
}

const WHOLE = String.raw`\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+`;
const DECIMAL = String.raw`(?:(?:${WHOLE})?\.\d+|(?:${WHOLE})\.?)`;
const PLAIN = new RegExp(`^(${DECIMAL})(?:\\s?(?:[eE]|(?:\\\\cdot|x|X)\\s?10\\s?\\^)\\s?\\{?\\s?([-+]?\\d{1,6})\\s?\\}?)?$`);
const POWER_OF_TEN = /^10\s?\^\s?(?:(\d)|\{\s?([-+]?\d{1,6})\s?\})$/;
const SLASH = new RegExp(`^(?:(\\d+|\\d{1,3}(?: \\d{3})+)\\s+)?\\(?([-+]?)\\s?(${DECIMAL})\\)?\\s?/\\s?\\(?([-+]?)(${DECIMAL})\\)?$`);
const OVER = new RegExp(
  `^(?:(${WHOLE})\\s?)?\\\\frac\\s?(?:\\{\\s?([-+]?)\\s?(${DECIMAL})\\s?\\}|(\\d))\\s?(?:\\{\\s?([-+]?)\\s?(${DECIMAL})\\s?\\}|(\\d))$`,
);
const IN_BASE = /^([0-9]{1,200})_\s?(?:\{\s?(\d{1,2})\s?\}|(\d))$/;
const SCALE: Record<string, number> = { dozen: 1, hundred: 2, thousand: 3, million: 6, billion: 9, trillion: 12 };

/**
 * Read an answer (undressed) as one plain number: integers with separators, decimals, scientific notation, fractions, mixed numbers,
 * percentages, numbers in a base, and all of them with words or units after them. Null for everything else.
 * @throws TooLarge for exponents and digits without end.
 */
export function plainNumber(text: string): PlainNumber | null {
  let s = text.trim();
  let negative = false;
  const sign = /^([-+])\s?(?![-+])/.exec(s);
  if (sign) {
    negative = sign[1] === "-";
    s = s.slice(sign[0].length);
  }
  const percent = /^(.*[\d})])\s?(?:%|percentage points?|percent(?:age)?|pct)$/i.exec(s);
  if (percent?.[1]) s = percent[1].trim();
  let unit = "";
  let found = bare(s);
  if (!found) {
    const split = /^(.*?[\d})])(\s?)((?:[A-Za-z]|\/\s?[A-Za-z])[A-Za-z\s/.'()-]*(?:\^\s?\{?\s?\d\s?\}?)?)$/.exec(s);
    if (split?.[1] && split[3]) {
      const scale = SCALE[split[3].trim().toLowerCase()];
      const word = split[3].trim();
      if (scale !== undefined) {
        found = bare(split[1]);
        if (found) found = { ...found, value: times(found.value, scale === 1 ? 12n : 10n ** BigInt(scale)), decimals: null };
      } else if (!NO_UNIT.test(word) && isUnit(word, split[2] !== "")) {
        found = bare(split[1].trim());
        unit = word;
      }
    }
  }
  if (!found) return null;
  const value = negative ? { p: -found.value.p, q: found.value.q } : found.value;
  return { value, percent: percent !== null, decimals: found.decimals, unit };
}

/** Without a space only what is plainly a unit ("5cm", not "5ab"); one letter may be a variable. */
function isUnit(word: string, spaced: boolean): boolean {
  const first = /^[A-Za-z]+/.exec(word)?.[0] ?? "";
  if (word.startsWith("/")) return /^\/\s?[A-Za-z]{2,}/.test(word);
  if (!spaced) return first.length >= 2 && (knownUnit(word) !== null || /^(?:am|pm|th|st|nd|rd)$/.test(word)) || /^m\^/.test(word);
  // Two letters may be two variables: "5 ab".
  return first.length >= 3 || knownUnit(word) !== null && first.length === 2 || /^m\s?(?:\^|\/)/.test(word) || /^[A-Za-z]{1,2}\//.test(word) || /^(?:am|pm)$/i.test(word);
}

const NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

function bare(s: string): { value: Fraction; decimals: number | null } | null {
  const word = NUMBER_WORDS.indexOf(s.toLowerCase());
  if (word >= 0) return { value: { p: BigInt(word), q: 1n }, decimals: null };
  // "(5)" and "{5}"
  const inner = /^\(\s?([\d.,]+)\s?\)$/.exec(s)?.[1];
  const t = inner ?? s;
  // "0,111" has a decimal comma, no thousands.
  if (/^0+,/.test(t)) return null;
  const plain = PLAIN.exec(t);
  if (plain?.[1]) {
    const digits = plain[1].replace(/[, ]/g, "");
    const exponent = Number(plain[2] ?? 0);
    const point = digits.indexOf(".");
    const decimals = point === -1 || point === digits.length - 1 ? null : digits.length - point - 1;
    return { value: decimalFraction(digits, exponent), decimals: plain[2] === undefined ? decimals : null };
  }
  const ten = POWER_OF_TEN.exec(t);
  if (ten) return { value: decimalFraction("1", Number(ten[1] ?? ten[2])), decimals: null };
  const base = IN_BASE.exec(t);
  if (base?.[1]) return inBase(base[1], Number(base[2] ?? base[3]));
  const slash = SLASH.exec(t);
  if (slash?.[3] && slash[5]) {
    return mixed(slash[1], signed(slash[2], slash[3]), signed(slash[4], slash[5]));
  }
  const over = OVER.exec(t);
  if (over) {
    const top = signed(over[2], over[3] ?? over[4] ?? "0");
    const bottom = signed(over[5], over[6] ?? over[7] ?? "1");
    return mixed(over[1], top, bottom);
  }
  return null;
}

/** "1000,99" and "0,111" as decimals, for comparing with a number written with a point; null for others ("3,7" may well be a list). */
export function commaDecimal(text: string): Fraction | null {
  const match = /^([-+]?)(\d+),(\d+)$/.exec(text.trim());
  if (!match?.[2] || !match[3] || !(match[2] === "0" || match[3].length >= 2)) return null;
  return signed(match[1], `${match[2]}.${match[3]}`);
}

function mixed(whole: string | undefined, top: Fraction, bottom: Fraction): { value: Fraction; decimals: null } | null {
  const part = fraction(top.p * bottom.q, top.q * bottom.p);
  if (!part) return null;
  if (whole === undefined) return { value: part, decimals: null };
  // 4 4/9 is a mixed number, 11 7/6 is none.
  if (part.p < 0n || part.p >= part.q) return null;
  const value = fraction(decimalFraction(whole.replace(/[, ]/g, "")).p * part.q + part.p, part.q);
  return value && { value, decimals: null };
}

function inBase(digits: string, base: number): { value: Fraction; decimals: null } | null {
  if (base < 2 || base > 36 || [...digits].some((d) => Number(d) >= base)) return null;
  let value = 0n;
  for (const d of digits) value = value * BigInt(base) + BigInt(d);
  return { value: { p: value, q: 1n }, decimals: null };
}

function signed(sign: string | undefined, digits: string): Fraction {
  const value = decimalFraction(digits.replace(/[, ]/g, ""));
  return sign === "-" ? { p: -value.p, q: value.q } : value;
}

function times(x: Fraction, n: bigint): Fraction {
  return fraction(x.p * n, x.q) ?? x;
}

/** Fewest digits after the point for a decimal to stand for the fraction or root that it rounds. Math-Verify rounds to as many. */
export const ROUNDED_DIGITS = 6;

/** Equality of two plain numbers, and the rule. */
export function equalNumbers(a: PlainNumber, b: PlainNumber, digits = ROUNDED_DIGITS): { equal: boolean; reason: string } {
  const [x, y] = sameDimension(a, b);
  if (x === null || y === null) return { equal: false, reason: "different units" };
  if (sameFraction(x, y)) return { equal: true, reason: "equal as numbers" };
  if (a.percent !== b.percent) {
    const hundredth = (v: Fraction): Fraction => fraction(v.p, v.q * 100n) ?? v;
    if (sameFraction(a.percent ? hundredth(x) : x, b.percent ? hundredth(y) : y)) return { equal: true, reason: "equal as a percentage" };
  }
  if ((a.decimals === null) !== (b.decimals === null)) {
    const [decimal, exact, places] = a.decimals !== null ? [x, y, a.decimals] : [y, x, b.decimals ?? 0];
    // A whole number is not rounded to 6 places.
    if (places >= digits && exact.q !== 1n && decimal.p !== 0n && rounds(decimal, exact, places)) return { equal: true, reason: `equal to the ${places} decimals given` };
  }
  return { equal: false, reason: "different numbers" };
}

/** |decimal - exact| is at most half a unit of the last place, with at least as many digits that count as places asked for. */
function rounds(decimal: Fraction, exact: Fraction, places: number): boolean {
  const scale = powerOf({ p: 10n, q: 1n }, BigInt(places))?.p ?? 1n;
  const difference = decimal.p * exact.q - exact.p * decimal.q;
  const size = (difference < 0n ? -difference : difference) * 2n * scale;
  const significant = (decimal.p < 0n ? -decimal.p : decimal.p) * scale >= decimal.q * 10n ** BigInt(Math.min(4, places - 1));
  return significant && size <= decimal.q * exact.q;
}

/** Both values in the same unit; null when the units cannot be compared. A value without a unit takes the other's. */
function sameDimension(a: PlainNumber, b: PlainNumber): [Fraction | null, Fraction | null] {
  const u = a.unit ? knownUnit(a.unit) : null;
  const v = b.unit ? knownUnit(b.unit) : null;
  if (!u || !v) return [a.value, b.value];
  if (u.dimension !== v.dimension) return [null, null];
  return [fraction(a.value.p * u.factor[0], a.value.q * u.factor[1]), fraction(b.value.p * v.factor[0], b.value.q * v.factor[1])];
}
