/** Longer numbers are compared as text: exact arithmetic on them would cost more than it tells. */
const MOST_DIGITS = 400;

const INTEGER = String.raw`\d{1,3}(?:,\d{3})+|\d+`;
const DECIMAL = String.raw`(?:${INTEGER})?\.\d+|(?:${INTEGER})\.?`;
const PLAIN = new RegExp(`^([-+]?)\\s*(${DECIMAL})$`);
const SLASH = new RegExp(`^([-+]?)\\s*\\(?(${DECIMAL})\\)?\\s*/\\s*\\(?([-+]?)(${DECIMAL})\\)?$`);
const FRACTION = new RegExp(
  `^([-+]?)\\s*(?:(${INTEGER})\\s*)?\\\\frac\\s*(?:\\{\\s*([-+]?)\\s*(${DECIMAL})\\s*\\}|(\\d))\\s*(?:\\{\\s*([-+]?)\\s*(${DECIMAL})\\s*\\}|(\\d))$`,
);
const MIXED = new RegExp(`^([-+]?)\\s*(${INTEGER})\\s+(\\d+)\\s*/\\s*(\\d+)$`);

/**
 * A plain number as an exact reduced fraction "p/q" (q > 0): integers with or without thousands separators, decimals, a/b,
 * \frac{a}{b}, \frac12, and mixed numbers (1\frac{1}{2}, 1 1/2). Null for everything else, division by zero included.
 */
export function parseRational(text: string): string | null {
  const s = text.trim();
  if (s.length > MOST_DIGITS) return null;
  const plain = PLAIN.exec(s);
  if (plain?.[2]) return reduced(signed(plain[1], decimal(plain[2])));
  const slash = SLASH.exec(s);
  if (slash?.[2] && slash[4]) return reduced(signed(slash[1], quotient(decimal(slash[2]), signed(slash[3], decimal(slash[4])))));
  const fraction = FRACTION.exec(s);
  if (fraction) {
    const top = signed(fraction[3], decimal(fraction[4] ?? fraction[5] ?? "0"));
    const bottom = signed(fraction[6], decimal(fraction[7] ?? fraction[8] ?? "1"));
    const part = quotient(top, bottom);
    return reduced(signed(fraction[1], fraction[2] ? sum(decimal(fraction[2]), part) : part));
  }
  const mixed = MIXED.exec(s);
  if (mixed?.[2] && mixed[3] && mixed[4]) {
    return reduced(signed(mixed[1], sum(decimal(mixed[2]), quotient(decimal(mixed[3]), decimal(mixed[4])))));
  }
  return null;
}

/** Numerator and denominator. */
type Fraction = [bigint, bigint];

function decimal(digits: string): Fraction {
  const [whole = "", part = ""] = digits.replace(/,/g, "").split(".");
  return [BigInt((whole + part) || "0"), 10n ** BigInt(part.length)];
}

function signed(sign: string | undefined, [p, q]: Fraction): Fraction {
  return sign === "-" ? [-p, q] : [p, q];
}

function quotient([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return [a * d, b * c];
}

function sum([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return [a * d + c * b, b * d];
}

function reduced([p, q]: Fraction): string | null {
  if (q === 0n) return null;
  let a = p < 0n ? -p : p;
  let b = q < 0n ? -q : q;
  while (b > 0n) [a, b] = [b, a % b];
  const sign = q < 0n ? -1n : 1n;
  return a === 0n ? "0/1" : `${(sign * p) / a}/${(sign * q) / a}`;
}
