import { InterveneError } from "../errors";

type Position = Record<string, { logprob: number }> | null;

/**
 * Log-probabilities of ids[from..] out of a server's prompt_logprobs: entry i holds the token at i, under its id as a
 * string, whatever else the server adds; entry 0 is null. Log-probabilities are natural logarithms, at most 0.
 *
 * @throws InterveneError("backend") when positions are missing, belong to other tokens or are no log-probabilities.
 */
export function promptLogprobs(positions: readonly Position[], ids: readonly number[], from: number, server: string): Float64Array {
  if (positions.length !== ids.length) {
    throw new InterveneError(
      "backend",
      `The inference server at ${server} gave log-probabilities for ${positions.length} positions of a text of ${ids.length} tokens.`,
    );
  }
  const out = new Float64Array(ids.length - from);
  for (let i = from; i < ids.length; i++) {
    const value = positions[i]?.[String(ids[i])]?.logprob;
    // A little above zero is rounding; more is not a probability.
    if (value === undefined || !Number.isFinite(value) || value > 1e-3) {
      const what = value === undefined ? "nothing" : String(value);
      throw new InterveneError(
        "backend",
        `The inference server at ${server} gave ${what} as log-probability of token ${ids[i]} at position ${i}.`,
      );
    }
    out[i - from] = Math.min(0, value);
  }
  return out;
}
