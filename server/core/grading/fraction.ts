import { TooLarge } from "./limits";

/** An exact rational number in lowest terms, q > 0. */
export interface Fraction {
  p: bigint;
  q: bigint;
}

/** Numbers beyond this many bits are not computed with exactly. 2004! has 19,000. */
export const MOST_BITS = 60_000;

/** @throws TooLarge; null for a zero denominator. */
export function fraction(p: bigint, q: bigint): Fraction | null {
  if (q === 0n) return null;
  if (q === 1n) return { p, q };
  const g = gcd(p, q) * (q < 0n ? -1n : 1n);
  return { p: p / g, q: q / g };
}

export function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

/** Number of binary digits, to within four. */
export function bits(n: bigint): number {
  return n.toString(16).length * 4;
}

export function sameFraction(a: Fraction, b: Fraction): boolean {
  return a.p === b.p && a.q === b.q;
}

/** "1234.5" or "1234", no signs, no separators, as a fraction. @throws TooLarge for more than 10,000 digits. */
export function decimalFraction(digits: string, exponent = 0): Fraction {
  const [whole = "", part = ""] = digits.split(".");
  const shift = exponent - part.length;
  if (whole.length + part.length > 10_000 || Math.abs(shift) > 10_000) throw new TooLarge();
  const n = BigInt(whole + part || "0");
  return (shift >= 0 ? fraction(n * 10n ** BigInt(shift), 1n) : fraction(n, 10n ** BigInt(-shift))) ?? { p: 0n, q: 1n };
}

/** x^n for a whole n; null for 0 to a negative power. @throws TooLarge before it would be computed. */
export function powerOf(x: Fraction, n: bigint): Fraction | null {
  if (n < 0n) {
    const inverse = fraction(x.q, x.p);
    return inverse && powerOf(inverse, -n);
  }
  const unit = x.q === 1n && (x.p === 0n || x.p === 1n || x.p === -1n);
  if (unit) return n === 0n ? { p: 1n, q: 1n } : x.p === -1n && n % 2n === 0n ? { p: 1n, q: 1n } : x;
  if (n > BigInt(MOST_BITS) || Number(n) * Math.max(bits(x.p), bits(x.q)) > MOST_BITS * 2) throw new TooLarge();
  return { p: x.p ** n, q: x.q ** n };
}
