import { decimalFraction, gcd } from "./fraction";
import { FUNCTIONS, gamma } from "./functions";
import { TooLarge } from "./limits";
import { add, divide, log, multiply, negate, real, type Scaled, scaled } from "./scaled";
import { about, approximate, floor, integer, isNegative, isReal, minus, NOTHING, plus, power, product, quotient, type Value, whole } from "./values";

/** An expression as the parser of compute-engine gives it (https://mathlive.io/math-json/). */
export type MathJson = number | string | { num: string } | readonly [string, ...MathJson[]];

/** Where an expression is evaluated. */
export interface Point {
  /** The value of a free variable, by its name. */
  variable: (name: string) => Value;
  /** Decides what unknown functions give. */
  seed: number;
  /** Names that stand for values, so that R(R-2r) is a product where P(x) is a function. */
  values: ReadonlySet<string>;
}

/** The expression has something in it that has no value here. */
export class NotEvaluable extends Error {}

/** Most steps of one evaluation; sums count each term. About 10 ms. */
const MOST_STEPS = 20_000;

/** One evaluation. `branched` tells whether a root or logarithm of something not positive was taken on the way. */
export class Evaluation {
  branched = false;
  private steps = 0;
  private readonly bound = new Map<string, Value>();
  constructor(private readonly point: Point) {}

  /** @throws NotEvaluable, TooLarge. */
  value(json: MathJson): Value {
    if (++this.steps > MOST_STEPS) throw new TooLarge();
    if (typeof json === "number") return numeral(String(json));
    if (typeof json === "string") return this.symbol(json);
    if ("num" in json) return numeral(json.num);
    const [head, ...operands] = json as readonly [string, ...MathJson[]];
    const special = this.special(head, operands);
    if (special) return special;
    const values = operands.map((o) => this.value(o));
    const [x, y] = values;
    if (x === undefined) throw new NotEvaluable(head);
    if (values.length === 1 && /^[A-Z](?:_\w+)?$/.test(head) && this.point.values.has(head)) return product(this.point.variable(head), x);
    return this.operation(head, values, x, y);
  }

  private symbol(name: string): Value {
    const bound = this.bound.get(name);
    if (bound) return bound;
    if (name.startsWith("'")) throw new NotEvaluable(name);
    const constant = CONSTANTS[name];
    if (constant) return constant;
    if (name === "Nothing" || name === "PositiveInfinity" || name === "NegativeInfinity" || name === "ComplexInfinity") throw new NotEvaluable(name);
    const indexed = /^([A-Za-z]+)_([A-Za-z])$/.exec(name);
    const index = indexed?.[2] ? this.bound.get(indexed[2]) : undefined;
    if (indexed?.[1] && index) return this.unknown(`${indexed[1]}_`, [index]);
    return this.point.variable(name);
  }

  /** What does not simply evaluate its operands first. */
  private special(head: string, operands: readonly MathJson[]): Value | null {
    if (head === "Error" || head === "Pair" || head === "List" || head === "Set" || head === "Sequence" || head === "Matrix") throw new NotEvaluable(head);
    if (head === "InvisibleOperator") return this.juxtaposed(operands);
    if (head === "Sum" || head === "Product") return this.series(head, operands);
    if (head === "Integrate") return this.integral(operands);
    if (head === "Subscript") {
      const [base, index] = operands;
      if (typeof base !== "string" || index === undefined) throw new NotEvaluable(head);
      return this.unknown(`${base}_`, [this.value(index)]);
    }
    if (head === "Apply" || head === "Function" || head === "Limit" || head === "D" || head === "Tuple") {
      const [f, x] = operands;
      if (head === "Apply" && Array.isArray(f) && f[0] === "InverseFunction" && x !== undefined) {
        return this.value([`Arc${String(f[1]).toLowerCase()}`, x]);
      }
      throw new NotEvaluable(head);
    }
    return null;
  }

  /** Side by side is a product, but f(x), g(x) and h(x) are values of functions, and 2 1/3 is a sum that the parser leaves to us. */
  private juxtaposed(operands: readonly MathJson[]): Value {
    let result: Value | null = null;
    for (let i = 0; i < operands.length; i++) {
      const o = operands[i];
      const next = operands[i + 1];
      let v: Value;
      if (typeof o === "string" && /^[fghFGH](?:_\w+)?$/.test(o) && Array.isArray(next) && next[0] === "Delimiter") {
        const inside = next[1] as MathJson | undefined;
        const list = Array.isArray(inside) && inside[0] === "Sequence" ? (inside.slice(1) as MathJson[]) : inside === undefined ? [] : [inside];
        v = this.unknown(o, list.map((a) => this.value(a)));
        i++;
      } else v = this.value(o ?? 1);
      result = result ? product(result, v) : v;
    }
    return result ?? NOTHING;
  }

