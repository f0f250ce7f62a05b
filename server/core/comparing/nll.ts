import { NLL_BINS } from "../scoring/bins";
import { ROW_PARTS, type RowPart } from "../scoring/row-parts";
import { bootstrapRatioInterval, RESAMPLES } from "../statistics/intervals";
import type { Bounded, NllFigure } from "../views/comparing-sources";

/** Sums over the scored traces of one problem, of one part of a source. */
export interface ProblemNll {
  part: RowPart;
  traces: number;
  tokens: number;
  /** Σ of the tokens' NLL, in nats. */
  nll: number;
  /** Σ of the traces' mean NLL. */
  means: number;
}

/** Traces and tokens of a part in each bin. */
export interface PartBins {
  part: RowPart;
  traces: readonly number[];
  tokens: readonly number[];
}

const NONE: readonly number[] = new Array<number>(NLL_BINS).fill(0);

/** What is known of a part without its bins. */
export type NllMeans = Omit<NllFigure, "part" | "traceBins" | "tokenBins">;

/** The figures of one part. @param problems its sums, at least one, in an order that does not change: it decides the resamples. */
export function nllMeans(problems: readonly Omit<ProblemNll, "part">[]): NllMeans {
  const total = (of: (p: Omit<ProblemNll, "part">) => number) => problems.reduce((sum, p) => sum + of(p), 0);
  return {
    traces: total((p) => p.traces),
    tokens: total((p) => p.tokens),
    problems: problems.length,
    perToken: ratio(problems.map((p) => p.nll), problems.map((p) => p.tokens)),
    perTrace: ratio(problems.map((p) => p.means), problems.map((p) => p.traces)),
  };
}

/** Sums by the part that they are of, the whole first; parts without any are left out. */
export function byPart<P extends { part: RowPart }>(problems: readonly P[]): { part: RowPart; problems: Omit<P, "part">[] }[] {
  const parts = new Map(ROW_PARTS.map((part) => [part, [] as Omit<P, "part">[]]));
  for (const { part, ...sums } of problems) parts.get(part)?.push(sums);
  return [...parts].flatMap(([part, mine]) => (mine.length === 0 ? [] : [{ part, problems: mine }]));
}

/** A part's figures with its bins. */
export function withBins(part: RowPart, means: NllMeans, bins: readonly PartBins[]): NllFigure {
  const mine = bins.find((b) => b.part === part);
  return { part, ...means, traceBins: [...(mine?.traces ?? NONE)], tokenBins: [...(mine?.tokens ?? NONE)] };
}

/** Fewer resamples of many problems, so that a page of a dozen means stays quick where whole data sets were scored. */
export function nllResamples(problems: number): number {
  return Math.round(Math.max(1_000, Math.min(RESAMPLES, 2e6 / problems)));
}

/** The pooled mean; problems are the units of its interval, and one problem has none. */
function ratio(above: readonly number[], below: readonly number[]): Bounded {
  const interval = bootstrapRatioInterval(above, below, { resamples: nllResamples(above.length) });
  if (interval === null) throw new RangeError("a part without tokens has no mean");
  return above.length > 1 ? interval : { value: interval.value, low: null, high: null };
}
