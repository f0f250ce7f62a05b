import { type Interval, wilsonInterval } from "./intervals";
import { type FirstError, isSame, isWithinOne, type Judgement, ratersOf } from "./judgements";

/** How a judge did on the items whose answer is known. */
export interface GoldScore {
  rater: string;
  /** Gold items that the judge has judged, "cannot tell" among them (on a gold item it is not right). */
  judged: number;
  cannotTell: number;
  /** Right answers of all judged: Wilson's 95 % interval. Null before the first one. */
  exact: Interval | null;
  withinOne: Interval | null;
}

/**
 * Gold accuracy of each judge, in the order of their names. A judge's later judgement of an item takes the place of
 * the earlier one.
 * @param gold the known answer of each gold item; judgements of other items are passed over.
 */
export function goldAccuracy(judgements: readonly Judgement[], gold: ReadonlyMap<string, FirstError>): GoldScore[] {
  return ratersOf(judgements).map((rater) => {
    const latest = new Map(
      judgements.filter((j) => j.rater === rater && gold.has(j.item)).map((j) => [j.item, j.firstError]),
    );
    let exact = 0;
    let withinOne = 0;
    let cannotTell = 0;
    for (const [item, answer] of latest) {
      const known = gold.get(item);
      if (answer === "cannot_tell") cannotTell++;
      else if (known !== undefined) {
        if (isSame(answer, known)) exact++;
        if (isWithinOne(answer, known)) withinOne++;
      }
    }
    const judged = latest.size;
    return {
      rater,
      judged,
      cannotTell,
      exact: judged === 0 ? null : wilsonInterval(exact, judged),
      withinOne: judged === 0 ? null : wilsonInterval(withinOne, judged),
    };
  });
}
