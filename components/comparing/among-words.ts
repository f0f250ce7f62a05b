import { ARM_LABEL } from "@/server/core/arms";
import { amongAttemptsOf, amongProblemsOf } from "@/server/core/comparing/among";
import { FATE_SAYS, FUNNEL_STEPS, PROBLEM_FATE_SAYS, ROW_ORIGIN_SAYS, UNUSED_SAYS, type Fate } from "@/server/core/comparing/fates";
import { percent } from "../ui/format";

/** What the filter `among` of a list means, as the end of "Among: …". */
export function amongWords(list: string, text: string): string {
  return (list === "problems" ? problemWords(text) : attemptWords(text)) ?? "a figure of the comparison that is not known here";
}

function attemptWords(text: string): string | null {
  const f = amongAttemptsOf(text);
  switch (f?.kind) {
    case undefined:
      return null;
    case "became":
      return FATE_SAYS[f.fate];
    case "came":
      return cameWords(f.fates);
    case "unused":
      return `kept, without a row: ${UNUSED_SAYS[f.why]}`;
    case "rows":
      return `rows of a data set ${ROW_ORIGIN_SAYS[f.origin]}`;
    case "type":
      return `kind of error “${f.type}”`;
    case "label":
      return `first error by ${f.source} ${f.by === "step" ? `at step ${f.from} to ${f.below - 1}` : `in ${percent(f.from)} to ${percent(f.below)} of the attempt`}`;
  }
}

function problemWords(text: string): string | null {
  const f = amongProblemsOf(text);
  switch (f?.kind) {
    case undefined:
      return null;
    case "arm":
    case "three": {
      const where = f.kind === "three" ? " (of those with hint, intervention and both)" : "";
      const what = { any: "sampled from", covered: "with a success from", uncovered: "without a success from" }[f.covered];
      return `${what} “${ARM_LABEL[f.arm]}”${where}`;
    }
    case "pair": {
      const how = { any: "sampled from both", more: "better from the first of", less: "worse from the first of", same: "as good from both" }[f.relation];
      return `${how} “${ARM_LABEL[f.a]}” and “${ARM_LABEL[f.b]}”`;
    }
    case "rate": {
      const rate = f.below === 0 ? "0 %" : `${f.from === 0 ? "above " : ""}${percent(f.from)} to ${percent(Math.min(1, f.below))}`;
      return `bare problem right in ${rate}${f.covered === "covered" ? ", with a success after an intervention" : ""}`;
    }
    case "fate":
      return PROBLEM_FATE_SAYS[f.fate];
    case "came":
      return `with an attempt among: ${cameWords(f.fates)}`;
  }
}

/** The step of the funnel to which attempts with these fates came. */
function cameWords(fates: readonly Fate[]): string {
  const step = FUNNEL_STEPS.find((_, i) => {
    const lost = new Set<Fate>(FUNNEL_STEPS.slice(0, i + 1).flatMap((s): readonly Fate[] => s.losses));
    return fates.every((f) => !lost.has(f)) && lost.size + fates.length === Object.keys(FATE_SAYS).length;
  });
  return step === undefined ? fates.map((f) => FATE_SAYS[f]).join(" or ") : step.label;
}
