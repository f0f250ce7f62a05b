export interface ExtractedAnswer {
  /** As written, without surrounding white space. */
  answer: string;
  /** Where it stood, for people. */
  rule: string;
}

/** The final answer of a text; null when there is none. The last \boxed{} wins over everything else. */
export function extractAnswer(text: string, o: { bareAnswers: boolean }): ExtractedAnswer | null {
  const boxed = lastBoxed(text);
  if (boxed !== null) return { answer: boxed, rule: "last \\boxed{}" };
  if (!o.bareAnswers) return null;
  return bareAnswer(text);
}

/**
 * The contents of the last \boxed{} (or \fbox{}) that is closed and not empty, found by matching braces; null when
 * there is none. An escaped brace (\{, \}) is text.
 */
export function lastBoxed(text: string): string | null {
  const opening = /\\(?:boxed|fbox)\s{0,4}\{/g;
  const found = [...text.matchAll(opening)];
  let limit = text.length;
  for (let k = found.length - 1; k >= 0; k--) {
    const match = found[k];
    if (!match) continue;
    const start = match.index + match[0].length;
    const end = closingBrace(text, start, limit);
    if (end !== -1) {
      const inner = text.slice(start, end).trim();
      if (inner !== "") return inner;
    } else {
      // Nothing after this opening closes it, so an earlier one cannot be closed beyond here either.
      limit = match.index;
    }
  }
  return null;
}

/** Index of the brace that closes the group whose inside begins at `start`; -1 when it is not closed before `limit`. */
export function closingBrace(text: string, start: number, limit = text.length): number {
  let depth = 1;
  for (let i = start; i < limit; i++) {
    const ch = text[i];
    if (ch === "\\") i++;
    else if (ch === "{") depth++;
    else if (ch === "}" && --depth === 0) return i;
  }
  return -1;
}

function bareAnswer(text: string): ExtractedAnswer | null {
  const hash = [...text.matchAll(/####[ \t]*([^\n]+)/g)].at(-1)?.[1]?.trim();
  if (hash) return { answer: hash, rule: "last ####" };
  const said = [...text.matchAll(/answer\s{0,3}(?:is|:|=)\s{0,3}([^\n]{1,200})/gi)].at(-1)?.[1]?.trim();
  if (said) return { answer: said.replace(/[.\s]+$/, ""), rule: 'last "answer is"' };
  const last = text.trim().split("\n").at(-1)?.trim() ?? "";
  return last !== "" && last.length <= 100 ? { answer: last, rule: "last line" } : null;
}
