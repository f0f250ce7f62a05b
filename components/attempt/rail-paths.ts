/** The rail as a few SVG paths: x in px, y in steps (step n stands at n - ½). Pure. */
import type { StepLook } from "./prepare";
import type { StepValue } from "./values";

export interface Ticks {
  kind: string;
  path: string;
  colour: string;
  opacity: number;
  /** Drawn thicker: the first error, the proposal, what people located. */
  mark: boolean;
}

const KINDS = {
  silent: { colour: "var(--edge)", opacity: 0.5, length: 12, mark: false },
  dropped: { colour: "var(--success)", opacity: 0.4, length: 12, mark: false },
  correct: { colour: "var(--success)", opacity: 1, length: 12, mark: false },
  unclear: { colour: "var(--uncertainty)", opacity: 1, length: 16, mark: false },
  incorrect: { colour: "var(--error)", opacity: 1, length: 16, mark: false },
  people: { colour: "var(--ink)", opacity: 1, length: 20, mark: true },
  replaced: { colour: "var(--intervention)", opacity: 1, length: 20, mark: true },
  error: { colour: "var(--error)", opacity: 1, length: 20, mark: true },
} as const;
type Kind = keyof typeof KINDS;

function kindsOf(s: StepLook): Kind[] {
  // The wrong step and its replacement stand at one place: the tick is red, its end violet.
  if (s.firstError) return s.replaced ? ["error", "replaced"] : ["error"];
  if (s.replaced) return ["replaced"];
  if (s.people.length > 0) return ["people"];
  if (s.verdict === null) return ["silent"];
  return s.verdict === "correct" && s.dropped ? ["dropped"] : [s.verdict];
}

/** A path for each kind of tick that occurs; marks last, on top of the others. */
export function ticksOf(steps: readonly StepLook[]): Ticks[] {
  const paths = new Map<Kind, string>();
  for (const s of steps) {
    const kinds = kindsOf(s);
    for (const kind of kinds) {
      const { length } = KINDS[kind];
      const [from, long] =
        kinds.length === 2 ? (kind === "error" ? [1, length * 0.55] : [1 + length * 0.6, length * 0.4]) : [1, length];
      paths.set(kind, `${paths.get(kind) ?? ""}M${from} ${s.n - 0.5}h${long}`);
    }
  }
  return (Object.keys(KINDS) as Kind[]).flatMap((kind) => {
    const path = paths.get(kind);
    const { colour, opacity, mark } = KINDS[kind];
    return path === undefined ? [] : [{ kind, path, colour, opacity, mark }];
  });
}

const x = (value: number, left: number, width: number) => (left + width * Math.min(1, Math.max(0, value))).toFixed(2);

/** Points of neighbouring steps together: nothing is drawn across steps that nothing was sampled from. */
function stretches(values: readonly StepValue[]): StepValue[][] {
  const all: StepValue[][] = [];
  for (const v of values) {
    const last = all.at(-1);
    if (last && v.step - (last.at(-1)?.step ?? 0) === 1) last.push(v);
    else all.push([v]);
  }
  return all;
}

/** V(t) as a line: 0 at the left, 1 at the right; V(t) stands at the end of step t, V(0) at the top. Broken at gaps. */
export function lineOf(values: readonly StepValue[], left: number, width: number): string {
  return stretches(values)
    .map((part) => part.map((v, i) => `${i === 0 ? "M" : "L"}${x(v.value, left, width)} ${v.step}`).join(""))
    .join("");
}

/** Its points, as strokes of no length (round caps make dots of them). */
export function dotsOf(values: readonly StepValue[], left: number, width: number): string {
  return values.map((v) => `M${x(v.value, left, width)} ${v.step}h0.001`).join("");
}

/** Its intervals as areas, where there are neighbours. */
export function bandOf(values: readonly StepValue[], left: number, width: number): string {
  return stretches(values)
    .filter((part) => part.length > 1)
    .map((part) => {
      const low = part.map((v) => `${x(v.interval.low, left, width)} ${v.step}`);
      const high = part.map((v) => `${x(v.interval.high, left, width)} ${v.step}`).reverse();
      return `M${[...low, ...high].join("L")}Z`;
    })
    .join("");
}

/** The intervals of points without neighbours, as strokes. */
export function whiskersOf(values: readonly StepValue[], left: number, width: number): string {
  return stretches(values)
    .filter((part) => part.length === 1)
    .flat()
    .map((v) => `M${x(v.interval.low, left, width)} ${v.step}H${x(v.interval.high, left, width)}`)
    .join("");
}
