"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useTRPC } from "@/app/trpc/client";
import type { ShareRow } from "@/components/comparing/interventions/figures";
import { armProblems, pairProblems, proposerProposals, rateProblems, type Scope, threeProblems, typed } from "@/components/comparing/interventions/links";
import { PairPlot } from "@/components/comparing/interventions/pair-plot";
import { PairTable, pairWord } from "@/components/comparing/interventions/pair-table";
import { ShareTable } from "@/components/comparing/interventions/share-table";
import { PUBLISHED } from "@/components/study/published";
import { Button } from "@/components/ui/button";
import { count, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import { ARM_LABEL, ARMS, type Arm } from "@/server/core/arms";
import { HINT_ARMS } from "@/server/core/comparing/conditioning";
import { PUBLISHED_HINTS } from "@/server/core/comparing/published-interventions";
import { RATE_BINS, type SuccessGroup } from "@/server/core/comparing/success";
import type { InterventionOutcomes, InterventionsHead } from "@/server/core/views/comparing-interventions";
import type { ArmView } from "@/server/core/views/study";
import { type Question, searchWith } from "./question";

export interface SectionProps {
  study: string;
  scope: Scope;
  question: Question;
}

const INTERVALS = "95 % intervals: Wilson for problems, bootstrap over problems for samples.";
const MAIN: readonly Arm[] = ["problem", "prefix", "original", "intervention"];

/** Reads the outcomes once for all of the sections that show them. */
function useOutcomes({ study, scope }: Pick<SectionProps, "study" | "scope">) {
  const trpc = useTRPC();
  return useQuery(trpc.compareInterventions.outcomes.queryOptions({ study, pipeline: scope.pipeline }));
}

/** The section's content, or what stands in its way. */
export function Read<T>(props: { of: { data: T | undefined; error: { message: string } | null }; children: (data: T) => React.ReactNode }) {
  const { data, error } = props.of;
  if (data !== undefined) return props.children(data);
  return error === null ? <p className="text-faint">Reading…</p> : <Message tone="error">{error.message}</Message>;
}

function armRow(arm: Arm, views: readonly ArmView[], href: (arm: Arm, covered: "any" | "covered") => string): ShareRow {
  const view = views.find((v) => v.arm === arm);
  return {
    key: arm,
    label: ARM_LABEL[arm],
    figures: view ?? null,
    gap: "not sampled in this run",
    links: { covered: href(arm, "covered"), problems: href(arm, "any"), samples: href(arm, "any") },
    strong: arm === "intervention",
  };
}

/** The conditioning table, arms in pairs, and one pair problem by problem. */
export function ConditioningSection(props: SectionProps) {
  const { scope, study, question } = props;
  const trpc = useTRPC();
  const params = useSearchParams();
  const outcomes = useOutcomes(props);
  const pair = useQuery(trpc.compareInterventions.pair.queryOptions({ study, pipeline: scope.pipeline, ...question.pair }));
  return (
    <Section title="What a continuation was conditioned on">
      <Read of={outcomes}>
        {({ arms, pairs }: InterventionOutcomes) => (
          <div className="space-y-8">
            <ShareTable
              title="Conditioning"
              note={`Problems with at least one right continuation, and the share of right ones. ${INTERVALS}`}
              first="Conditioned on"
              file="conditioning"
              rows={ARMS.filter((arm) => MAIN.includes(arm) || arms.some((v) => v.arm === arm)).map((arm) => ({
                ...armRow(arm, arms, (a, covered) => armProblems(scope, a, covered)),
                published: PUBLISHED[arm],
              }))}
            />
            <PairTable
              title="Arms in pairs"
              pairs={pairs}
              file="pairs"
              href={(p) => pairProblems(scope, p.a, p.b, "any")}
              drawn={pairWord(question.pair)}
              drawHref={(p) => searchWith(new URLSearchParams(params), "pair", pairWord(p))}
            />
          </div>
        )}
      </Read>
      <div className="mt-8">
        <Read of={pair}>{(data) => <PairPlot pair={data} href={(p) => `${scope.base}/attempts?${new URLSearchParams({ ...(scope.rollout === null ? {} : { run: scope.rollout }), problem: p }).toString()}`} />}</Read>
      </div>
    </Section>
  );
}

/** Hints against interventions, on the problems that have all three. */
export function HintSection(props: SectionProps & { head: InterventionsHead }) {
  const { scope } = props;
  const outcomes = useOutcomes(props);
  return (
    <Section title="Hint against intervention">
      <Read of={outcomes}>
        {({ hints }: InterventionOutcomes) => (
          <div className="space-y-8">
            <ShareTable
              title="Hint, intervention, both"
              note={`A hint is the leading half of the reference in the prompt. ${hints.problems === 0 ? "No problem of this run has samples of all three." : `On the ${plural(hints.problems, "problem")} that ${hints.problems === 1 ? "has" : "have"} samples of all three.`} ${INTERVALS}`}
              first="Conditioned on"
              file="hints"
              rows={HINT_ARMS.map((arm) => ({
                ...armRow(arm, hints.arms, (a, covered) => threeProblems(scope, a, covered)),
                gap: "no problem with all three",
                published: PUBLISHED_HINTS[arm],
              }))}
            />
            {hints.problems === 0 ? <SampleHints head={props.head} /> : <PairTable title="In pairs" pairs={hints.pairs} file="hint-pairs" href={(p) => pairProblems(scope, p.a, p.b, "any")} />}
          </div>
        )}
      </Read>
    </Section>
  );
}

/** Ask for the arms with a hint, where the run has ended and its model is served. */
function SampleHints({ head }: { head: InterventionsHead }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const sample = useMutation(
    trpc.compareInterventions.sampleArms.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.compareInterventions.pathKey() }),
    }),
  );
  const missing = HINT_ARMS.filter((arm) => arm !== "intervention" && !head.arms.includes(arm));
  if (missing.length === 0 || head.pipeline === null)
    return <p className="text-sm text-soft">The arms with a hint are being sampled; their figures appear when they are there.</p>;
  const { id } = head.pipeline;
  return (
    <div className="space-y-2">
      <p className="max-w-prose text-sm text-soft">
        {head.canSample
          ? "This run was sampled without hints. Its problems and interventions can be sampled with them now; a worker does it."
          : "This run was sampled without hints. They can be added once it has ended, while its model is served: here, or by “intervene run arms --study …”."}
      </p>
      {head.canSample && (
        <Button disabled={sample.isPending} onClick={() => sample.mutate({ pipeline: id, arms: missing })}>
          {sample.isPending ? "Asking…" : "Sample the arms with a hint"}
        </Button>
      )}
      {sample.error !== null && <Message tone="error">{sample.error.message}</Message>}
    </div>
  );
}

