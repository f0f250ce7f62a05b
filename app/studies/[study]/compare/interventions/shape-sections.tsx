"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { FunnelTable } from "@/components/comparing/interventions/funnel";
import { LengthChart } from "@/components/comparing/interventions/lengths";
import { longAttempts, longProposals } from "@/components/comparing/interventions/links";
import { AgreementTable, PlacesChart } from "@/components/comparing/interventions/places";
import { count, plural } from "@/components/ui/format";
import { Section } from "@/components/ui/section";
import { LabelledSelect } from "@/components/ui/select";
import type { FunnelView, LengthsView, PositionsView } from "@/server/core/views/comparing-interventions";
import { Read, type SectionProps } from "./outcome-sections";

const BY = [
  ["share", "part of the attempt"],
  ["step", "step number"],
] as const;

/** Where first errors lie, by step or by part of the attempt. */
export function PositionsSection({ study, scope, question }: SectionProps) {
  const trpc = useTRPC();
  const positions = useQuery(trpc.compareInterventions.positions.queryOptions({ study, pipeline: scope.pipeline }));
  const controls = (
    <LabelledSelect
      label="by"
      value={question.by}
      options={BY}
      onChange={(by) => replaceSearch((search) => search.set("by", by))}
    />
  );
  return (
    <Section title="Where first errors lie">
      <Read of={positions}>
        {(view: PositionsView) => (
          <div className="space-y-8">
            <PlacesChart view={view} by={question.by} scope={scope} controls={controls} />
            <AgreementTable view={view} localisation={`${scope.base}/localisation`} />
          </div>
        )}
      </Read>
    </Section>
  );
}

/** How long interventions and attempts are. */
export function LengthsSection({ study, scope }: SectionProps) {
  const trpc = useTRPC();
  const lengths = useQuery(trpc.compareInterventions.lengths.queryOptions({ study, pipeline: scope.pipeline }));
  return (
    <Section title="Lengths">
      <Read of={lengths}>
        {(view: LengthsView) => (
          <div className="grid gap-x-10 gap-y-8 lg:grid-cols-2">
            <LengthChart
              title="Interventions"
              one="chosen intervention"
              file="intervention-lengths"
              view={view.interventions}
              href={(bin) => longProposals(scope, bin, false)}
              keptHref={(bin) => longProposals(scope, bin, true)}
            />
            <LengthChart title="Failed attempts" one="failed attempt" file="attempt-lengths" view={view.attempts} href={(bin) => longAttempts(scope, bin)} />
          </div>
        )}
      </Read>
    </Section>
  );
}

/** From the problems of the run to the rows of a data set. */
export function FunnelSection({ study, scope, question }: SectionProps) {
  const trpc = useTRPC();
  const funnel = useQuery(
    trpc.compareInterventions.funnel.queryOptions({ study, pipeline: scope.pipeline, dataset: question.dataset }, { placeholderData: keepPreviousData }),
  );
  const { data } = funnel;
  return (
    <Section
      title="From problems to training rows"
      note="each loss once"
      aside={
        data !== undefined &&
        data.dataset !== null &&
        data.datasets.length > 1 && (
          <LabelledSelect
            label="Data set"
            value={data.dataset.id}
            options={data.datasets.map((d) => [d.id, `${d.name} (${plural(d.rows, "row")})`] as const)}
            onChange={(id) => replaceSearch((search) => search.set("dataset", id))}
          />
        )
      }
    >
      <Read of={funnel}>
        {(view: FunnelView) => (
          <div className="space-y-3">
            <FunnelTable view={view} scope={scope} dataset={(id) => `${scope.base}/datasets/${id}`} />
            <p className="max-w-prose text-sm text-faint">{peopleWords(view)}</p>
          </div>
        )}
      </Read>
    </Section>
  );
}

/** What people decided about the data set's candidates, as its manifest says. */
function peopleWords({ dataset }: FunnelView): string {
  if (dataset === null) return "No data set of interventions is built yet: the funnel ends at those that were kept.";
  const { people, candidates } = dataset;
  if (people === null) return `The data set “${dataset.name}” has no manifest that can be read.`;
  const parts = [
    [people.accepted, "accepted"],
    [people.edited, "rewritten"],
    [people.located, "located at the same step"],
    [people.rejected, "rejected"],
    [people.noError, "found without an error"],
    [people.differ, "judges differ"],
  ] as const;
  const decided = parts.filter(([n]) => n > 0).map(([n, words]) => `${count(n)} ${words}`);
  return `The data set drew on ${candidates === null ? "an unknown number of" : count(candidates)} candidates of all its runs. By people: ${decided.length === 0 ? "nothing decided" : decided.join(", ")}. Its own page has its losses in full.`;
}
