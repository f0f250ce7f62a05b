import { affordableResamples, bootstrapItems } from "./bootstrap";
import type { BootstrapOptions, Interval } from "./intervals";
import { shareInterval } from "./shares";

/** One trace: what people say, and how far a locator was right about it. */
export interface LocatedTrace {
  /** The first error by people: a 1-based step, null when they found none (ProcessBench's label + 1; its −1). */
  label: number | null;
  /** 1 when the locator says exactly that, 0 when not; the expected value where it draws its answer. */
  exact: number;
  /** 1 when it says that or a neighbouring step. */
  withinOne: number;
}

/** How well first errors are located, against people. */
export interface LocalisationScore {
  traces: number;
  /** Traces with an error, and the share of them where the step is exactly right. */
  withError: { n: number; accuracy: Interval | null };
  /** Traces without an error, and the share of them where none is named. */
  withoutError: { n: number; accuracy: Interval | null };
  /** ProcessBench's F1; null when one of the two kinds of traces is missing. */
  f1: Interval | null;
  /** Over all traces: the same answer; the same answer or a neighbouring step. */
  exact: Interval | null;
  withinOne: Interval | null;
}

/** ProcessBench's F1: the harmonic mean of both accuracies (0 when both are 0). Source: Zheng et al. 2024, arXiv 2412.06559. */
export function processBenchF1(withError: number, withoutError: number): number {
  const sum = withError + withoutError;
  return sum === 0 ? 0 : (2 * withError * withoutError) / sum;
}

/**
 * The score of a locator over traces, with 95 % intervals by bootstrap over traces. F1's resamples draw the traces with
 * an error and those without apart, since it is a mean of two accuracies whatever the mix of the two kinds.
 */
export function scoreLocalisation(traces: readonly LocatedTrace[], o: BootstrapOptions = {}): LocalisationScore {
  const options = { resamples: affordableResamples(traces.length), ...o };
  const bad = traces.filter((t) => t.label !== null);
  const good = traces.filter((t) => t.label === null);
  const share = (of: readonly LocatedTrace[], field: "exact" | "withinOne") =>
    shareInterval(of.map((t) => t[field]), undefined, options);
  const kinds = Int32Array.from(traces, (t) => (t.label === null ? 0 : 1));
  const exact = Float64Array.from(traces, (t) => t.exact);
  const f1 = bootstrapItems(
    traces.length,
    (times) => {
      const n = [0, 0];
      const hits = [0, 0];
      for (let i = 0; i < kinds.length; i++) {
        const kind = kinds[i] ?? 0;
        n[kind] = (n[kind] ?? 0) + (times[i] ?? 0);
        hits[kind] = (hits[kind] ?? 0) + (times[i] ?? 0) * (exact[i] ?? 0);
      }
      const [goodN = 0, badN = 0] = n;
      return goodN === 0 || badN === 0 ? null : processBenchF1((hits[1] ?? 0) / badN, (hits[0] ?? 0) / goodN);
    },
    { ...options, range: [0, 1], strata: kinds },
  );
  const withError = { n: bad.length, accuracy: share(bad, "exact") };
  const withoutError = { n: good.length, accuracy: share(good, "exact") };
  return {
    traces: traces.length,
    withError,
    withoutError,
    f1: f1 && openEnds(f1, withError.accuracy, withoutError.accuracy),
    exact: share(traces, "exact"),
    withinOne: share(traces, "withinOne"),
  };
}

/** Where an accuracy is 0 or 1 its resamples have no spread: F1 then takes the accuracy's own open bound. */
function openEnds(f1: Interval, a: Interval | null, b: Interval | null): Interval {
  if (a === null || b === null) return f1;
  const atEnd = [a, b].some((x) => x.value === 0 || x.value === 1);
  if (!atEnd) return f1;
  return {
    value: f1.value,
    low: Math.min(f1.low, processBenchF1(a.value === 1 ? a.low : a.value, b.value === 1 ? b.low : b.value)),
    high: Math.max(f1.high, processBenchF1(a.value === 0 ? a.high : a.value, b.value === 0 ? b.high : b.value)),
  };
}
