"use client";
import { useSearchParams } from "next/navigation";
import { replaceSearch } from "@/app/search-params";
import { ChartFrame } from "@/components/charts/frame";
import type { ChartTable } from "@/components/charts/table";
import { IntervalRows } from "@/components/comparing/sources/interval-rows";
import { NllRidge, type RidgeRow } from "@/components/comparing/sources/nll-ridge";
import { PART_COLOUR, partName } from "@/components/comparing/sources/words";
import { SelectField } from "@/components/ui/fields";
import { count } from "@/components/ui/format";
import { Section } from "@/components/ui/section";
import { binBounds, NLL_BINS } from "@/server/core/scoring/bins";
import type { NllFigure, SourceRow, SourcesPage } from "@/server/core/views/comparing-sources";
import { behindText, type Question } from "./question";
import { RowsBehind } from "./rows-behind";

const WEIGHTS = [
  ["token", "every token counts once"],
  ["trace", "every trace counts once"],
] as const;
const OF = [
  ["traces", "traces, by their mean"],
  ["tokens", "tokens"],
] as const;

/** How likely the sources' traces are under the base model: means with their intervals, and where they come from. */
export function NllSection({ page, question }: { page: SourcesPage; question: Question }) {
  const here = useSearchParams();
  const scored = page.rows.filter((r) => r.nll.length > 0);
  const figures = scored.flatMap((row) => row.nll.map((figure) => ({ row, figure })));
  const mean = (f: NllFigure) => (question.weights === "token" ? f.perToken : f.perTrace);
  const empty = figures.length === 0 ? { empty: "Nothing is scored under this model yet: have a sample of each data set scored, above." } : {};
  const ns = scored.map((r) => r.nll[0]?.traces ?? 0);
  const base = page.base?.name ?? "";
  return (
    <Section
      title="Likelihood under the base"
      note="negative log-likelihood per token of what training puts a loss on, given what stands before it there"
      aside={
        <div className="flex flex-wrap gap-x-6 gap-y-2">
          <SelectField label="Means" value={question.weights} options={WEIGHTS} onChange={(v) => set("weights", v, "token")} />
          <SelectField label="Distributions of" value={question.of} options={OF} onChange={(v) => set("of", v, "traces")} />
        </div>
      }
    >
      <div className="grid gap-x-10 gap-y-10 xl:grid-cols-2">
        <ChartFrame
          title={`Mean NLL per token under ${base}`}
          note={`Nats; ${question.weights === "token" ? "every token counts once" : "every trace counts once"}; ${nWords(ns)} scored of each source; 95 % bootstrap over problems. The lower, the more like the model’s own words.`}
          file="nll-means"
          table={() => meansTable(scored)}
          {...empty}
        >
          <IntervalRows
            unit="nats"
            rows={figures.map(({ row, figure }) => ({
              label: partName(row.dataset, figure.part),
              of: mean(figure),
              colour: PART_COLOUR[figure.part],
              minor: figure.part !== "whole",
              apart: figure.part === "whole",
            }))}
          />
        </ChartFrame>
        <ChartFrame
          title={`Distribution of NLL per token under ${base}`}
          note={`${question.of === "traces" ? "Traces by their mean" : "Single tokens"}, share of each row; logarithmic scale in steps of half an octave; the mark is the mean with its interval. A bar leads to its rows.`}
          file="nll-distribution"
          table={() => binsTable(scored, question, here)}
          {...empty}
        >
          <NllRidge
            of={question.of}
            open={question.behind}
            onOpen={(row, bin) => open({ dataset: row.dataset, part: row.part, bin })}
            rows={figures.map(
              ({ row, figure }): RidgeRow => ({
                label: partName(row.dataset, figure.part),
                dataset: row.dataset,
                part: figure.part,
                bins: question.of === "traces" ? figure.traceBins : figure.tokenBins,
                mean: mean(figure),
                colour: PART_COLOUR[figure.part],
              }),
            )}
          />
        </ChartFrame>
      </div>
      {question.behind !== null && <RowsBehind page={page} question={question} bin={question.behind} onClose={() => open(null)} />}
      <p className="mt-4 max-w-prose text-sm text-faint">
        The tokens are those of the trainers’ own data: the completion after the chat template and the prompt, with the end-of-turn
        token where the turn ends (it counts to the last part). A token over the seam of two parts belongs to the one that begins in it.
      </p>
    </Section>
  );
}

function set(name: string, value: string, usual: string): void {
  replaceSearch((search) => {
    if (value === usual) search.delete(name);
    else search.set(name, value);
  });
}

function open(bin: Question["behind"]): void {
  replaceSearch((search) => (bin === null ? search.delete("behind") : search.set("behind", behindText(bin))));
}

/** "64 rows", "12 to 64 rows". */
function nWords(ns: readonly number[]): string {
  const [low, high] = [Math.min(...ns), Math.max(...ns)];
  return low === high ? `${count(low)} rows` : `${count(low)} to ${count(high)} rows`;
}

function meansTable(rows: readonly SourceRow[]): ChartTable {
  return {
    columns: [
      { key: "row", label: "Source" },
      { key: "part", label: "Part" },
      { key: "traces", label: "Traces", kind: "count" },
      { key: "problems", label: "Problems", kind: "count" },
      { key: "tokens", label: "Tokens", kind: "count" },
      { key: "token", label: "NLL, token weights", kind: "figure" },
      { key: "tokenLow", label: "low 95 %", kind: "figure" },
      { key: "tokenHigh", label: "high 95 %", kind: "figure" },
      { key: "trace", label: "NLL, trace weights", kind: "figure" },
      { key: "traceLow", label: "low 95 %, traces", kind: "figure" },
      { key: "traceHigh", label: "high 95 %, traces", kind: "figure" },
    ],
    rows: rows.flatMap((row) =>
      row.nll.map((f) => ({
        row: row.dataset,
        part: f.part,
        traces: f.traces,
        problems: f.problems,
        tokens: f.tokens,
        token: f.perToken.value,
        tokenLow: f.perToken.low,
        tokenHigh: f.perToken.high,
        trace: f.perTrace.value,
        traceLow: f.perTrace.low,
        traceHigh: f.perTrace.high,
      })),
    ),
  };
}

/** A row for each bin in use, a column for each part of a source; a count leads to the rows behind it. */
function binsTable(rows: readonly SourceRow[], question: Question, here: URLSearchParams): ChartTable {
  const parts = rows.flatMap((row) => row.nll.map((f) => ({ row, f, bins: question.of === "traces" ? f.traceBins : f.tokenBins })));
  const used = Array.from({ length: NLL_BINS }, (_, bin) => bin).filter((bin) => parts.some((p) => (p.bins[bin] ?? 0) > 0));
  const hrefOf = (dataset: string, part: NllFigure["part"], bin: number) => {
    const search = new URLSearchParams(here);
    search.set("behind", behindText({ dataset, part, bin }));
    return `?${search}#rows-behind`;
  };
  return {
    columns: [
      { key: "from", label: "From (nats)", kind: "figure" },
      { key: "to", label: "to", kind: "figure" },
      ...parts.map(({ row, f }) => ({ key: `${row.datasetId} ${f.part}`, label: partName(row.dataset, f.part), kind: "count" as const })),
    ],
    rows: used.map((bin) => ({
      ...binBounds(bin),
      ...Object.fromEntries(
        parts.map(({ row, f, bins }) => {
          const n = bins[bin] ?? 0;
          return [`${row.datasetId} ${f.part}`, n === 0 ? 0 : { value: n, href: hrefOf(row.dataset, f.part, bin) }];
        }),
      ),
    })),
  };
}
