/**
 * What is being sampled just now, as it travels from the worker to the page: pieces in the order of their `seq`. A
 * reader that has applied all of them in order has the state; the rows replace it at the end.
 */
import { z } from "zod";
import { OUTCOMES } from "../arms";

export const streamPieceSchema = z.object({
  /** Sample index. */
  i: z.number().int().min(0),
  /** Where the text goes on; what a reader has beyond it is void (the request was sent again). */
  at: z.number().int().min(0),
  text: z.string(),
  /** Tokens of the sample so far. */
  tokens: z.number().int().min(0),
  /** Set once the sample has ended and was graded. */
  outcome: z.enum(OUTCOMES).optional(),
  extracted: z.string().nullable().optional(),
});
export type StreamPiece = z.infer<typeof streamPieceSchema>;
export const streamPiecesSchema = z.array(streamPieceSchema);

/** One sample as far as it is known. */
export interface StreamedSample {
  text: string;
  tokens: number;
  outcome: z.infer<typeof streamPieceSchema>["outcome"] | null;
  extracted: string | null;
}

/**
 * Pure: the state after some more pieces. Samples without a piece yet are absent.
 * @returns null when something is missing before a piece: read the state again.
 */
export function applyPieces(
  state: ReadonlyMap<number, StreamedSample>,
  pieces: readonly StreamPiece[],
): Map<number, StreamedSample> | null {
  const next = new Map(state);
  for (const p of pieces) {
    const before = next.get(p.i)?.text ?? "";
    if (p.at > before.length) return null;
    next.set(p.i, {
      text: before.slice(0, p.at) + p.text,
      tokens: p.tokens,
      outcome: p.outcome ?? null,
      extracted: p.extracted ?? null,
    });
  }
  return next;
}