  private operation(head: string, values: Value[], x: Value, y: Value | undefined): Value {
    switch (head) {
      case "Delimiter":
        return x;
      case "Add":
        return values.reduce(plus);
      case "Multiply":
        return values.reduce(product);
      case "Subtract":
        return y ? plus(x, minus(y)) : minus(x);
      case "Negate":
        return minus(x);
      case "Divide":
      case "Rational":
        return y ? quotient(x, y) : NOTHING;
      case "Power":
      case "Superscript":
        return y ? this.powerOf(x, y) : NOTHING;
      case "Square":
        return product(x, x);
      case "Sqrt":
        return this.powerOf(x, { exact: { p: 1n, q: 2n } });
      case "Root":
        return this.powerOf(x, y ? quotient(whole(1), y) : { exact: { p: 1n, q: 2n } });
      case "Superminus":
        return minus(x);
      case "Exp":
        return this.powerOf(approximate(scaled(Math.E)), x);
      case "Abs":
      case "Norm":
        if (isReal(x)) return isNegative(x) ? minus(x) : x;
        return approximate({ ...scaled(Math.hypot(x.exact ? 0 : x.about.re, x.exact ? 0 : x.about.im)), e: about(x).e });
      case "Floor":
        return floor(x);
      case "Ceil":
        return minus(floor(minus(x)));
      case "Log":
        return this.logarithm(x, y ?? whole(10));
      case "Ln":
        return y ? this.logarithm(x, y) : this.logarithm(x, null);
      case "Lb":
        return this.logarithm(x, whole(2));
      case "Lg":
        return this.logarithm(x, whole(10));
      case "Factorial":
        return this.factorial(x);
      case "Factorial2":
        return this.stepped(x);
      case "C":
        return y && values.length === 2 ? this.binomial(x, y) : this.unknown(head, values);
      case "Binomial":
      case "Choose":
        return y ? this.binomial(x, y) : NOTHING;
      case "Max":
      case "Min":
        return values.reduce((a, b) => {
          const below = isNegative(plus(a, minus(b)));
          return below === (head === "Max") ? b : a;
        });
      case "GCD":
      case "LCM":
      case "Mod":
        return this.arithmetic(head, values);
      case "Sign":
        return isReal(x) ? (isNegative(x) ? whole(-1) : x.exact?.p === 0n ? x : whole(1)) : NOTHING;
      case "Complex":
        return y ? plus(x, product(y, CONSTANTS.i ?? NOTHING)) : x;
      case "Degrees":
        return x;
    }
    const f = FUNCTIONS[head];
    if (f) {
      if (x.exact?.p === 0n && ["Sin", "Tan", "Sinh", "Tanh", "Arcsin", "Arctan"].includes(head)) return whole(0);
      return approximate(f(about(x)));
    }
    return this.unknown(head, values);
  }

  private powerOf(x: Value, y: Value): Value {
    return power(x, y, () => {
      this.branched = true;
    });
  }

  private logarithm(x: Value, base: Value | null): Value {
    if (x.exact?.p === 1n && x.exact.q === 1n) return whole(0);
    if (x.exact?.p === 0n) return NOTHING;
    if (!isReal(x) || isNegative(x)) this.branched = true;
    if (!base) return approximate(log(about(x)));
    return approximate(divide(log(about(x)), log(about(base))));
  }

  private factorial(x: Value): Value {
    const n = integer(x);
    if (n === null || n < 0n) return approximate(gamma(add(about(x), scaled(1))));
    if (n > 3000n) {
      if (n > 900_000n) throw new TooLarge();
      return approximate(gamma(scaled(Number(n) + 1)));
    }
    return whole(range(1n, n));
  }

  /** n!! of whole numbers. */
  private stepped(x: Value): Value {
    const n = integer(x);
    if (n === null || n < -1n) return NOTHING;
    if (n > 3000n) throw new TooLarge();
    let result = 1n;
    for (let k = n; k > 1n; k -= 2n) result *= k;
    return whole(result);
  }

  private binomial(x: Value, y: Value): Value {
    const n = integer(x);
    const k = integer(y);
    if (n !== null && k !== null && n >= 0n && n <= 3000n) {
      if (k < 0n || k > n) return whole(0);
      return whole(range(n - k + 1n, n) / range(1n, k));
    }
    const one = scaled(1);
    const [a, b] = [about(x), about(y)];
    if (Math.abs(real(a)) > 1e5) throw new TooLarge();
    return approximate(divide(gamma(add(a, one)), multiply(gamma(add(b, one)), gamma(add(add(a, negate(b)), one)))));
  }

