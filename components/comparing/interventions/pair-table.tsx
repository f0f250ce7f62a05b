import Link from "next/link";
import { ARM_LABEL, type Arm } from "@/server/core/arms";
import type { ArmPair } from "@/server/core/comparing/conditioning";
import type { ChartTable } from "../../charts/table";
import { Tools } from "../../charts/tools";
import { count } from "../../ui/format";
import { Measure } from "./share-table";

/** Two arms of a pair as one word of an address. */
export const pairWord = (pair: { a: Arm; b: Arm }): string => `${pair.a}-${pair.b}`;

/** Arms against each other on the problems that both have. */
export function PairTable(props: {
  title: string;
  pairs: readonly ArmPair[];
  file: string;
  /** Problems that a pair is of. */
  href: (pair: ArmPair) => string;
  /** The pair that is drawn, and how another one is. */
  drawn?: string;
  drawHref?: (pair: ArmPair) => string;
}) {
  const { title, pairs } = props;
  return (
    <figure id={props.file} className="min-w-0 scroll-mt-14" data-table={props.file}>
      <figcaption>
        <h3 className="text-base">{title}</h3>
        <p className="max-w-prose text-sm text-faint">
          Percentage points on the problems that both have samples of; 95 % interval by paired bootstrap over problems, sign-flip test,
          Holm over the pairs of this table. Accuracy is the mean over problems of a problem’s share of right samples.
        </p>
      </figcaption>
      <div className="relative mt-2 overflow-x-auto" role="region" aria-label={title} tabIndex={0}>
        <table className="w-full min-w-max text-sm tabular-nums">
          <caption className="sr-only">{title}</caption>
          <thead>
            <tr className="border-b border-edge text-faint [&>th]:py-1.5 [&>th]:pe-6 [&>th]:font-normal">
              <th scope="col">Arm, less the other</th>
              <th scope="col" className="text-end">
                Problems
              </th>
              <th scope="col">Coverage</th>
              <th scope="col">Accuracy</th>
              {props.drawHref !== undefined && <th scope="col">Problem by problem</th>}
            </tr>
          </thead>
          <tbody>
            {pairs.map((pair) => (
              <tr key={pairWord(pair)} className="border-b border-rule [&>*]:py-1.5 [&>*]:pe-6" data-pair={pairWord(pair)}>
                <th scope="row" className="font-normal whitespace-nowrap">
                  {ARM_LABEL[pair.a]} <span className="text-faint">less {ARM_LABEL[pair.b]}</span>
                </th>
                <td className="text-end">{pair.problems === 0 ? <span className="text-faint">—</span> : <Link href={props.href(pair)}>{count(pair.problems)}</Link>}</td>
                <td className="whitespace-nowrap">
                  <Measure of={pair.coverage} />
                </td>
                <td className="whitespace-nowrap">
                  <Measure of={pair.accuracy} />
                </td>
                {props.drawHref !== undefined && (
                  <td>
                    {pair.problems === 0 ? (
                      <span className="text-faint">—</span>
                    ) : pairWord(pair) === props.drawn ? (
                      <span className="text-soft">drawn below</span>
                    ) : (
                      <Link href={props.drawHref(pair)} scroll={false} aria-label={`Draw ${ARM_LABEL[pair.a]} less ${ARM_LABEL[pair.b]}`}>
                        draw
                      </Link>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="mt-1">
        <Tools title={title} file={props.file} table={() => dataOf(pairs)} />
      </div>
    </figure>
  );
}

function dataOf(pairs: readonly ArmPair[]): ChartTable {
  const measures = ["coverage", "accuracy"] as const;
  return {
    columns: [
      { key: "pair", label: "pair" },
      { key: "problems", label: "problems", kind: "count" },
      ...measures.flatMap((m) => [
        { key: m, label: `${m}, difference`, kind: "points" as const },
        { key: `${m}Low`, label: `${m}, low`, kind: "points" as const },
        { key: `${m}High`, label: `${m}, high`, kind: "points" as const },
        { key: `${m}Differing`, label: `${m}, problems that differ`, kind: "count" as const },
        { key: `${m}P`, label: `${m}, p`, kind: "figure" as const },
        { key: `${m}Holm`, label: `${m}, p by Holm`, kind: "figure" as const },
      ]),
    ],
    rows: pairs.map((pair) => ({
      pair: pairWord(pair),
      problems: pair.problems,
      ...Object.fromEntries(
        measures.flatMap((m) => {
          const { difference, differing, p, holm } = pair[m];
          return [
            [m, difference?.value ?? null],
            [`${m}Low`, difference?.low ?? null],
            [`${m}High`, difference?.high ?? null],
            [`${m}Differing`, difference === null ? null : differing],
            [`${m}P`, p],
            [`${m}Holm`, holm],
          ];
        }),
      ),
    })),
  };
}
