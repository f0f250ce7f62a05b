/** What a bench is: a file `tests/bench/NAME.bench.ts` that exports `bench`, run by `npm run bench -- NAME`. */

/** One measured figure. With a bound that is missed the command ends with status 1. */
export interface Figure {
  /** What was measured, in words that stand alone. */
  what: string;
  value: number;
  /** "ms", "s", "MB", "rows/s", "fps", … */
  unit: string;
  atMost?: number;
  atLeast?: number;
  /** How it was measured, or over how much. */
  note?: string;
}

export interface BenchContext {
  /** Hand in a figure: printed at once, and in the table (or the JSON document) at the end. */
  figure(figure: Figure): void;
  /** A line about what is going on (to stderr). */
  say(text: string): void;
  /** An empty folder of the bench's own, removed at the end. */
  folder: string;
  /** Arguments after the bench's name. */
  args: readonly string[];
}

export interface Bench {
  /** One line for the list of benches. */
  about: string;
  run(context: BenchContext): Promise<void>;
}

/** Whether a figure keeps its bound; true without one. */
export function keeps(figure: Figure): boolean {
  return (
    (figure.atMost === undefined || figure.value <= figure.atMost) &&
    (figure.atLeast === undefined || figure.value >= figure.atLeast)
  );
}

/** The p-quantile (0..1) of some measurements, nearest rank. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? Number.NaN;
}
