import { TooLarge } from "./limits";

/**
 * A complex number (re + i·im)·2^e whose larger part lies in [1/2, 1), so that 1/2004! and 9^9999 are ordinary values.
 * 0 is {0, 0, 0}. `noise` is the base-2 logarithm of the absolute error that additions left in it (-Infinity: none).
 */
export interface Scaled {
  re: number;
  im: number;
  e: number;
  noise: number;
}

const EPS = -52;

export function scaled(re: number, im = 0, e = 0, noise = Number.NEGATIVE_INFINITY): Scaled {
  const big = Math.max(Math.abs(re), Math.abs(im));
  if (big === 0) return { re: 0, im: 0, e: 0, noise };
  if (!Number.isFinite(big)) return { re: Number.NaN, im: Number.NaN, e: 0, noise };
  const shift = Math.floor(Math.log2(big)) + 1;
  // In two steps, since 2^1074 is no number.
  const half = Math.trunc(shift / 2);
  const k = 2 ** -half;
  const l = 2 ** -(shift - half);
  return { re: re * k * l, im: im * k * l, e: e + shift, noise };
}

export const ZERO = scaled(0);
export const isZero = (x: Scaled): boolean => x.re === 0 && x.im === 0;
export const isNaNumber = (x: Scaled): boolean => Number.isNaN(x.re) || Number.isNaN(x.im) || !Number.isFinite(x.e);

export function fromBigInt(n: bigint): Scaled {
  const size = n < 0n ? -n : n;
  const length = size.toString(2).length;
  const drop = Math.max(0, length - 60);
  return scaled(Number(n >> BigInt(drop)), 0, drop);
}

/** As an ordinary number; may overflow to Infinity or underflow to 0. */
export function real(x: Scaled): number {
  return times2(x.re, x.e);
}
export function imaginary(x: Scaled): number {
  return times2(x.im, x.e);
}
function times2(v: number, e: number): number {
  if (e > 2000) return v === 0 ? 0 : v * Number.POSITIVE_INFINITY;
  if (e < -2000) return 0;
  const half = Math.trunc(e / 2);
  return v * 2 ** half * 2 ** (e - half);
}

export function add(x: Scaled, y: Scaled): Scaled {
  if (isZero(x)) return { ...y, noise: Math.max(x.noise, y.noise) };
  if (isZero(y)) return { ...x, noise: Math.max(x.noise, y.noise) };
  const [a, b] = x.e >= y.e ? [x, y] : [y, x];
  const noise = Math.max(x.noise, y.noise, a.e + EPS);
  const down = b.e - a.e;
  if (down < -1000) return { ...a, noise };
  const k = 2 ** down;
  return scaled(a.re + b.re * k, a.im + b.im * k, a.e, noise);
}

export function negate(x: Scaled): Scaled {
  return { re: -x.re, im: -x.im, e: x.e, noise: x.noise };
}

export function multiply(x: Scaled, y: Scaled): Scaled {
  const noise = Math.max(x.noise + y.e, y.noise + x.e);
  return scaled(x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re, x.e + y.e, noise);
}

/** NaN for division by zero. */
export function divide(x: Scaled, y: Scaled): Scaled {
  const n = y.re * y.re + y.im * y.im;
  if (n === 0) return scaled(Number.NaN);
  const noise = Math.max(x.noise - y.e, y.noise + x.e - 2 * y.e);
  return scaled((x.re * y.re + x.im * y.im) / n, (x.im * y.re - x.re * y.im) / n, x.e - y.e, noise);
}

/** Natural logarithm, principal branch. */
export function log(x: Scaled): Scaled {
  const size = Math.hypot(x.re, x.im);
  return withNoise(scaled(Math.log(size) + x.e * Math.LN2, Math.atan2(x.im, x.re)), x.noise - x.e);
}

/** @throws TooLarge when the exponent is so large that too few digits of the result would be right. */
export function exp(x: Scaled): Scaled {
  const re = real(x);
  const im = imaginary(x);
  if (Number.isNaN(re) || Number.isNaN(im)) return scaled(Number.NaN);
  if (!(Math.abs(re) < 1e6 && Math.abs(im) < 1e6)) throw new TooLarge();
  const e = Math.round(re / Math.LN2);
  const m = Math.exp(re - e * Math.LN2);
  const result = scaled(m * Math.cos(im), m * Math.sin(im), e);
  return withNoise(result, Math.max(x.noise, x.e + EPS) + result.e);
}

export function withNoise(x: Scaled, noise: number): Scaled {
  return { ...x, noise: Math.max(x.noise, noise, x.e + EPS) };
}

/** Stated relative tolerance of the numeric comparison. */
export const RELATIVE_TOLERANCE = 1e-10;

/**
 * Whether two values agree to the relative tolerance, or to what rounding in sums can have changed (64 times the estimate).
 */
export function close(x: Scaled, y: Scaled, tolerance = RELATIVE_TOLERANCE): boolean {
  if (isZero(x) && isZero(y)) return true;
  const difference = add(x, negate(y));
  if (isZero(difference)) return true;
  const e = Math.max(isZero(x) ? Number.NEGATIVE_INFINITY : x.e, isZero(y) ? Number.NEGATIVE_INFINITY : y.e);
  const noise = Math.max(x.noise, y.noise) + 6;
  return difference.e <= Math.max(e + Math.log2(tolerance), noise);
}
