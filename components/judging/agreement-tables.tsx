import type { Agreement } from "@/server/core/statistics/agreement";
import type { GoldScore } from "@/server/core/statistics/gold";
import type { LocalisationScore } from "@/server/core/statistics/processBench";
import type { PairView } from "@/server/core/views/judging";
import { count, plural } from "../ui/format";
import { figureWords } from "./words";

/** Names of raters that are nobody, as people read them (usecases/judging/agreement.ts). */
export function raterWords(name: string): string {
  if (name === "‹model›") return "the model";
  if (name === "‹settled or agreed›") return "the settled or agreed label";
  return name;
}

/** Agreement of all judges together. */
export function AllAgreement({ of: a }: { of: Agreement }) {
  if (a.pairable === 0)
    return (
      <p className="max-w-prose text-faint">
        No item has two answers of different judges yet ({plural(a.judgements, "answer")} of {plural(a.raters, "judge")}{" "}
        so far).
      </p>
    );
  const rows: [string, string][] = [
    ["Same answer, share of all pairs", figureWords(a.exact)],
    ["Same or a neighbouring step", figureWords(a.withinOne)],
    ["Krippendorff’s α, nominal", figureWords(a.alphaNominal)],
    ["Krippendorff’s α, ordinal (no error after every step)", figureWords(a.alphaOrdinal)],
    ["Krippendorff’s α, interval (answers that name a step)", figureWords(a.alphaInterval)],
  ];
  return (
    <div>
      <p className="mb-2 text-sm text-faint">
        {plural(a.raters, "judge")}, {count(a.pairable)} of {plural(a.items, "item")} with two answers or more,{" "}
        {count(a.judgements)} answers
        {a.cannotTell > 0 && `, ${count(a.cannotTell)} more that say nothing about a step (left out)`}. 95 % intervals
        by bootstrap over items.
      </p>
      <dl className="grid max-w-2xl gap-x-8 text-sm sm:grid-cols-[minmax(0,1fr)_auto]">
        {rows.map(([what, figure]) => (
          <div key={what} className="col-span-full grid grid-cols-subgrid border-b border-rule py-1">
            <dt className="text-soft">{what}</dt>
            <dd className="tabular-nums">{figure}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Agreement by pair; a pair can be opened to its confusion matrix. */
export function PairsTable(props: {
  caption: string;
  pairs: readonly PairView[];
  open: string | null;
  onOpen: (pair: string | null) => void;
}) {
  return (
    <div className="relative overflow-x-auto" role="region" aria-label={props.caption} tabIndex={0}>
      <table className="w-full min-w-[46rem] text-sm">
        <caption className="sr-only">{props.caption}</caption>
        <thead>
          <tr className="border-b border-rule text-faint">
            {["Pair", "Items", "Same answer", "Same or neighbour", "Cohen’s κ", "Weighted κ (steps)"].map((h, i) => (
              <th key={h} scope="col" className={`py-1 pe-4 font-medium ${i === 1 ? "text-end" : ""}`}>
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {props.pairs.map((p) => {
            const id = pairId(p);
            return (
              <tr key={id} className="border-b border-rule">
                <th scope="row" className="max-w-72 py-1.5 pe-4 text-start font-medium">
                  <button
                    type="button"
                    aria-expanded={props.open === id}
                    onClick={() => props.onOpen(props.open === id ? null : id)}
                    className="text-start underline decoration-edge underline-offset-4 hover:decoration-current"
                  >
                    {raterWords(p.a)} and {raterWords(p.b)}
                  </button>
                </th>
                <td className="pe-4 text-end">{count(p.items)}</td>
                <td className="pe-4 whitespace-nowrap">{figureWords(p.exact)}</td>
                <td className="pe-4 whitespace-nowrap">{figureWords(p.withinOne)}</td>
                <td className="pe-4 whitespace-nowrap">{figureWords(p.kappa)}</td>
                <td className="whitespace-nowrap">{figureWords(p.weightedKappa)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export const pairId = (p: Pick<PairView, "a" | "b">) => JSON.stringify([p.a, p.b]);

/** How judges did where the answer is known. */
export function GoldTable({ scores }: { scores: readonly GoldScore[] }) {
  return (
    <div className="relative overflow-x-auto" role="region" aria-label="Gold accuracy" tabIndex={0}>
      <table className="w-full min-w-[32rem] text-sm">
        <caption className="sr-only">Accuracy of each judge on gold items</caption>
        <thead>
          <tr className="border-b border-rule text-faint">
            {["Judge", "Gold items judged", "Right", "Right or a neighbouring step", "Said no step"].map((h, i) => (
              <th key={h} scope="col" className={`py-1 pe-4 font-medium ${i === 1 || i === 4 ? "text-end" : ""}`}>
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {scores.map((s) => (
            <tr key={s.rater} className="border-b border-rule">
              <th scope="row" className="max-w-48 truncate py-1.5 pe-4 font-medium">
                {raterWords(s.rater)}
              </th>
              <td className="pe-4 text-end">{count(s.judged)}</td>
              <td className="pe-4">{figureWords(s.exact)}</td>
              <td className="pe-4">{figureWords(s.withinOne)}</td>
              <td className="text-end">{count(s.cannotTell)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The model against the labels that stand, beside what reading only an attempt's length would score. */
export function ModelScore({ model, baseline }: { model: LocalisationScore; baseline: LocalisationScore }) {
  const rows: [string, LocalisationScore][] = [
    ["The model", model],
    ["By position alone", baseline],
  ];
  return (
    <div className="relative overflow-x-auto" role="region" aria-label="The model against people" tabIndex={0}>
      <table className="w-full min-w-[40rem] text-sm">
        <caption className="sr-only">The model’s first errors against settled or agreed labels</caption>
        <thead>
          <tr className="border-b border-rule text-faint">
            {[
              "",
              "F1 (ProcessBench)",
              `With an error (${model.withError.n})`,
              `Without (${model.withoutError.n})`,
              "Exact",
              "Within one step",
            ].map((h) => (
              <th key={h} scope="col" className="py-1 pe-4 font-medium">
                {h || <span className="sr-only">Who</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {rows.map(([who, s]) => (
            <tr key={who} className="border-b border-rule">
              <th scope="row" className="py-1.5 pe-4 font-medium whitespace-nowrap">
                {who}
              </th>
              {[s.f1, s.withError.accuracy, s.withoutError.accuracy, s.exact, s.withinOne].map((f, i) => (
                <td key={i} className="pe-4 whitespace-nowrap">
                  {figureWords(f)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
