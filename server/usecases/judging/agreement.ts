import { judgementOf } from "../../core/judging/decision";
import { agreementOf, allPairs, pairAgreement } from "../../core/statistics/agreement";
import { type ConfusionAnswer, confusion } from "../../core/statistics/confusion";
import { goldAccuracy } from "../../core/statistics/gold";
import { isSame, isWithinOne, type Judgement } from "../../core/statistics/judgements";
import { positionBaseline } from "../../core/statistics/positionBaseline";
import { scoreLocalisation } from "../../core/statistics/processBench";
import type { PairView, QueueAgreement } from "../../core/views/judging";
import { type ItemSaysRow, listItemSays, listVoteRows } from "../../store/judging/raters";
import type { PageDeps } from "../pages/find";
import { queueOf } from "./find";

/** Names of raters that are nobody: no person can be called so (names have no such brackets at both ends). */
export const MODEL_RATER = "‹model›";
export const STANDING_RATER = "‹settled or agreed›";

/** Agreement in a queue: among people, by pair, with the model, and on gold. @throws InterveneError("not_found") */
export async function readAgreement(deps: PageDeps, input: { queue: string }): Promise<QueueAgreement> {
  const queue = await queueOf(deps, input.queue);
  const [votes, items] = await Promise.all([listVoteRows(deps.pool, queue.id), listItemSays(deps.pool, queue.id)]);
  const blind = votes.filter((v) => !v.notBlind);
  const people: Judgement[] = blind.map((v) => ({ item: v.itemId, rater: v.person, firstError: judgementOf(v) }));
  const model = items.filter((i) => i.asked).map((i): Judgement => ({ item: i.itemId, rater: MODEL_RATER, firstError: saidBy(i) }));
  const standing = items.flatMap((i): Judgement[] =>
    i.standing === null
      ? []
      : [{ item: i.itemId, rater: STANDING_RATER, firstError: judgementOf({ action: i.standing, firstError: i.standingError }) }],
  );
  const gold = new Map(items.flatMap((i) => (i.gold === null ? [] : [[i.itemId, i.gold.firstError] as const])));
  const both = [...people, ...model];
  const raters = [...new Set(people.map((j) => j.rater))].sort();
  const withModel = raters.map((r) => pairView(both, r, MODEL_RATER)).filter((p) => p.items > 0);
  const settled = pairView([...standing, ...model], STANDING_RATER, MODEL_RATER);
  return {
    all: agreementOf(people),
    pairs: allPairs(people).map((p) => ({ ...p, confusion: confusionOf(people, p.a, p.b) })),
    model: withModel,
    settled: settled.items > 0 ? settled : null,
    localisation: localisationOf(items),
    gold: goldAccuracy(people, gold).filter((g) => g.judged > 0),
    goldItems: gold.size,
    notBlind: votes.length - blind.length,
  };
}

const saidBy = (item: ItemSaysRow): Judgement["firstError"] => (item.unread ? "cannot_tell" : item.says);

function pairView(judgements: readonly Judgement[], a: string, b: string): PairView {
  return { ...pairAgreement(judgements, a, b), confusion: confusionOf(judgements, a, b) };
}

/** What either said of the items that both were asked for; "cannot tell" has a line of its own here. */
function confusionOf(judgements: readonly Judgement[], a: string, b: string): PairView["confusion"] {
  const of = (rater: string) => new Map(judgements.filter((j) => j.rater === rater).map((j) => [j.item, j.firstError]));
  const columns = of(b);
  const pairs = [...of(a)].flatMap(([item, row]): { row: ConfusionAnswer; column: ConfusionAnswer }[] => {
    const column = columns.get(item);
    return column === undefined ? [] : [{ row, column }];
  });
  return confusion(pairs);
}

/** The model's first errors against the labels that stand, and what reading nothing but the length would score. */
function localisationOf(items: readonly ItemSaysRow[]): QueueAgreement["localisation"] {
  const traces = items.flatMap((i) => {
    if (!i.asked || i.standing === null) return [];
    const label = judgementOf({ action: i.standing, firstError: i.standingError });
    return label === "cannot_tell" ? [] : [{ label, steps: i.steps, said: saidBy(i) }];
  });
  if (traces.length === 0) return null;
  return {
    model: scoreLocalisation(
      traces.map(({ label, said }) => ({
        label,
        // What cannot be read is wrong.
        exact: said !== "cannot_tell" && isSame(said, label) ? 1 : 0,
        withinOne: said !== "cannot_tell" && isWithinOne(said, label) ? 1 : 0,
      })),
    ),
    baseline: scoreLocalisation(positionBaseline(traces, "drawn")),
  };
}
