/** Where a text's own tokens begin. Pure. */
export interface Seam {
  /** The first token that holds a character of the text. */
  from: number;
  /** How many characters of that token belong to what stands before: a token may span the seam, and has one probability. */
  overlap: number;
}

/** @param before how many characters stand before the text. @returns null when no token holds any of it. */
export function seamOf(pieces: readonly string[], before: number): Seam | null {
  let end = 0;
  for (const [from, piece] of pieces.entries()) {
    const start = end;
    end += piece.length;
    if (end > before) return { from, overlap: Math.max(0, before - start) };
  }
  return null;
}
