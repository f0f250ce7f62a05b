"use client";
import Link from "next/link";
import { BASELINE_WORDS } from "@/server/core/statistics/positionBaseline";
import type { PositionsView } from "@/server/core/views/comparing-interventions";
import { ChartFrame } from "../../charts/frame";
import { lookOf } from "../../charts/look";
import type { ChartTable } from "../../charts/table";
import { Tools } from "../../charts/tools";
import { count, percent, percentRange, plural } from "../../ui/format";
import { Histogram, type HistogramLine } from "./histogram";
import { labelledAttempts, placedProposals, type Scope } from "./links";

const UNIFORM = "uniform";

/** Words for a source of known first errors. */
const sourceWords = (source: string, people: boolean): string => (people ? source : "the lab’s generator");

/** Where first errors lie: the model's, what each step being as likely would give, and those that are known. */
export function PlacesChart(props: { view: PositionsView; by: "step" | "share"; scope: Scope; controls: React.ReactNode }) {
  const { view, by, scope } = props;
  const places = by === "step" ? view.byStep : view.byShare;
  const label = (i: number) => {
    const bin = places.bins[i];
    if (bin === undefined) return "";
    if (by === "share") return `${Math.round(bin.from * 100)}–${Math.round(bin.below * 100)} %`;
    return bin.below - bin.from === 1 ? String(bin.from) : `${Math.max(1, bin.from)}–${bin.below - 1}`;
  };
  const lines: HistogramLine[] = [
    { key: UNIFORM, name: "if every step were as likely", look: lookOf(5, 2), marks: false },
    ...view.sources.map((s, i) => ({ key: s.source, name: `known from ${sourceWords(s.source, s.people)} (n = ${count(s.n)})`, look: lookOf(s.people ? 2 : 3, i), marks: true })),
  ];
  const share = (n: number | undefined, of: number) => (of === 0 ? null : (n ?? 0) / of);
  const columns: ChartTable["columns"] = [
    { key: "bin", label: by === "step" ? "step" : "part of the attempt" },
    { key: "model", label: "interventions", kind: "count" },
    { key: "share", label: "share", kind: "percent" },
    { key: "uniform", label: "expected, every step as likely", kind: "figure" },
    ...view.sources.map((s) => ({ key: `of ${s.source}`, label: sourceWords(s.source, s.people), kind: "count" as const })),
  ];
  return (
    <ChartFrame
      title={by === "step" ? "First errors by step" : "First errors by part of the attempt"}
      note={`${plural(view.n, "chosen intervention")}, each at the step that it replaces; shares of its own number for each series. Counts of all of them, so without intervals; the dotted line is what position alone would give.`}
      file="first-errors"
      controls={props.controls}
      series={[
        { name: `the model’s (n = ${count(view.n)})`, look: { stroke: "var(--intervention)", dash: undefined, marker: "square" }, as: "points" },
        ...lines.map((l) => ({ name: l.name, look: l.look, as: l.marks ? ("both" as const) : ("line" as const) })),
      ]}
      empty={view.n === 0 ? "No intervention has been chosen in this run yet." : undefined}
      table={() => ({
        columns,
        rows: places.bins.map((bin, i) => ({
          bin: label(i),
          model: { value: places.model[i] ?? 0, href: placedProposals(scope, by, bin) },
          share: share(places.model[i], view.n),
          uniform: places.uniform[i] ?? 0,
          ...Object.fromEntries(
            view.sources.map((s) => [`of ${s.source}`, { value: places.known[s.source]?.[i] ?? 0, href: labelledAttempts(scope, by, bin, s.source) }]),
          ),
        })),
      })}
    >
      <Histogram
        name="the model’s"
        unit="share"
        axis={by === "step" ? "step" : "part of the attempt (step over steps)"}
        lines={lines}
        bins={places.bins.map((bin, i) => ({
          label: label(i),
          count: places.model[i] ?? 0,
          href: placedProposals(scope, by, bin),
          bar: share(places.model[i], view.n) ?? 0,
          lines: {
            [UNIFORM]: share(places.uniform[i], view.n),
            ...Object.fromEntries(view.sources.map((s) => [s.source, share(places.known[s.source]?.[i], s.n)])),
          },
        }))}
      />
    </ChartFrame>
  );
}

/** How often the model names the known step, beside what position alone would. */
export function AgreementTable(props: { view: PositionsView; localisation: string }) {
  const { agreement, sources } = props.view;
  if (agreement.length === 0)
    return (
      <p className="max-w-prose text-sm text-faint">
        No first error of this run’s attempts is known yet, so the model’s steps are compared with nothing but their position. Judges
        give labels in a queue; others can be imported.
      </p>
    );
  const words = (source: string) => sourceWords(source, sources.find((s) => s.source === source)?.people ?? true);
  const kinds = agreement[0]?.baselines.map((b) => b.kind) ?? [];
  const table: ChartTable = {
    columns: [
      { key: "source", label: "known from" },
      { key: "n", label: "attempts with an error", kind: "count" },
      { key: "model", label: "the model names that step", kind: "percent" },
      { key: "modelLow", label: "low", kind: "percent" },
      { key: "modelHigh", label: "high", kind: "percent" },
      ...kinds.map((kind) => ({ key: kind, label: BASELINE_WORDS[kind], kind: "percent" as const })),
    ],
    rows: agreement.map((a) => ({
      source: words(a.source),
      n: a.n,
      model: a.model?.value ?? null,
      modelLow: a.model?.low ?? null,
      modelHigh: a.model?.high ?? null,
      ...Object.fromEntries(a.baselines.map((b) => [b.kind, b.of?.value ?? null])),
    })),
  };
  return (
    <figure id="position-baseline" className="min-w-0 scroll-mt-14">
      <figcaption>
        <h3 className="text-base">The model against position alone</h3>
        <p className="max-w-prose text-sm text-faint">
          Share of attempts with a known first error whose step is named exactly; 95 % bootstrap over attempts. The baselines read nothing but
          how many steps there are. <Link href={props.localisation}>First errors in full</Link>
        </p>
      </figcaption>
      <div className="mt-2 overflow-x-auto" role="region" aria-label="The model against position alone" tabIndex={0}>
        <table className="min-w-max text-sm tabular-nums">
          <thead>
            <tr className="border-b border-edge text-faint [&>th]:py-1.5 [&>th]:pe-6 [&>th]:font-normal">
              <th scope="col">Known from</th>
              <th scope="col" className="text-end">
                Attempts
              </th>
              <th scope="col">The model</th>
              {kinds.map((kind) => (
                <th key={kind} scope="col">
                  {BASELINE_WORDS[kind]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {agreement.map((a) => (
              <tr key={a.source} className="border-b border-rule [&>*]:py-1.5 [&>*]:pe-6">
                <th scope="row" className="font-normal">
                  {words(a.source)}
                </th>
                <td className="text-end">{count(a.n)}</td>
                {[a.model, ...a.baselines.map((b) => b.of)].map((of, i) => (
                  <td key={i} className="whitespace-nowrap">
                    {of === null ? "—" : <b className={i === 0 ? "font-semibold" : "font-normal"}>{percent(of.value)}</b>}
                    {of !== null && <span className="ms-2 text-xs text-soft">{percentRange(of.low, of.high)}</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="mt-1">
        <Tools title="The model against position alone" file="position-baseline" table={() => table} />
      </div>
    </figure>
  );
}
