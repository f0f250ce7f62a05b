import { diffArrays } from "diff";

export interface Word {
  text: string;
  /** On the left: gone from the original. On the right: new in the replacement. */
  changed: boolean;
}

/** Longer texts are shown without marks: the comparison is quadratic in what differs. */
const LONGEST = 20_000;

/** Words, numbers, LaTeX commands and single marks, each with the white space after it. */
const TOKEN = /(?:\\[a-zA-Z]+|\\.|\$\$?|\p{L}+(?:['’]\p{L}+)*|\d+(?:[.,]\d+)*|\S)\s*/gu;

/** Word by word, what the replacement changes: both sides whole, changed words marked. */
export function wordDiff(original: string, replacement: string): { left: Word[]; right: Word[] } {
  const [a, b] = [original.trim(), replacement.trim()];
  if (a.length + b.length > LONGEST)
    return { left: [{ text: a, changed: false }], right: [{ text: b, changed: false }] };
  const from = a.match(TOKEN) ?? [];
  const parts = diffArrays(from, b.match(TOKEN) ?? [], { comparator: (x, y) => x.trim() === y.trim() });
  const left: Word[] = [];
  const right: Word[] = [];
  let at = 0;
  parts.forEach((part, i) => {
    const text = part.value.join("");
    // A part that both have carries the replacement's white space; the original's own stands in `from`.
    const original = part.added ? "" : from.slice(at, at + part.value.length).join("");
    if (!part.added) at += part.value.length;
    if (part.added) right.push({ text, changed: true });
    else if (part.removed) left.push({ text: original, changed: true });
    else {
      // A few marks or a short word between two changes is an accident, not something the two have in common.
      const island = i > 0 && i < parts.length - 1 && !/[\p{L}\d]{4,}/u.test(text) && part.value.length <= 6;
      left.push({ text: original, changed: island });
      right.push({ text, changed: island });
    }
  });
  return { left: join(left), right: join(right) };
}

/** Neighbours of one kind become one. */
function join(words: readonly Word[]): Word[] {
  const out: Word[] = [];
  for (const word of words) {
    const last = out.at(-1);
    if (last !== undefined && last.changed === word.changed) last.text += word.text;
    else out.push({ ...word });
  }
  return out;
}
