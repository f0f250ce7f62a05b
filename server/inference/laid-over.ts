import { InterveneError } from "../errors";
import { piecesOf } from "./pieces";

/**
 * Tokens laid over their text. Tokenizers that normalise (Qwen's to NFC) cover the normalised text.
 * @throws InterveneError("backend") when that cannot be done.
 */
export function laidOver(
  ids: number[],
  names: readonly string[],
  text: string,
  source: string,
): { ids: number[]; pieces: string[]; text: string } {
  for (const form of new Set([text, text.normalize("NFC"), text.normalize("NFKC")])) {
    const pieces = names.length === ids.length ? piecesOf(names, form) : null;
    if (pieces) return { ids, pieces, text: form };
  }
  throw new InterveneError(
    "backend",
    `The tokens that ${source} makes of this text do not give the text back, so nobody can say which token covers which words.`,
  );
}
