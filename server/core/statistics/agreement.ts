import { alphaInterval } from "./alpha";
import { affordableResamples } from "./bootstrap";
import type { BootstrapOptions, Interval } from "./intervals";
import { answersByItem, answersOfPair, type FirstError, isSame, isWithinOne, type Judgement, ratersOf } from "./judgements";
import { kappaInterval, LINEAR } from "./kappa";
import { shareInterval } from "./shares";

/** "no error" as a number: a category of its own, after every step. */
const NO_ERROR = Number.MAX_SAFE_INTEGER;
const coded = (answer: FirstError) => answer ?? NO_ERROR;

/** Agreement of all raters together. See judgements.ts for "no error" and "cannot tell". */
export interface Agreement {
  raters: number;
  /** Items with a judgement, and those with two answers or more: only they say something about agreement. */
  items: number;
  pairable: number;
  judgements: number;
  /** Judgements "cannot tell": left out of everything below. */
  cannotTell: number;
  /** Of all pairs of answers to one item: the same answer; the same or neighbouring steps. */
  exact: Interval | null;
  withinOne: Interval | null;
  /** Krippendorff's alpha; null where it is not defined (nothing to pair, or one answer everywhere). */
  alphaNominal: Interval | null;
  /** "No error" ranks after every step. */
  alphaOrdinal: Interval | null;
  /** Over answers that name a step. */
  alphaInterval: Interval | null;
}

/** @param judgements of any number of raters, any items missing. */
export function agreementOf(judgements: readonly Judgement[], o: BootstrapOptions = {}): Agreement {
  const items = answersByItem(judgements);
  const answers = [...items.values()].map((of) => [...of.values()]);
  const pairable = answers.filter((of) => of.length >= 2);
  const options = { resamples: affordableResamples(pairable.length), ...o };
  const all = pairable.map((of) => of.map(coded));
  const steps = answers.map((of) => of.filter((a): a is number => a !== null));
  const pairs = pairable.map(pairCounts);
  const of = pairs.map((p) => p.pairs);
  return {
    raters: ratersOf(judgements).length,
    items: items.size,
    pairable: pairable.length,
    judgements: judgements.length,
    cannotTell: judgements.filter((j) => j.firstError === "cannot_tell").length,
    exact: shareInterval(pairs.map((p) => p.exact), of, options),
    withinOne: shareInterval(pairs.map((p) => p.withinOne), of, options),
    alphaNominal: alphaInterval(all, "nominal", options),
    alphaOrdinal: alphaInterval(all, "ordinal", options),
    alphaInterval: alphaInterval(steps, "interval", options),
  };
}

function pairCounts(answers: readonly FirstError[]): { pairs: number; exact: number; withinOne: number } {
  const counts = { pairs: 0, exact: 0, withinOne: 0 };
  for (const [i, a] of answers.entries()) {
    for (const b of answers.slice(i + 1)) {
      counts.pairs++;
      if (isSame(a, b)) counts.exact++;
      if (isWithinOne(a, b)) counts.withinOne++;
    }
  }
  return counts;
}

/** Agreement of two raters on the items that both have answered. */
export interface PairAgreement {
  a: string;
  b: string;
  items: number;
  exact: Interval | null;
  withinOne: Interval | null;
  /** Cohen's kappa; "no error" is a category. Null where it is not defined. */
  kappa: Interval | null;
  /** Linearly weighted by the distance in steps, over the items where both name a step. */
  weightedKappa: Interval | null;
}

/** A model is a rater too: pass its answers as judgements of a rater of its name. */
export function pairAgreement(
  judgements: readonly Judgement[],
  a: string,
  b: string,
  o: BootstrapOptions = {},
): PairAgreement {
  const pairs = answersOfPair(judgements, a, b);
  const options = { resamples: affordableResamples(pairs.length), ...o };
  const steps = pairs.flatMap((p) => (p.a !== null && p.b !== null ? [{ a: p.a, b: p.b }] : []));
  return {
    a,
    b,
    items: pairs.length,
    exact: shareInterval(pairs.map((p) => (isSame(p.a, p.b) ? 1 : 0)), undefined, options),
    withinOne: shareInterval(pairs.map((p) => (isWithinOne(p.a, p.b) ? 1 : 0)), undefined, options),
    kappa: kappaInterval(pairs.map((p) => ({ a: coded(p.a), b: coded(p.b) })), undefined, options),
    weightedKappa: kappaInterval(steps, LINEAR, options),
  };
}

/** {@link pairAgreement} of every two raters that have answered an item together, in the order of their names. */
export function allPairs(judgements: readonly Judgement[], o: BootstrapOptions = {}): PairAgreement[] {
  const raters = ratersOf(judgements);
  return raters
    .flatMap((a, i) => raters.slice(i + 1).map((b) => pairAgreement(judgements, a, b, o)))
    .filter((p) => p.items > 0);
}
