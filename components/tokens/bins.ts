/** How surprising a token is, in six steps that people can tell apart. Pure. */

/** Lower bounds in nats; the first begins at 0. */
export const BOUNDS = [0, 0.1, 0.5, 1, 2, 4] as const;

/** Wash of each step: how much of the colour lies on the paper. */
export const WASH = ["0%", "10%", "20%", "32%", "44%", "58%"] as const;

/** 0 (expected) to 5 (very surprising). */
export function binOf(nll: number): number {
  let bin = 0;
  for (const [i, bound] of BOUNDS.entries()) if (nll >= bound) bin = i;
  return bin;
}

export function washOf(bin: number): string {
  return `color-mix(in oklab, var(--uncertainty) ${WASH[bin] ?? "0%"}, transparent)`;
}

/** "under 0.1", "0.5 to 1", "4 and more". */
export function binLabel(bin: number): string {
  const [low, high] = [BOUNDS[bin] ?? 0, BOUNDS[bin + 1]];
  if (high === undefined) return `${low} and more`;
  return bin === 0 ? `under ${high}` : `${low} to ${high}`;
}

/** A token as it is drawn. */
export interface DrawnToken {
  /** Place in the text, from 0. */
  i: number;
  text: string;
  nll: number;
}

const CHUNK_AT_LEAST = 250;
const CHUNK_AT_MOST = 1500;

/**
 * The tokens in pieces that are drawn one by one as they come near the window: each ends with a line, so that the lines of
 * the text stay as they are.
 */
export function chunksOf(tokens: readonly string[], logprobs: readonly number[]): DrawnToken[][] {
  const chunks: DrawnToken[][] = [];
  let chunk: DrawnToken[] = [];
  tokens.forEach((text, i) => {
    chunk.push({ i, text, nll: Math.max(0, -(logprobs[i] ?? 0)) });
    if ((chunk.length >= CHUNK_AT_LEAST && text.includes("\n")) || chunk.length >= CHUNK_AT_MOST) {
      chunks.push(chunk);
      chunk = [];
    }
  });
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

/** A token that nobody would see: line ends alone. It gets a sign. */
export function isInvisible(text: string): boolean {
  return /^\n+$/.test(text);
}
