"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { ChartFrame } from "@/components/charts/frame";
import type { ChartTable } from "@/components/charts/table";
import { PublishedSources } from "@/components/comparing/sources/published-sources";
import { RelationChart } from "@/components/comparing/sources/relation-chart";
import { NumberField, SelectField } from "@/components/ui/fields";
import { count, figure } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import type { EvaluatedSet, RelationPoint, SourcesPage, SourcesRelation } from "@/server/core/views/comparing-sources";
import { type Chosen, type Question, relationInput } from "./question";

/** The paper's reading, that what is more likely under the base does more good, on one's own figures: a point for each source. */
export function RelationFigure(props: { page: SourcesPage; question: Question; chosen: Chosen & { set: EvaluatedSet }; base: string }) {
  const { page, question, chosen, base } = props;
  const trpc = useTRPC();
  const router = useRouter();
  const read = useQuery(
    trpc.compareSources.relation.queryOptions(relationInput(page.study, question, chosen, chosen.set.name), { placeholderData: (before) => before }),
  );
  const hrefOf = (point: RelationPoint) => `${base}/attempts?run=${point.outcome.models.flatMap((m) => m.runs).join(",")}`;
  const relation = read.data;
  return (
    <div>
      <div className="mb-4 flex flex-wrap items-start gap-x-6 gap-y-2">
        <SelectField
          label="Outcome on"
          value={chosen.set.name}
          options={page.sets.map((s) => [s.name, `${s.name}${s.trained ? " (trained on)" : ""}`] as const)}
          onChange={(set) => replaceSearch((search) => search.set("set", set))}
        />
        <NumberField
          label="pass@k, k ="
          value={chosen.k}
          min={1}
          max={Math.max(1, chosen.set.samples)}
          step={1}
          onChange={(k) => replaceSearch((search) => (k === 1 ? search.delete("k") : search.set("k", String(Math.round(k)))))}
        />
      </div>
      {read.error !== null && <Message tone="error">{read.error.message}</Message>}
      {relation === undefined && read.error === null && <p className="h-96 text-faint">Reading what came of each source on {chosen.set.name}…</p>}
      {relation !== undefined && (
        <div className="grid gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <ChartFrame
            title={`The lower the NLL, the better what follows? pass@${relation.k} on ${relation.set}`}
            note={`After ${relation.stage === "rl" ? "SFT and RL" : "SFT alone"}; ${count(relation.points.length)} ${relation.points.length === 1 ? "source" : "sources"}, models of one source (seeds) as their mean; bars: 95 % bootstrap over problems. ${correlationWords(relation)}`}
            file="nll-outcome"
            table={() => relationTable(relation, hrefOf)}
            {...(relation.points.length === 0 ? { empty: emptyWords(relation) } : {})}
          >
            <RelationChart points={relation.points} rows={page.rows} onOpen={(point) => router.push(hrefOf(point))} />
          </ChartFrame>
          <div className="min-w-0 space-y-6">
            <Correlation relation={relation} />
            {relation.points.length > 0 && (
              <p className="text-sm text-faint">
                Attempts behind the points:{" "}
                {relation.points.map((p, i) => (
                  <span key={p.datasetId}>
                    {i > 0 && ", "}
                    <Link href={hrefOf(p)}>{p.dataset}</Link>
                  </span>
                ))}
                .
              </p>
            )}
            <PublishedSources />
          </div>
        </div>
      )}
    </div>
  );
}

/** What the rank correlation says, and how little that is. */
function Correlation({ relation }: { relation: SourcesRelation }) {
  const { spearman, points, without } = relation;
  const n = points.length;
  return (
    <div className="space-y-2">
      <h3 className="text-base">Rank correlation</h3>
      <p className="text-lg tabular-nums" data-testid="spearman">
        {spearman === null ? "—" : `ρ = ${signed(spearman.value)}`}{" "}
        {spearman !== null && (
          <span className="text-sm text-faint">
            {hasInterval(spearman) && <>({signed(spearman.low)} to {signed(spearman.high)}), </>}n = {spearman.n}
          </span>
        )}
      </p>
      <p className="max-w-prose text-sm text-soft">
        Spearman’s, of the sources’ mean NLL with their outcome{n >= FEWEST ? "; 95 % bootstrap over sources" : ""}. The paper’s reading asks for −1. {smallWords(n)}
      </p>
      {without.length > 0 && n > 0 && (
        <p className="max-w-prose text-sm text-faint">
          Not in it: {without.map((w) => `${w.dataset} (${w.missing === "nll" ? "not scored" : w.missing === "outcome" ? "no model evaluated" : "neither scored nor evaluated"})`).join(", ")}.
        </p>
      )}
    </div>
  );
}

/** Below this many sources a resample can do little but repeat their order: its interval would claim what is not known. */
const FEWEST = 5;

const hasInterval = ({ n }: { n: number }) => n >= FEWEST;

/** How often a perfect order of n sources comes about by chance. */
function smallWords(n: number): string {
  if (n < 2) return "With fewer than two sources there is no correlation.";
  if (n > 9) return "";
  const orders = Array.from({ length: n }, (_, i) => i + 1).reduce((a, b) => a * b, 1);
  return `${n} sources say little: a perfect order comes about by chance once in ${count(orders)}${n < FEWEST ? ", and there is no interval to be had from so few: a resample can only repeat their order" : ""}. Read it as a description of these sources, not as a law.`;
}

const signed = (v: number) => (v < 0 ? `−${figure(-v)}` : figure(v));

function correlationWords({ spearman }: SourcesRelation): string {
  return spearman === null ? "No rank correlation yet." : `Spearman’s ρ = ${signed(spearman.value)}${hasInterval(spearman) ? ` (${signed(spearman.low)} to ${signed(spearman.high)})` : ", too few sources for an interval"}, n = ${spearman.n}.`;
}

function emptyWords({ without, k, set }: SourcesRelation): string {
  const unscored = without.filter((w) => w.missing !== "outcome").map((w) => w.dataset);
  const unevaluated = without.filter((w) => w.missing !== "nll").map((w) => w.dataset);
  return [
    unscored.length > 0 && `Not scored yet: ${unscored.join(", ")}.`,
    unevaluated.length > 0 && `No model with ${k} ${k === 1 ? "sample" : "samples"} of a problem of ${set}: ${unevaluated.join(", ")}.`,
  ]
    .filter((words) => words !== false)
    .join(" ");
}

function relationTable({ points, k }: SourcesRelation, hrefOf: (point: RelationPoint) => string): ChartTable {
  return {
    columns: [
      { key: "source", label: "Source" },
      { key: "nll", label: "NLL per token", kind: "figure" },
      { key: "nllLow", label: "low 95 %", kind: "figure" },
      { key: "nllHigh", label: "high 95 %", kind: "figure" },
      { key: "traces", label: "Traces", kind: "count" },
      { key: "outcome", label: `pass@${k}`, kind: "percent" },
      { key: "low", label: "low 95 %, outcome", kind: "percent" },
      { key: "high", label: "high 95 %, outcome", kind: "percent" },
      { key: "problems", label: "Problems", kind: "count" },
      { key: "models", label: "Models", kind: "count" },
    ],
    rows: points.map((p) => ({
      source: p.dataset,
      nll: p.nll.value,
      nllLow: p.nll.low,
      nllHigh: p.nll.high,
      traces: p.nll.traces,
      outcome: { value: p.outcome.value, href: hrefOf(p) },
      low: p.outcome.low,
      high: p.outcome.high,
      problems: p.outcome.problems,
      models: p.outcome.models.length,
    })),
  };
}