  private arithmetic(head: string, values: Value[]): Value {
    const ints = values.map(integer);
    if (ints.some((n) => n === null)) return NOTHING;
    const all = ints as bigint[];
    if (head === "Mod") {
      const [a = 0n, m = 0n] = all;
      return m === 0n ? NOTHING : whole(((a % m) + m) % m);
    }
    return whole(all.reduce((a, b) => (head === "GCD" ? gcd(a, b) : a === 0n || b === 0n ? 0n : (a * b) / gcd(a, b))));
  }

  /** A sum or product over a whole range; with bounds that have no whole value, an unknown function of what stands in it. */
  private series(head: string, operands: readonly MathJson[]): Value {
    const [body, range] = operands;
    if (body === undefined || !Array.isArray(range) || operands.length !== 2) throw new NotEvaluable(head);
    const [, index, from, to] = range as unknown as MathJson[];
    if (typeof index !== "string" || from === undefined || to === undefined) throw new NotEvaluable(head);
    if (to === "PositiveInfinity") return this.unknown(head, [this.value(from), ...this.probe(body, index)]);
    const [low, high] = [this.value(from), this.value(to)];
    const [a, b] = [integer(low), integer(high)];
    if (a === null || b === null) return this.unknown(head, [low, high, ...this.probe(body, index)]);
    if (b - a > 2000n) throw new TooLarge();
    let result: Value = whole(head === "Sum" ? 0 : 1);
    for (let k = a; k <= b; k++) {
      const term = this.withBound(index, whole(k), () => this.value(body));
      result = head === "Sum" ? plus(result, term) : product(result, term);
    }
    return result;
  }

  private integral(operands: readonly MathJson[]): Value {
    const [body, range] = operands;
    if (body === undefined || !Array.isArray(range)) throw new NotEvaluable("Integrate");
    const [, index, ...bounds] = range as unknown as MathJson[];
    if (typeof index !== "string") throw new NotEvaluable("Integrate");
    return this.unknown("Integrate", [...bounds.map((b) => this.value(b)), ...this.probe(body, index)]);
  }

  /** A body's values at two places of its own variable. */
  private probe(body: MathJson, index: string): Value[] {
    return [7, 11].map((k) => this.withBound(index, whole(k), () => this.value(body)));
  }

  private withBound(name: string, value: Value, then: () => Value): Value {
    const before = this.bound.get(name);
    this.bound.set(name, value);
    try {
      return then();
    } finally {
      if (before) this.bound.set(name, before);
      else this.bound.delete(name);
    }
  }

  /** An unknown function: some value that depends on its name and arguments alone, so that f(x+1) = f(1+x) and f(2) ≠ 2f. */
  private unknown(name: string, values: Value[]): Value {
    let hash = this.point.seed | 0;
    const mix = (n: number): void => {
      hash = Math.imul(hash ^ n, 0x9e3779b1);
      hash = (hash << 13) | (hash >>> 19);
    };
    for (const ch of name) mix(ch.codePointAt(0) ?? 0);
    for (const v of values) {
      const a: Scaled = about(v);
      for (const part of [a.re, a.im, a.e / 1024]) mix(Math.round(part * 1e7));
    }
    return approximate(scaled(0.5 + (hash >>> 0) / 2 ** 32));
  }
}

const CONSTANTS: Record<string, Value> = {
  Pi: approximate(scaled(Math.PI)),
  e: approximate(scaled(Math.E)),
  ExponentialE: approximate(scaled(Math.E)),
  i: approximate(scaled(0, 1)),
  ImaginaryUnit: approximate(scaled(0, 1)),
  GoldenRatio: approximate(scaled((1 + Math.sqrt(5)) / 2)),
};

/** Product of the whole numbers from a to b. */
function range(a: bigint, b: bigint): bigint {
  if (b < a) return 1n;
  if (b - a < 8n) {
    let result = a;
    for (let k = a + 1n; k <= b; k++) result *= k;
    return result;
  }
  const middle = (a + b) / 2n;
  return range(a, middle) * range(middle + 1n, b);
}

function numeral(text: string): Value {
  const match = /^(-?)(\d*\.?\d*)(?:[eE]([-+]?\d+))?n?$/.exec(text);
  if (!match?.[2]) throw new NotEvaluable(text);
  const value = { exact: decimalFraction(match[2], Number(match[3] ?? 0)) };
  return match[1] === "-" ? minus(value) : value;
}
