import { parts } from "./structure";

/** What several words say alike. */
const SAME: Record<string, string> = {
  yes: "true",
  correct: "true",
  no: "false",
  incorrect: "false",
  none: "\\emptyset",
  "no solution": "\\emptyset",
  "no solutions": "\\emptyset",
  "no real solution": "\\emptyset",
  "no real solutions": "\\emptyset",
  "empty set": "\\emptyset",
  "the empty set": "\\emptyset",
  "\\emptyset": "\\emptyset",
  "\\mathbb{R}": "\\mathbb{R}",
  "\\mathbb R": "\\mathbb{R}",
  "\\{\\}": "\\emptyset",
  "\\{ \\}": "\\emptyset",
  dne: "undefined",
  "does not exist": "undefined",
  "all real numbers": "\\mathbb{R}",
  "all reals": "\\mathbb{R}",
  "all real": "\\mathbb{R}",
  "(-\\infty,\\infty)": "\\mathbb{R}",
  "(-\\infty, \\infty)": "\\mathbb{R}",
  "(-\\infty,+\\infty)": "\\mathbb{R}",
};

/** A letter of a multiple-choice answer: "(A)", "A.", "A)", "option A"; null for anything else. */
export function choiceLetter(s: string): string | null {
  const match = /^(?:(?:option|choice|answer)\s+)?\(?\s?([A-Z])\s?[).:]?$/.exec(s.trim()) ?? /^(?:option|choice|answer)\s+\(?([a-z])\)?$/i.exec(s.trim());
  return match?.[1] ? match[1].toUpperCase() : null;
}

/** Words in one spelling; null when the answer is more than words. */
export function wordsOf(s: string): string | null {
  const lower = s.toLowerCase().replace(/\s+/g, " ").trim();
  const same = SAME[lower] ?? SAME[s];
  if (same) return same;
  if (!/^[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f' -]*$/.test(s) || !/[A-Za-z\u00c0-\u024f]{2}/.test(s)) return null;
  return lower.replace(/^(?:the|an?|is|it is|all)\s+/, "").replace(/[' -]+/g, " ").trim();
}

/** Prose with at least one real word that is no function's name: it is compared as text, not as mathematics. */
export function isProse(s: string): boolean {
  const words = s.replace(/\\[A-Za-z]+/g, " ").match(/[A-Za-z]{3,}/g) ?? [];
  return words.length >= 2 || (words.length === 1 && !/[\\^_=+\d]/.test(s) && parts(s, { thousands: true }).length === 1);
}
