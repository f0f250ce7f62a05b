/**
 * Judgements of the first-error step, as every statistic of agreement takes them. One rule for the two answers that are
 * not steps, kept everywhere:
 *
 * - "no error" (null) is an answer. It is a category of its own wherever answers are only same or different (shares,
 *   kappa, nominal alpha); it ranks after every step where they are ordered (ordinal alpha: the first error of such an
 *   attempt never comes); it has no distance in steps, so it is left out where distances count (interval alpha,
 *   weighted kappa).
 * - "cannot tell" is no answer: missing data, in every statistic. How many there were is always reported beside them.
 */

/** A 1-based step, or null for "no error". */
export type FirstError = number | null;

export interface Judgement {
  /** What was judged (an attempt's or a queue item's id). */
  item: string;
  /** Who judged: a person, a label's source, a model. */
  rater: string;
  firstError: FirstError | "cannot_tell";
}

/** One answer per rater and item; a rater's later answer on the same item takes the place of the earlier one. */
export function answersByItem(judgements: readonly Judgement[]): Map<string, Map<string, FirstError>> {
  const items = new Map<string, Map<string, FirstError>>();
  for (const { item, rater, firstError } of judgements) {
    const answers = items.get(item) ?? new Map<string, FirstError>();
    if (firstError === "cannot_tell") answers.delete(rater);
    else answers.set(rater, firstError);
    items.set(item, answers);
  }
  // Sorted, so that a bootstrap does not depend on the order in which rows were read.
  return new Map([...items].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The raters in order of their names. */
export function ratersOf(judgements: readonly Judgement[]): string[] {
  return [...new Set(judgements.map((j) => j.rater))].sort((a, b) => (a < b ? -1 : 1));
}

/** Items that both have answered, with both answers, in the order of the items. */
export function answersOfPair(
  judgements: readonly Judgement[],
  a: string,
  b: string,
): { item: string; a: FirstError; b: FirstError }[] {
  const pairs: { item: string; a: FirstError; b: FirstError }[] = [];
  for (const [item, answers] of answersByItem(judgements)) {
    const of = { a: answers.get(a), b: answers.get(b) };
    if (of.a !== undefined && of.b !== undefined) pairs.push({ item, a: of.a, b: of.b });
  }
  return pairs;
}

/** Two answers are the same: the same step, or both "no error". */
export function isSame(a: FirstError, b: FirstError): boolean {
  return a === b;
}

/** The same, or both steps and next to each other. */
export function isWithinOne(a: FirstError, b: FirstError): boolean {
  return a === b || (a !== null && b !== null && Math.abs(a - b) <= 1);
}
