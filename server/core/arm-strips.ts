import { ARMS } from "./arms";
import { wilsonInterval } from "./statistics/intervals";
import type { ArmStrip, ContinuationMark } from "./views/attempt";

/** Continuations beside an attempt by arm: of the model's versions, and of those that people wrote, apart. */
export function armStrips(
  marks: readonly ContinuationMark[],
  proposals: readonly { id: string; author: string }[],
): { strips: ArmStrip[]; peopleStrips: ArmStrip[] } {
  const people = new Set(proposals.flatMap((p) => (p.author === "person" ? [p.id] : [])));
  const isPeople = (m: ContinuationMark) => m.proposalId !== null && people.has(m.proposalId);
  return { strips: strips(marks.filter((m) => !isPeople(m))), peopleStrips: strips(marks.filter(isPeople)) };
}

/** Marks by arm, in the order of the conditioning table; an arm without samples has no strip. */
function strips(marks: readonly ContinuationMark[]): ArmStrip[] {
  return ARMS.flatMap((arm) => {
    const mine = marks.filter((m) => m.arm === arm);
    if (mine.length === 0) return [];
    const correct = mine.filter((m) => m.outcome === "success").length;
    return [{ arm, marks: mine, correct, rate: wilsonInterval(correct, mine.length) }];
  });
}
