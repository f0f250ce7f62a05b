import Link from "next/link";
import type { ReactNode } from "react";
import { PROBLEM_FATE_SAYS, type ProblemFate, ROW_ORIGIN_SAYS, UNUSED_SAYS } from "@/server/core/comparing/fates";
import type { FunnelView } from "@/server/core/views/comparing-interventions";
import type { ChartTable } from "../../charts/table";
import { Tools } from "../../charts/tools";
import { count, percent } from "../../ui/format";
import { became, fateProblems, rowAttempts, type Scope, stepAttempts, stepProblems, unused } from "./links";

/** From the problems of a run to the rows of a data set: what is left at each step, and why the others were lost. */
export function FunnelTable(props: { view: FunnelView; scope: Scope; dataset: (id: string) => string }) {
  const { view, scope } = props;
  const all = view.problems.reduce((sum, p) => sum + p.problems, 0);
  const most = view.steps[0]?.attempts ?? 0;
  return (
    <figure id="funnel" className="min-w-0 scroll-mt-14" data-table="funnel">
      <figcaption className="sr-only">From problems to training rows</figcaption>
      <div className="overflow-x-auto" role="region" aria-label="Steps of the funnel" tabIndex={0}>
        <table className="w-full text-sm tabular-nums">
          <caption className="sr-only">What is left at each step, and what was lost on the way</caption>
          <thead>
            <tr className="border-b border-edge text-faint [&>th]:py-1.5 [&>th]:pe-4 [&>th]:font-normal">
              <th scope="col">Step</th>
              <th scope="col" className="text-end">
                Attempts
              </th>
              <th scope="col" className="text-end">
                Problems <span className="block text-xs">that they are at</span>
              </th>
              <th scope="col" className="w-1/3 max-sm:hidden">
                <span className="sr-only">Share of attempts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <Step label="problems of the run" problems={{ n: all }} />
            <ProblemLosses view={view} scope={scope} fates={["no_attempt"]} />
            {view.steps.map((step) => (
              <Part key={step.id}>
                {step.id === "failed" && <ProblemLosses view={view} scope={scope} fates={["ungraded", "all_right"]} />}
                {step.losses.map((l) => (
                  <Loss key={l.fate} says={l.says} attempts={{ n: l.attempts, href: became(scope, l.fate) }} />
                ))}
                <Step
                  label={step.label}
                  attempts={{ n: step.attempts, href: stepAttempts(scope, step.id) }}
                  problems={{ n: step.problems, href: stepProblems(scope, step.id) }}
                  share={most === 0 ? null : step.attempts / most}
                  last={step.id === "kept"}
                />
              </Part>
            ))}
            {view.dataset !== null && <Rows dataset={view.dataset} scope={scope} href={props.dataset(view.dataset.id)} />}
          </tbody>
        </table>
      </div>
      <div className="mt-1">
        <Tools title="From problems to training rows" file="funnel" table={() => dataOf(view)} />
      </div>
    </figure>
  );
}

interface Number {
  n: number;
  href?: string;
}

const Part = ({ children }: { children: ReactNode }) => <>{children}</>;

function Figure({ of, sign = "" }: { of: Number | undefined; sign?: string }) {
  if (of === undefined) return null;
  const text = `${sign}${count(of.n)}`;
  return of.href === undefined || of.n === 0 ? text : <Link href={of.href}>{text}</Link>;
}

