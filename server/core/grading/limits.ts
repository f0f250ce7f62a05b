/** Longest answer that is looked at, in characters. The longest of IMO-AnswerBench has 150. */
export const LONGEST = 3000;
/** Deepest nesting of brackets of all kinds. */
const DEEPEST = 40;
/** Most operators of one answer: what is longer is a text, and reading it would cost more than it tells. */
const MOST_EXPONENTS = 200;

/** Thrown where an answer is too large to be computed with; the verdict is then "not equal, too large". */
export class TooLarge extends Error {}

/** Whether an answer is too long, too deep or too entangled to be read at all. In time linear in its length. */
export function isTooLarge(text: string): boolean {
  if (text.length > LONGEST) return true;
  let depth = 0;
  let exponents = 0;
  for (let i = 0; i < text.length; i++) {
    const ch = text[i];
    if (ch === "{" || ch === "(" || ch === "[") {
      if (++depth > DEEPEST) return true;
    } else if (ch === "}" || ch === ")" || ch === "]") depth--;
    else if (ch === "^" && ++exponents > MOST_EXPONENTS) return true;
    else if (ch === "\\" && text.startsWith("\\left", i) && ++exponents > MOST_EXPONENTS) return true;
  }
  // Chains without brackets nest in the parser too: -----x, \sqrt\sqrt\sqrt2, x!!!!!!, 2^2^2^2^2^2.
  return /(?:[-+!'^]\s*){40}|(?:\\[A-Za-z]+\s*){60}|(?:\^\s*\{?\s*[\w.]+\s*){12}|(?:[|]\s*){40}|([^\w\s])\1{39}/.test(text);
}
