import { bits, type Fraction, fraction, MOST_BITS, powerOf } from "./fraction";
import { root } from "./functions";
import { TooLarge } from "./limits";
import { add, divide, exp, fromBigInt, isZero, log, multiply, negate, real, type Scaled, scaled } from "./scaled";

/** A value under evaluation: exact as long as it is rational and not too long, else a scaled complex number. */
export type Value = { exact: Fraction } | { exact: null; about: Scaled };

export const whole = (n: number | bigint): Value => ({ exact: { p: BigInt(n), q: 1n } });
export const approximate = (about: Scaled): Value => ({ exact: null, about });
export const NOTHING: Value = approximate(scaled(Number.NaN));

export function about(v: Value): Scaled {
  return v.exact ? divide(fromBigInt(v.exact.p), fromBigInt(v.exact.q)) : v.about;
}

const LARGEST = 1n << BigInt(MOST_BITS);

function exactly(f: Fraction | null): Value {
  if (!f) return NOTHING;
  // An approximation would not tell 10^100000 from 10^100000 + 1.
  if (f.p > LARGEST || f.p < -LARGEST || f.q > LARGEST) throw new TooLarge();
  return { exact: f };
}

export function plus(x: Value, y: Value): Value {
  if (x.exact && y.exact) return exactly(fraction(x.exact.p * y.exact.q + y.exact.p * x.exact.q, x.exact.q * y.exact.q));
  const [a, b] = [about(x), about(y)];
  const [big, small] = a.e >= b.e ? [a, b] : [b, a];
  // Nor would it tell e^100 from e^100 + 1. (A small rest of a difference is nothing but rounding, and may go.)
  if (!isZero(small) && small.e < big.e - 36 && small.noise < small.e - 8) throw new TooLarge();
  return approximate(add(a, b));
}

export function minus(x: Value): Value {
  return x.exact ? { exact: { p: -x.exact.p, q: x.exact.q } } : approximate(negate(x.about));
}

export function product(x: Value, y: Value): Value {
  if (x.exact && y.exact) return exactly(fraction(x.exact.p * y.exact.p, x.exact.q * y.exact.q));
  return approximate(multiply(about(x), about(y)));
}

export function quotient(x: Value, y: Value): Value {
  if (x.exact && y.exact) return exactly(fraction(x.exact.p * y.exact.q, x.exact.q * y.exact.p));
  return approximate(divide(about(x), about(y)));
}

/** The whole number that a value is; null for all others. */
export function integer(v: Value): bigint | null {
  return v.exact && v.exact.q === 1n ? v.exact.p : null;
}

/** Real and below zero. */
export function isNegative(v: Value): boolean {
  return v.exact ? v.exact.p < 0n : v.about.im === 0 && v.about.re < 0;
}

export function isReal(v: Value): boolean {
  return v.exact !== null || v.about.im === 0;
}

/**
 * x^y. A negative number to a fraction with an odd denominator is the real root, as school has it; all other branches are principal.
 * @param branch called where a branch of a many-valued function was chosen.
 */
export function power(x: Value, y: Value, branch: () => void): Value {
  const n = integer(y);
  if (n !== null) {
    if (x.exact) return exactly(powerOf(x.exact, n));
    return approximate(wholePower(about(x), n));
  }
  if (y.exact && x.exact) {
    const root = exactRoot(x.exact, y.exact.q);
    if (root && (x.exact.p > 0n || y.exact.q % 2n === 1n)) return power({ exact: root }, whole(y.exact.p), branch);
  }
  if (isNegative(x)) {
    if (y.exact && y.exact.q % 2n === 1n) {
      const size = power(minus(x), y, branch);
      return y.exact.p % 2n === 0n ? size : minus(size);
    }
    branch();
  } else if (!isReal(x)) branch();
  const base = about(x);
  if (isZero(base)) return isNegative(y) ? NOTHING : approximate(base);
  if (y.exact && y.exact.p === 1n && y.exact.q === 2n) return approximate(root(base));
  return approximate(exp(multiply(about(y), log(base))));
}

function wholePower(x: Scaled, n: bigint): Scaled {
  if (n < 0n) return divide(scaled(1), wholePower(x, -n));
  if (n > 1_000_000n) return isZero(x) ? x : exp(multiply(fromBigInt(n), log(x)));
  let result = scaled(1);
  let square = x;
  for (let k = Number(n); k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

/** The q-th root of a fraction when it is rational, for q up to 12. */
function exactRoot(x: Fraction, q: bigint): Fraction | null {
  if (q > 12n) return null;
  const p = wholeRoot(x.p, q);
  const d = wholeRoot(x.q, q);
  return p === null || d === null ? null : { p, q: d };
}

function wholeRoot(n: bigint, q: bigint): bigint | null {
  if (n < 0n) {
    const size = q % 2n === 1n ? wholeRoot(-n, q) : null;
    return size === null ? null : -size;
  }
  if (n < 2n) return n;
  if (bits(n) > 4000) return null;
  let guess = 1n << BigInt(Math.ceil(n.toString(2).length / Number(q)));
  for (;;) {
    const next = ((q - 1n) * guess + n / guess ** (q - 1n)) / q;
    if (next >= guess) break;
    guess = next;
  }
  return guess ** q === n ? guess : null;
}

/** Largest whole number not above a real value; null for complex values. */
export function floor(v: Value): Value {
  if (v.exact) {
    const { p, q } = v.exact;
    return whole(p >= 0n || p % q === 0n ? p / q : p / q - 1n);
  }
  const x = real(v.about);
  return v.about.im === 0 && Math.abs(x) < 2 ** 52 ? whole(Math.floor(x)) : NOTHING;
}
