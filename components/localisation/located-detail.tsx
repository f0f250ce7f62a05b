import type { Interval } from "@/server/core/statistics/intervals";
import { BASELINE_WORDS } from "@/server/core/statistics/positionBaseline";
import type { LocatedFilter, LocatorDetail, LocatorScore, Relation } from "@/server/core/views/localisation";
import { count, percent, percentRange } from "../ui/format";
import { ConfusionMatrix, type LinkLike } from "./confusion-matrix";

const RELATION_WORDS: Record<Relation, string> = {
  agrees: "the same answer",
  near: "a neighbouring step",
  differs: "another answer",
  unparsed: "nothing that can be read",
};

/** One run against one source of labels, looked into: which step against which, and what position alone would score. */
export function LocatedDetail(props: {
  detail: LocatorDetail;
  locator: LocatorScore;
  rowsHref: (rows: Pick<LocatedFilter, "label" | "said">) => string;
  link: LinkLike;
}) {
  const { detail, locator: l, link: Link } = props;
  return (
    <div className="grid gap-x-16 gap-y-8 xl:grid-cols-[minmax(0,auto)_minmax(20rem,1fr)]">
      <div className="min-w-0">
        <ConfusionMatrix
          of={detail.confusion}
          rows={detail.source}
          columns={l.model}
          href={({ row, column }) =>
            row === "cannot_tell" || row === "unparsed" || column === "cannot_tell"
              ? null
              : props.rowsHref({ label: row, said: column })
          }
          link={Link}
        />
        <p className="mt-2 max-w-prose text-sm text-faint">
          Steps, counted from 1; “none” says that there is no error. The same answer stands on the outlined diagonal.
        </p>
      </div>
      <div className="min-w-0 space-y-6">
        <dl className="grid max-w-md grid-cols-[1fr_auto] gap-x-6 gap-y-1">
          {(Object.keys(RELATION_WORDS) as Relation[]).map((relation) => (
            <div key={relation} className="col-span-2 grid grid-cols-subgrid border-b border-rule pb-1">
              <dt className="text-soft">{RELATION_WORDS[relation]}</dt>
              <dd className="text-end">
                {l.relations[relation] > 0 ? (
                  <Link href={props.rowsHref({ label: "any", said: relation })}>{count(l.relations[relation])}</Link>
                ) : (
                  <span className="text-faint">0</span>
                )}
              </dd>
            </div>
          ))}
          <div className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-soft">Cohen’s kappa, unread answers left out</dt>
            <dd className="text-end">
              {detail.kappa === null ? (
                <span className="text-faint">not defined</span>
              ) : (
                <>
                  {detail.kappa.value.toFixed(2)}{" "}
                  <span className="text-sm text-faint">
                    {detail.kappa.low.toFixed(2)} to {detail.kappa.high.toFixed(2)}
                  </span>
                </>
              )}
            </dd>
          </div>
        </dl>
        <div>
          <h3 className="text-base font-normal">Position alone</h3>
          <p className="mt-1 mb-2 max-w-prose text-sm text-faint">
            What is scored on the same attempts without reading them, from the labels of all the others. Where labels are
            balanced by design the commonest of the others falls below chance; a drawn one does not.
          </p>
          <div className="relative overflow-x-auto" role="region" aria-label="Position-only baselines" tabIndex={0}>
            <table className="w-full min-w-[24rem] text-sm">
              <caption className="sr-only">Position-only baselines</caption>
              <thead>
                <tr className="border-b border-rule text-faint [&>th]:py-1 [&>th]:pe-4">
                  <th scope="col">It says</th>
                  <th scope="col">F1</th>
                  <th scope="col">Same answer</th>
                  <th scope="col">Within one</th>
                </tr>
              </thead>
              <tbody>
                {l.baselines.map(({ kind, score }) => (
                  <tr key={kind} className="border-b border-rule align-baseline [&>td]:py-1 [&>td]:pe-4 [&>th]:py-1 [&>th]:pe-4">
                    <th scope="row" className="font-normal text-soft">
                      {BASELINE_WORDS[kind]}
                    </th>
                    <Share of={score.f1} />
                    <Share of={score.exact} />
                    <Share of={score.withinOne} />
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      </div>
    </div>
  );
}

function Share({ of }: { of: Interval | null }) {
  if (of === null) return <td className="text-faint">not defined</td>;
  return (
    <td className="whitespace-nowrap" title={percentRange(of.low, of.high)}>
      {percent(of.value)}
    </td>
  );
}
