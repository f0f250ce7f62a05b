import type { PublishedText, PublishedTexts } from "../../core/views/publication";

/** So many characters of long texts stand in the file that they belong to; beyond it they get files of their own. */
const INLINE = 200_000;
/** Characters of a file of texts: what a browser reads at once when one of them is opened. */
const PART = 600_000;

/** Texts sorted into their file, or into parts that are written beside it in order. */
export function packTexts(texts: readonly PublishedText[]): PublishedTexts & { files: PublishedText[][] } {
  const all = texts.reduce((sum, t) => sum + t.text.length, 0);
  if (all <= INLINE) return { texts: [...texts], parts: {}, files: [] };
  const files: PublishedText[][] = [];
  const parts: Record<string, number> = {};
  let room = 0;
  for (const text of texts) {
    if (files.length === 0 || text.text.length > room) {
      files.push([]);
      room = PART;
    }
    files.at(-1)?.push(text);
    parts[text.id] = files.length - 1;
    room -= text.text.length;
  }
  return { texts: [], parts, files };
}
