/** Our own find-in-page: a long attempt keeps only what is near the window in the document. Pure. */
import type { ProposalView } from "@/server/core/views/attempt";

/** One place where the words stand. */
export interface Hit {
  /** 1-based. */
  step: number;
  /** How many hits the step has before this one. */
  nth: number;
}

/** More are not listed: nobody goes through them one by one. */
export const MOST_HITS = 5_000;

/** White space in texts and questions counts as one blank each. */
export function flat(text: string): string {
  return text.replace(/\s+/g, " ");
}

/**
 * Where `query` stands in the steps as the model wrote them (so `\frac` finds every fraction), and in what was put in
 * place of a step. Capital letters count when the question has one. Nothing for an empty question.
 */
export function findHits(steps: readonly string[], proposal: ProposalView | null, query: string): Hit[] {
  const needle = needleOf(query);
  if (needle === null) return [];
  const hits: Hit[] = [];
  for (const [i, text] of steps.entries()) {
    const both = proposal?.location === i + 1 ? [text, proposal.content] : [text];
    let nth = 0;
    for (const one of both) {
      const hay = needle.exact ? flat(one) : flat(one).toLowerCase();
      for (let at = hay.indexOf(needle.text); at !== -1; at = hay.indexOf(needle.text, at + needle.text.length)) {
        hits.push({ step: i + 1, nth: nth++ });
        if (hits.length === MOST_HITS) return hits;
      }
    }
  }
  return hits;
}

/** What is looked for, and whether capitals count; null for an empty question. */
export function needleOf(query: string): { text: string; exact: boolean } | null {
  const text = flat(query).trim();
  if (text === "") return null;
  const exact = /\p{Lu}/u.test(text);
  return { text: exact ? text : text.toLowerCase(), exact };
}

/** How many hits each step has. */
export function hitsByStep(hits: readonly Hit[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const hit of hits) counts.set(hit.step, (counts.get(hit.step) ?? 0) + 1);
  return counts;
}

/** The first hit at or after a step, else the first of all; -1 without hits. */
export function hitFrom(hits: readonly Hit[], step: number | null): number {
  const at = hits.findIndex((h) => h.step >= (step ?? 1));
  return at === -1 && hits.length > 0 ? 0 : at;
}
