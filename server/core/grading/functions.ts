import { add, divide, exp, imaginary, log, multiply, negate, real, type Scaled, scaled, withNoise } from "./scaled";

const I = scaled(0, 1);
const ONE = scaled(1);
const TWO = scaled(2);
const halve = (x: Scaled): Scaled => ({ ...x, e: x.e - 1, noise: x.noise - 1 });

/** Functions of one complex variable by their MathJSON name; principal branches. */
export const FUNCTIONS: Record<string, (x: Scaled) => Scaled> = {
  Sin: (x) => ofReal(x, Math.sin) ?? divide(add(exp(multiply(I, x)), negate(exp(negate(multiply(I, x))))), multiply(TWO, I)),
  Cos: (x) => ofReal(x, Math.cos) ?? halve(add(exp(multiply(I, x)), exp(negate(multiply(I, x))))),
  Tan: (x) => divide(call("Sin", x), call("Cos", x)),
  Cot: (x) => divide(call("Cos", x), call("Sin", x)),
  Sec: (x) => divide(ONE, call("Cos", x)),
  Csc: (x) => divide(ONE, call("Sin", x)),
  Sinh: (x) => halve(add(exp(x), negate(exp(negate(x))))),
  Cosh: (x) => halve(add(exp(x), exp(negate(x)))),
  Tanh: (x) => divide(call("Sinh", x), call("Cosh", x)),
  Coth: (x) => divide(call("Cosh", x), call("Sinh", x)),
  Sech: (x) => divide(ONE, call("Cosh", x)),
  Csch: (x) => divide(ONE, call("Sinh", x)),
  Arctan: (x) => ofReal(x, Math.atan) ?? complexArctan(x),
  Arcsin: (x) => within(x, Math.asin) ?? negate(multiply(I, log(add(multiply(I, x), root(add(ONE, negate(multiply(x, x)))))))),
  Arccos: (x) => within(x, Math.acos) ?? add(scaled(Math.PI / 2), negate(call("Arcsin", x))),
  Arccot: (x) => call("Arctan", divide(ONE, x)),
  Arcsec: (x) => call("Arccos", divide(ONE, x)),
  Arccsc: (x) => call("Arcsin", divide(ONE, x)),
  Arsinh: (x) => log(add(x, root(add(multiply(x, x), ONE)))),
  Arcosh: (x) => log(add(x, multiply(root(add(x, ONE)), root(add(x, negate(ONE)))))),
  Artanh: (x) => halve(log(divide(add(ONE, x), add(ONE, negate(x))))),
  Exp: exp,
  Ln: log,
  Lb: (x) => divide(log(x), scaled(Math.LN2)),
  Lg: (x) => divide(log(x), scaled(Math.LN10)),
  Sqrt: root,
  Gamma: (x) => gamma(x),
  Factorial: (x) => gamma(add(x, ONE)),
};

function call(name: string, x: Scaled): Scaled {
  return (FUNCTIONS[name] ?? (() => scaled(Number.NaN)))(x);
}

export function root(x: Scaled): Scaled {
  if (x.re === 0 && x.im === 0) return x;
  if (x.im === 0 && x.re > 0) {
    const odd = x.e % 2 !== 0;
    return withNoise(scaled(Math.sqrt(odd ? x.re * 2 : x.re), 0, (odd ? x.e - 1 : x.e) / 2), x.noise - x.e / 2);
  }
  return exp(halve(log(x)));
}

/** A real function of a real value; its error grows with the argument's. Null for complex values and for sines of huge numbers. */
function ofReal(x: Scaled, f: (v: number) => number): Scaled | null {
  if (x.im !== 0) return null;
  const v = real(x);
  if (!(Math.abs(v) < 1e9)) return scaled(Number.NaN);
  return withNoise(scaled(f(v)), Math.max(x.noise, v === 0 ? Number.NEGATIVE_INFINITY : x.e - 52));
}

function within(x: Scaled, f: (v: number) => number): Scaled | null {
  return Math.abs(real(x)) <= 1 ? ofReal(x, f) : null;
}

function complexArctan(x: Scaled): Scaled {
  const ix = multiply(I, x);
  return divide(log(divide(add(ONE, ix), add(ONE, negate(ix)))), multiply(TWO, I));
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The gamma function (Lanczos, g = 7) of complex values up to a million. */
export function gamma(z: Scaled): Scaled {
  const re = real(z);
  if (!(Math.abs(re) < 1e6) || Math.abs(imaginary(z)) > 1e6) return scaled(Number.NaN);
  if (re < 0.5) {
    const sine = call("Sin", multiply(scaled(Math.PI), z));
    return divide(scaled(Math.PI), multiply(sine, gamma(add(ONE, negate(z)))));
  }
  const x = add(z, negate(ONE));
  let sum = scaled(LANCZOS[0] ?? 1);
  for (let i = 1; i < LANCZOS.length; i++) sum = add(sum, divide(scaled(LANCZOS[i] ?? 0), add(x, scaled(i))));
  const t = add(x, scaled(7.5));
  const power = exp(add(multiply(add(x, scaled(0.5)), log(t)), negate(t)));
  return multiply(multiply(scaled(Math.sqrt(2 * Math.PI)), power), sum);
}
