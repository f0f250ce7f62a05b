import { normaliseAnswer } from "./grading/normalise";
import { isSupposed, type Statement, statements } from "./leaking/statements";

/** Whether an intervention gives the answer away, by two rules; both are reported (method.md, "The pipeline", 5). */
export interface AnswerLeak {
  /** The content states the answer: the rule that decides here. */
  equivalent: boolean;
  /** The paper's plain rule: the answer's characters occur somewhere in the content. */
  substring: boolean;
}

/** Texts this long and longer are no coincidence wherever they stand. */
const DISTINCTIVE = 8;

/**
 * Does an intervention give the final answer away?
 *
 * `equivalent`: it *states* a value that equals the answer under the grader's own normalisation (so 0.5 leaks 1/2). What states a
 * value: a \boxed{}, "####" or "the answer is"; a side of an equation; what follows is, equals, gives, leaves and the like; a
 * number or formula alone on a line. What does not: an operand ("66 + 5"), a part of a number or name ("11", "x_1", "step 1"),
 * a bound ("n ≤ 1"), an index (\sum_{i=1}), and what is only supposed ("if n = 1", "let x = 1", "for n = 1").
 *
 * Three numbers occur in every solution: for 0, 1 and 2 an equation counts only when its other side is a single name or
 * arithmetic ("x = 1", "3 - 2 = 1", but not "x^2 + y^2 = 1" or "(x-1)(x+2) = 0"), and "is 1" only when nothing follows ("is 1
 * more than"). An answer that is a longer expression leaks wherever it is a whole formula or a side of one, and from
 * 8 characters on wherever it stands.
 *
 * An intermediate value that happens to equal the answer counts too: better one proposal too few than a kept intervention
 * that hands the answer over.
 */
export function answerLeak(content: string, answer: string): AnswerLeak {
  const plain = answer.trim();
  const substring = plain !== "" && content.includes(plain);
  const gold = normaliseAnswer(plain);
  if (!gold) return { equivalent: false, substring };
  const isGold = (value: string): boolean => {
    const normal = normaliseAnswer(value);
    return normal !== null && normal.kind === gold.kind && normal.key === gold.key;
  };
  const commonplace = gold.kind === "number" && ["0/1", "1/1", "2/1"].includes(gold.key);
  const found = statements(content);
  if (found.some((s) => isGold(s.value) && counts(s, gold.kind === "text" && gold.key.length >= 4, commonplace))) {
    return { equivalent: true, substring };
  }
  const distinctive = gold.kind === "text" && gold.key.length >= DISTINCTIVE;
  return { equivalent: distinctive && holds(content, gold.key), substring };
}

function counts(s: Statement, expression: boolean, commonplace: boolean): boolean {
  if (s.how === "final" || expression) return true;
  if (s.how === "mention" || isSupposed(s)) return false;
  if (!commonplace) return !s.goesOn || s.how === "predicate";
  return s.how === "equation" ? s.determined && !s.goesOn : !s.goesOn;
}

/** A long normal form somewhere in the content's own normal form, not as a part of a longer word or number. */
function holds(content: string, key: string): boolean {
  for (const line of content.split("\n")) {
    const form = normaliseAnswer(line.slice(0, 2000).replace(/[$]/g, " "));
    if (!form) continue;
    const words = /^[a-z]+$/.test(key);
    const text = words ? line.toLowerCase().replace(/\s+/g, "") : form.key;
    for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
      const before = text[at - 1] ?? " ";
      const after = text[at + key.length] ?? " ";
      if (words || !(/\d/.test(before) && /^\d/.test(key)) ) {
        if (words || !(/\d/.test(after) && /\d$/.test(key))) return true;
      }
    }
  }
  return false;
}