/** Success of guided continuations by what the interventions have in common. */
export function SuccessSection(props: SectionProps) {
  const { scope } = props;
  const outcomes = useOutcomes(props);
  const row = (g: SuccessGroup, links: ShareRow["links"]): ShareRow => ({ key: g.key, label: g.label, figures: g.problems === 0 ? null : g, interventions: g.interventions, gap: "none sampled", links });
  return (
    <Section title="Success of guided continuations">
      <Read of={outcomes}>
        {({ byProposer, byRate, byType }: InterventionOutcomes) => (
          <div className="space-y-8">
            <ShareTable
              title="By proposer"
              note={`Continuations after interventions at this run’s attempts, by who wrote them. The groups are of different attempts, so they are no paired comparison. ${INTERVALS}`}
              first="Proposed by"
              file="by-proposer"
              rows={byProposer.map((g) => ({
                ...row(g, { interventions: proposerProposals(scope, g), covered: proposerProposals(scope, g, true), problems: proposerProposals(scope, g), samples: proposerProposals(scope, g) }),
                note: g.kind === "own" ? "the model, in this run" : g.kind === "person" ? "rewritten by judges" : "another run",
                strong: g.kind === "own",
              }))}
            />
            <ShareTable
              title="By the bare problem’s rate"
              note={`Share of right samples from the bare problem (its fresh samples, not the attempts).${byRate.unknown > 0 ? ` ${plural(byRate.unknown, "problem")} without such samples ${byRate.unknown === 1 ? "is" : "are"} in no line.` : ""} ${INTERVALS}`}
              first="Bare problem’s rate"
              file="by-rate"
              rows={byRate.groups.map((g) => {
                const bin = RATE_BINS.find((b) => b.key === g.key) ?? RATE_BINS[0];
                const href = (covered: "any" | "covered") => rateProblems(scope, { from: bin.from, below: bin.below }, covered);
                return { ...row({ ...g, interventions: null }, { covered: href("covered"), problems: href("any"), samples: href("any") }), interventions: undefined, gap: "no problem" };
              })}
            />
            {byType.groups.length === 0 ? (
              <div>
                <h3 className="text-base">By kind of error</h3>
                <p className="max-w-prose text-sm text-soft">
                  Not labelled: people have named the kind of error of none of this run’s {plural(byType.of, "sampled intervention")}. Judges name it in a queue whose labels have kinds of errors.
                </p>
              </div>
            ) : (
              <ShareTable
                title="By kind of error"
                note={`As judges agreed or settled on it: ${count(byType.labelled)} of ${plural(byType.of, "sampled intervention")} ${byType.labelled === 1 ? "has" : "have"} a kind; ${count(byType.of - byType.labelled)} not labelled. ${INTERVALS}`}
                first="Kind of error"
                file="by-type"
                rows={byType.groups.map((g) => row(g, { interventions: typed(scope, g.key), problems: typed(scope, g.key), samples: typed(scope, g.key) }))}
              />
            )}
          </div>
        )}
      </Read>
    </Section>
  );
}
