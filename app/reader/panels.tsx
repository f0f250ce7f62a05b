"use client";
import { ContinuationsPanel } from "@/app/studies/[study]/attempts/[attempt]/continuations-panel";
import { LogPanel } from "@/app/studies/[study]/attempts/[attempt]/log-panel";
import type { PanelEntry, PanelProps } from "@/app/studies/[study]/attempts/[attempt]/panel-props";
import { ProblemPanel } from "@/app/studies/[study]/attempts/[attempt]/problem-panel";
import { ProposalPanel } from "@/app/studies/[study]/attempts/[attempt]/proposal-panel";
import { ValuesReading } from "@/app/studies/[study]/attempts/[attempt]/values-reading";
import { ModelText } from "@/components/text/model-text";
import ValueChart from "@/components/values/value-chart";
import type { PublishedAttempt, PublishedDecision } from "@/server/core/views/publication";

/** The panels of a published attempt: what the product shows beside one and nobody can act on. */
export function panelsOf({ values, decisions }: PublishedAttempt): readonly PanelEntry[] {
  return [
    {
      id: "continuations",
      title: "Continuations",
      key: "c",
      Panel: ContinuationsPanel,
      wide: ({ place }) => place.open !== null && place.compared !== null,
    },
    ...(values === null
      ? []
      : [
          {
            id: "values",
            title: "Values",
            key: "V",
            Panel: (props: PanelProps) => <ValuesReading {...props} values={values} Chart={ValueChart} />,
          },
        ]),
    { id: "log", title: "Log", key: "l", Panel: LogPanel, has: (a) => a.verifications.length > 0 },
    { id: "proposal", title: "Proposals", key: "p", Panel: ProposalPanel, has: (a) => a.proposals.length > 0 },
    ...(decisions.length === 0
      ? []
      : [
          {
            id: "decisions",
            title: "Decisions",
            key: "x",
            Panel: ({ reader }: PanelProps) => <Decisions decisions={decisions} raw={reader.place.raw} />,
          },
        ]),
    { id: "problem", title: "Problem", key: "o", Panel: ProblemPanel },
  ];
}

/** What people decided, in the order in which they did. */
function Decisions({ decisions, raw }: { decisions: readonly PublishedDecision[]; raw: boolean }) {
  return (
    <ol className="space-y-4">
      {decisions.map((d, i) => (
        <li key={i} className={`border-s-2 ps-3 text-sm ${d.counts ? "border-ink" : "border-rule text-soft"}`} data-testid="decision">
          <p className="flex flex-wrap gap-x-3">
            <span className="font-medium">{d.judge}</span>
            <span>{d.action}</span>
            {d.firstError !== null && <span className="text-error">first error: step {d.firstError}</span>}
            {d.queue !== "" && <span className="text-faint">{d.queue}</span>}
            {!d.counts && <span className="text-faint">does not stand</span>}
          </p>
          {(d.reason !== "" || d.errorType !== "") && (
            <p className="text-soft">{[d.reason, d.errorType].filter((t) => t !== "").join(", ")}</p>
          )}
          {d.note !== "" && <p className="break-words whitespace-pre-wrap">{d.note}</p>}
          {d.content !== null && (
            <div className="mt-1 border-s-2 border-intervention ps-3">
              {d.location !== null && <p className="text-intervention">in place of step {d.location}</p>}
              <ModelText text={d.content} raw={raw} small />
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}
