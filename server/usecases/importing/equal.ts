import type { Verdict } from "../../core/grading/expressions";
import { equalSafely } from "../grading/grade";

/** Pairs kept: many attempts of one problem end in the same few answers. */
const KEPT = 20_000;
const known = new Map<string, Verdict>();

/** equalSafely, remembering the pairs it has compared lately: the mathematics of a pair does not change. */
export async function equalKnown(gold: string, pred: string): Promise<Verdict> {
  if (gold.length + pred.length > 400) return equalSafely(gold, pred);
  const key = `${gold}\0${pred}`;
  const before = known.get(key);
  if (before) return before;
  const verdict = await equalSafely(gold, pred);
  if (known.size >= KEPT) {
    const oldest = known.keys().next().value;
    if (oldest !== undefined) known.delete(oldest);
  }
  known.set(key, verdict);
  return verdict;
}
