import type { RowMeta } from "../datasets/rows";
import type { Source } from "../datasets/sources";
import { NLL_BINS, nllBin } from "./bins";

/** Parts of a data set's row. Every row has the whole; rows of interventions have those of the others that they hold. */
export const ROW_PARTS = ["whole", "prefix", "intervention", "suffix"] as const;
export type RowPart = (typeof ROW_PARTS)[number];

/** Where a part begins in the completion, in characters. It ends where the next one begins. */
export interface PartStart {
  part: Exclude<RowPart, "whole">;
  at: number;
}

/**
 * Where prefix, intervention and suffix of a row begin; nothing for sources whose rows are of one piece. The blank line
 * before the intervention belongs to the prefix, as in every score; what was sampled after it begins with its own.
 *
 * @param suffix the continuation that stands at the end of a row with a suffix; null where it is not known.
 */
export function rowParts(
  row: { completion: string; meta: Pick<RowMeta, "location" | "pieces" | "alone" | "suffix"> },
  source: Source,
  suffix: string | null,
): PartStart[] {
  if (source !== "int") return [];
  const { completion, meta } = row;
  const before = meta.alone === true ? 0 : (meta.location ?? 1) - 1;
  const at = afterSteps(completion, before);
  const parts: PartStart[] = at > 0 ? [{ part: "prefix", at: 0 }] : [];
  parts.push({ part: "intervention", at });
  if (meta.suffix === undefined) return parts;
  const end =
    suffix !== null && suffix !== "" && completion.endsWith(suffix)
      ? completion.length - suffix.length
      : // Its continuation is gone: as far as the steps tell.
        afterSteps(completion, before + (meta.pieces ?? 1)) - BLANK.length;
  if (end > at && end < completion.length) parts.push({ part: "suffix", at: end });
  return parts;
}

const BLANK = "\n\n";

/** The character after n steps and the blank line behind them; the text's length where there are fewer. */
function afterSteps(text: string, n: number): number {
  let at = 0;
  for (let i = 0; i < n; i++) {
    const next = text.indexOf(BLANK, at);
    if (next < 0) return text.length;
    at = next + BLANK.length;
  }
  return at;
}

/** Sums over one part's tokens. */
export interface PartSum {
  part: RowPart;
  tokens: number;
  /** Of negative log-likelihoods, in nats. */
  nll: number;
  /** Tokens in each bin of {@link nllBin}. */
  bins: number[];
}

/**
 * Sums over the tokens of the whole row and of each part. A token that spans a seam belongs to the part that begins in it,
 * as everywhere a text is scored.
 *
 * @param tokens in order, with where each ends in characters of the completion (the end-of-turn token: its length + 1).
 */
export function sumParts(tokens: readonly { end: number; logprob: number }[], parts: readonly PartStart[]): PartSum[] {
  const empty = (part: RowPart): PartSum => ({ part, tokens: 0, nll: 0, bins: new Array<number>(NLL_BINS).fill(0) });
  const whole = empty("whole");
  const sums = parts.map(({ part }) => empty(part));
  let of = 0;
  for (const { end, logprob } of tokens) {
    while (of + 1 < parts.length && end > (parts[of + 1]?.at ?? Number.POSITIVE_INFINITY)) of++;
    for (const sum of [whole, sums[of]]) {
      if (sum === undefined) continue;
      const bin = nllBin(-logprob);
      sum.tokens++;
      sum.nll -= logprob;
      sum.bins[bin] = (sum.bins[bin] ?? 0) + 1;
    }
  }
  return [whole, ...sums].filter((s) => s.tokens > 0);
}
