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

/** The figures of a source's parts that were scored, the whole first. */
export function nllFigures(problems: readonly ProblemNll[], bins: readonly PartBins[]): NllFigure[] {
  return ROW_PARTS.flatMap((part) => {
    const mine = problems.filter((p) => p.part === part);
    if (mine.length === 0) return [];
    const total = (of: (p: ProblemNll) => number) => mine.reduce((sum, p) => sum + of(p), 0);
    return [
      {
        part,
        traces: total((p) => p.traces),
        tokens: total((p) => p.tokens),
        problems: mine.length,
        perToken: ratio(mine.map((p) => p.nll), mine.map((p) => p.tokens)),
        perTrace: ratio(mine.map((p) => p.means), mine.map((p) => p.traces)),
        traceBins: [...(bins.find((b) => b.part === part)?.traces ?? NONE)],
        tokenBins: [...(bins.find((b) => b.part === part)?.tokens ?? NONE)],
      },
    ];
  });
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
