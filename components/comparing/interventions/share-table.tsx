import Link from "next/link";
import type { ReactNode } from "react";
import type { Tested } from "@/server/core/comparing/conditioning";
import type { Interval } from "@/server/core/statistics/intervals";
import { Tools } from "../../charts/tools";
import { scaleEnd, Whisker } from "../../study/whisker";
import { count, percent, percentRange } from "../../ui/format";
import { differenceWords, type ShareRow, shareTable, testWords } from "./figures";

/** Coverage and accuracy of several rows with their intervals, each number leading to its rows. */
export function ShareTable(props: {
  title: string;
  /** n and the intervals in words. */
  note: string;
  /** Header of the first column. */
  first: string;
  rows: readonly ShareRow[];
  file: string;
  /** Header of the differences: "to filtered". */
  differences?: string;
  /** Tools beside CSV and link. */
  children?: ReactNode;
}) {
  const { rows } = props;
  const coverageEnd = scaleEnd(rows.map((r) => r.figures?.coverage ?? null));
  const accuracyEnd = scaleEnd(rows.map((r) => r.figures?.accuracy ?? null));
  const withInterventions = rows.some((r) => r.interventions !== undefined);
  const withPublished = rows.some((r) => r.published !== undefined);
  const withDifferences = props.differences !== undefined;
  const width = 3 + Number(withInterventions) + Number(withDifferences);
  return (
    <figure id={props.file} className="min-w-0 scroll-mt-14" data-table={props.file}>
      <figcaption>
        <h3 className="text-base">{props.title}</h3>
        <p className="max-w-prose text-sm text-faint">{props.note}</p>
      </figcaption>
      <div className="relative mt-2 overflow-x-auto" role="region" aria-label={props.title} tabIndex={0}>
        <table className="w-full min-w-max text-sm tabular-nums">
          <caption className="sr-only">{props.note}</caption>
          <thead>
            <tr className="border-b border-edge align-bottom text-faint [&>th]:py-1.5 [&>th]:pe-6 [&>th]:font-normal">
              <th scope="col">{props.first}</th>
              {withInterventions && (
                <th scope="col" className="text-end">
                  Interventions
                </th>
              )}
              <th scope="col">Problems with a success</th>
              <th scope="col">Right samples</th>
              <th scope="col" className="text-end">
                Samples
              </th>
              {withDifferences && <th scope="col">Difference {props.differences}, points</th>}
              {withPublished && (
                <th scope="col" className="border-s border-dashed border-edge ps-4">
                  Published <span className="block text-xs">another model, other problems</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key} className="border-b border-rule align-top [&>*]:py-2 [&>*]:pe-6" data-row={row.key}>
                <th scope="row" className={`max-w-64 ${row.strong === true ? "font-semibold text-intervention" : "font-medium"}`}>
                  <To href={row.href}>{row.label}</To>
                  {row.note !== undefined && <span className="block text-xs font-normal text-faint [overflow-wrap:anywhere]">{row.note}</span>}
                </th>
                {row.figures === null || row.figures.coverage === null || row.figures.accuracy === null ? (
                  <td colSpan={width} className="text-faint">
                    — <span className="text-xs">{row.gap}</span>
                  </td>
                ) : (
                  <>
                    {withInterventions && (
                      <td className="text-end">
                        {row.interventions === null || row.interventions === undefined ? <Gap /> : <To href={row.links.interventions}>{count(row.interventions)}</To>}
                      </td>
                    )}
                    <Share of={row.figures.coverage} end={coverageEnd} strong={row.strong === true}>
                      <b className="font-semibold">
                        <To href={row.links.covered}>{count(row.figures.covered)}</To>/<To href={row.links.problems}>{count(row.figures.problems)}</To>
                      </b>{" "}
                      <span className="text-soft">{percent(row.figures.coverage.value)}</span>
                    </Share>
                    <Share of={row.figures.accuracy} end={accuracyEnd} strong={row.strong === true}>
                      <b className="font-semibold">{percent(row.figures.accuracy.value)}</b>
                    </Share>
                    <td className="text-end">
                      <To href={row.links.samples}>{count(row.figures.samples)}</To>
                    </td>
                    {withDifferences && <DifferenceCell of={row.difference} />}
                  </>
                )}
                {withPublished && (
                  <td className="border-s border-dashed border-edge ps-4 whitespace-nowrap text-faint italic">
                    {row.published === undefined ? "" : `${row.published.covered}/${row.published.problems}, ${percent(row.published.accuracy)}`}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="mt-1">
        <Tools title={props.title} file={props.file} table={() => shareTable(rows, props.first)}>
          {props.children}
        </Tools>
      </div>
    </figure>
  );
}

/** A number that leads to its rows. */
export function To({ href, children }: { href: string | undefined; children: ReactNode }) {
  return href === undefined ? children : <Link href={href}>{children}</Link>;
}

function Share(props: { of: Interval; end: number; strong: boolean; children: ReactNode }) {
  return (
    <td className="whitespace-nowrap">
      <span className="text-base">{props.children}</span>
      <span className="block text-xs text-soft">{percentRange(props.of.low, props.of.high)}</span>
      <span className="block w-32">
        <Whisker of={props.of} max={props.end} tone={props.strong ? "intervention" : "ink"} />
      </span>
    </td>
  );
}

function DifferenceCell({ of }: { of: ShareRow["difference"] }) {
  if (of === "baseline") return <td className="text-faint">baseline</td>;
  if (of === null || of === undefined)
    return (
      <td>
        <Gap />
      </td>
    );
  return (
    <td className="whitespace-nowrap">
      <Measure name="coverage" of={of.coverage} />
      <Measure name="accuracy" of={of.accuracy} />
      <span className="block text-xs text-faint">{of.accuracy.difference === null ? "no problem in common" : `n = ${count(of.accuracy.difference.n)} problems`}</span>
    </td>
  );
}

/** One measure's difference with its interval and test. */
export function Measure({ name, of }: { name?: string; of: Tested }) {
  const { difference } = of;
  const sure = difference !== null && (difference.low > 0 || difference.high < 0);
  return (
    <span className="block">
      {name !== undefined && <span className="inline-block w-16 text-xs text-faint">{name}</span>}
      <span className={sure ? "font-medium" : "text-soft"}>{differenceWords(of)}</span>
      <span className="ms-2 text-xs text-faint">{testWords(of)}</span>
    </span>
  );
}

function Gap() {
  return <span className="text-faint">—</span>;
}