function Step(props: { label: string; attempts?: Number; problems?: Number; share?: number | null; last?: boolean }) {
  const tone = props.last === true ? "text-intervention" : "";
  return (
    <tr className="border-b border-rule [&>*]:py-1.5 [&>*]:pe-4">
      <th scope="row" className={`font-semibold ${tone}`}>
        {props.label}
      </th>
      <td className={`text-end font-semibold ${tone}`}>
        <Figure of={props.attempts} />
      </td>
      <td className="text-end">
        <Figure of={props.problems} />
      </td>
      <td className="max-sm:hidden">
        {props.share !== undefined && props.share !== null && (
          <span className="flex items-center gap-2">
            <span aria-hidden className="block h-2 w-full bg-sunken">
              <span className={`block h-full ${props.last === true ? "bg-intervention" : "bg-edge"}`} style={{ width: `${Math.max(props.share * 100, props.share > 0 ? 0.5 : 0)}%` }} />
            </span>
            <span className="w-14 shrink-0 text-end text-xs text-faint">{percent(props.share)}</span>
          </span>
        )}
      </td>
    </tr>
  );
}

function Loss(props: { says: string; attempts?: Number; problems?: Number; sign?: string }) {
  return (
    <tr className="border-b border-rule text-soft [&>*]:py-1 [&>*]:pe-4">
      <th scope="row" className="ps-6 font-normal">
        {props.says}
      </th>
      <td className="text-end">
        <Figure of={props.attempts} sign={props.sign ?? "−"} />
      </td>
      <td className="text-end">
        <Figure of={props.problems} sign={props.sign ?? "−"} />
      </td>
      <td className="max-sm:hidden" />
    </tr>
  );
}

/** Problems of which nothing goes on. */
function ProblemLosses({ view, scope, fates }: { view: FunnelView; scope: Scope; fates: readonly ProblemFate[] }) {
  return view.problems
    .filter((p) => fates.includes(p.fate) && p.problems > 0)
    .map((p) => <Loss key={p.fate} says={`problems: ${PROBLEM_FATE_SAYS[p.fate]}`} problems={{ n: p.problems, href: fateProblems(scope, p.fate) }} />);
}

/** From kept attempts to the rows of a data set: what it left, and what it has from elsewhere. */
function Rows(props: { dataset: NonNullable<FunnelView["dataset"]>; scope: Scope; href: string }) {
  const { dataset, scope } = props;
  const more = dataset.origins.filter((o) => o.origin !== "kept");
  return (
    <>
      {dataset.unused.map((u) => (
        <Loss key={u.why} says={UNUSED_SAYS[u.why]} attempts={{ n: u.attempts, href: unused(scope, dataset.id, u.why) }} />
      ))}
      {more.map((o) => (
        <Loss key={o.origin} says={ROW_ORIGIN_SAYS[o.origin]} attempts={{ n: o.rows, href: rowAttempts(scope, dataset.id, o.origin) }} sign="+" />
      ))}
      <Step label={`rows of “${dataset.name}”`} attempts={{ n: dataset.rows, href: props.href }} last />
    </>
  );
}

function dataOf(view: FunnelView): ChartTable {
  const { dataset } = view;
  return {
    columns: [
      { key: "step", label: "step" },
      { key: "kind", label: "kind" },
      { key: "attempts", label: "attempts", kind: "count" },
      { key: "problems", label: "problems", kind: "count" },
    ],
    rows: [
      ...view.problems.map((p) => ({ step: PROBLEM_FATE_SAYS[p.fate], kind: p.fate === "failed" ? "left" : "lost", attempts: null, problems: p.problems })),
      ...view.steps.flatMap((s) => [
        ...s.losses.map((l) => ({ step: l.says, kind: "lost", attempts: l.attempts, problems: null })),
        { step: s.label, kind: "left", attempts: s.attempts, problems: s.problems },
      ]),
      ...(dataset === null
        ? []
        : [
            ...dataset.unused.map((u) => ({ step: UNUSED_SAYS[u.why], kind: "lost", attempts: u.attempts, problems: null })),
            ...dataset.origins.filter((o) => o.origin !== "kept").map((o) => ({ step: ROW_ORIGIN_SAYS[o.origin], kind: "added", attempts: o.rows, problems: null })),
            { step: `rows of ${dataset.name}`, kind: "left", attempts: dataset.rows, problems: null },
          ]),
    ],
  };
}
