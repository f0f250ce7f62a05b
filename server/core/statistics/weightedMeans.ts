import { type BootstrapOptions, percentileBounds, RESAMPLES } from "./intervals";
import { resampledSums } from "./resample";

/** What was measured on the tokens of one text: their negative log-likelihoods, or the entropies at their places. */
export interface TextSum {
  /** Sum over the text's tokens, in nats. */
  sum: number;
  /** Tokens measured; a text without any says nothing and is left out. */
  tokens: number;
}

/** How texts of different lengths weigh. */
export type Weighting =
  /** Σ sums / Σ tokens: every token counts once, so long texts weigh more (a corpus's NLL per token). */
  | "token"
  /** The mean of the texts' own means: every text counts once, however long. */
  | "text";

export interface WeightedMean {
  weights: Weighting;
  /** nats per token. */
  value: number;
  /** 95 % interval by bootstrap over texts; null with one text, of whose spread nothing is known. */
  low: number | null;
  high: number | null;
  texts: number;
  tokens: number;
}

/**
 * The mean of something per token (NLL, entropy) over texts, with its weights stated, and its 95 % percentile interval by
 * bootstrap over texts (the tokens of one text hang together). Null without tokens.
 */
export function weightedMean(texts: readonly TextSum[], weights: Weighting, o: BootstrapOptions = {}): WeightedMean | null {
  const measured = texts.filter((t) => t.tokens > 0);
  const n = measured.length;
  if (n === 0) return null;
  const above = Float64Array.from(measured, (t) => (weights === "token" ? t.sum : t.sum / t.tokens));
  const below = Float64Array.from(measured, (t) => (weights === "token" ? t.tokens : 1));
  const value = total(above) / total(below);
  const counts = { weights, value, texts: n, tokens: measured.reduce((sum, t) => sum + t.tokens, 0) };
  if (n === 1) return { ...counts, low: null, high: null };
  const [sums = new Float64Array(0), weight] = resampledSums([above, below], o.resamples ?? RESAMPLES, o.seed ?? 1);
  return { ...counts, ...percentileBounds(sums.map((s, r) => s / (weight?.[r] ?? n))) };
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum;
}
