"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { LiveProvider, useLiveState } from "@/app/live";
import { localisationQueryOf, localisationSearchOf, replaceSearch, withMark } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { LocatedDetail } from "@/components/localisation/located-detail";
import { LocatedTable } from "@/components/localisation/located-table";
import { ANSWER_BY_WORDS, howWords } from "@/components/localisation/words";
import { plural } from "@/components/ui/format";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { Section } from "@/components/ui/section";
import { LabelledSelect } from "@/components/ui/select";
import {
  ANSWER_BY,
  type LabelSource,
  type LocalisationQuery,
  type LocalisationView,
  type LocatedFilter,
  locatedText,
} from "@/server/core/views/localisation";
import { VerifyLabelled } from "./verify-labelled";

/** How well models locate first errors, against what is known of them. */
export function LocalisationPageView({ study }: { study: string }) {
  const trpc = useTRPC();
  const params = useSearchParams();
  const query = useMemo(() => localisationQueryOf(new URLSearchParams(params)), [params]);
  const view = useQuery(trpc.localisation.get.queryOptions({ study, query }, { placeholderData: keepPreviousData }));
  if (view.data === undefined)
    return <Page crumbs={[]}>{view.error && <Message tone="error">{view.error.message}</Message>}</Page>;
  return (
    <LiveProvider study={view.data.studyId}>
      <Content view={view.data} query={query} problem={view.error?.message ?? ""} />
    </LiveProvider>
  );
}

function Content({ view, query, problem }: { view: LocalisationView; query: LocalisationQuery; problem: string }) {
  const live = useLiveState();
  const base = `/studies/${encodeURIComponent(view.study)}`;
  const here = `${base}/localisation`;
  const rowsHref = (runId: string, source: string, rows: Pick<LocatedFilter, "label" | "said">) =>
    `${base}?located=${encodeURIComponent(locatedText({ runId, source, by: view.by, ...rows }))}#attempts`;
  const { detail } = view;
  const locator = view.sources.find((s) => s.source === detail?.source)?.locators.find((l) => l.runId === detail?.runId);
  return (
    <Page
      crumbs={[
        { label: view.study, href: base },
        { label: "first errors", href: here },
      ]}
      status={<LiveMark state={live} />}
    >
      <div className="space-y-12">
        <div>
          <h1 className="text-2xl">First errors against labels</h1>
          <p className="mt-1 max-w-prose text-soft">
            Does the model find the step where an attempt first goes wrong? Its answers beside labels, with 95 %
            intervals over attempts, and beside what position alone would score.
          </p>
          {view.sources.some((s) => s.locators.length > 0) && <ByChoice query={query} />}
        </div>
        {problem !== "" && <Message tone="uncertainty">What you see may be out of date. {problem}</Message>}
        {view.sources.length === 0 && <NoLabels study={view.study} />}
        {view.sources.map((source) => (
          <Section key={source.source} title={`Labels by ${source.source}`} note={sourceNote(source)}>
            {source.locators.length === 0 ? (
              <p className="max-w-prose text-faint">No model has verified these attempts yet.</p>
            ) : (
              <>
                <LocatedTable
                  source={source}
                  chosen={source.source === detail?.source ? detail.runId : null}
                  rowsHref={(runId, rows) => rowsHref(runId, source.source, rows)}
                  chooseHref={(run) =>
                    `${here}${withMark(localisationSearchOf({ ...query, source: source.source, run }))}#detail`
                  }
                  link={Link}
                />
                <NoF1 source={source} />
              </>
            )}
          </Section>
        ))}
        {detail && locator && (
          <div id="detail" className="scroll-mt-16">
            <Section title="Which step against which" note={`${locator.model}, ${howWords(locator)}; labels by ${detail.source}`}>
              <LocatedDetail
                detail={detail}
                locator={locator}
                rowsHref={(rows) => rowsHref(detail.runId, detail.source, rows)}
                link={Link}
              />
            </Section>
          </div>
        )}
        {view.sources.length > 0 && <VerifyLabelled study={view.study} served={view.served} href={base} />}
      </div>
    </Page>
  );
}

function sourceNote(s: LabelSource): string {
  const own = s.source === "generator" ? "; the lab’s own truth, nobody’s opinion" : "";
  return `${plural(s.labelled, "attempt")}, ${s.withError} with an error and ${s.labelled - s.withError} without${own}`;
}

/** What counts as the model's answer; stands in the address. */
function ByChoice({ query }: { query: LocalisationQuery }) {
  return (
    <LabelledSelect
      label="The model’s answer is that of"
      value={query.by}
      options={ANSWER_BY.map((by) => [by, ANSWER_BY_WORDS[by]] as const)}
      onChange={(by) => replaceSearch((search) => (by === "majority" ? search.delete("by") : search.set("by", by)))}
      className="mt-4"
    />
  );
}

/** F1 needs both kinds of attempts; the InT recipe verifies failed ones alone. */
function NoF1({ source }: { source: LabelSource }) {
  const without = source.locators.filter((l) => l.score.f1 === null);
  const [one] = without;
  if (one === undefined) return null;
  const missing = one.score.withoutError.n === 0 ? "without" : "with";
  return (
    <p className="mt-2 max-w-prose text-sm text-faint">
      F1 is not defined for {without.length === 1 ? one.model : `${without.length} of these`}: no attempt {missing} an
      error is among those verified.
      {source.withError < source.labelled && missing === "without" && " Verify all the labelled ones to get it."}
    </p>
  );
}

function NoLabels({ study }: { study: string }) {
  return (
    <div className="max-w-prose space-y-3">
      <p>No attempt of this study has a label that says where it first goes wrong.</p>
      <p className="text-soft">
        Labels come with imported traces (BIG-Bench Mistake, ProcessBench, PRM800K), from what judges settle in a queue,
        and from the lab’s generator for its own problems.
      </p>
      <pre className="overflow-x-auto rounded-sm bg-sunken p-3 font-mono text-sm" tabIndex={0}>
        npm run -s intervene -- import traces.jsonl --study {quoted(study)}
      </pre>
    </div>
  );
}

const quoted = (name: string) => (/^[\w.-]+$/.test(name) ? name : `"${name}"`);
